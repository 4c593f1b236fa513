package failpoint

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
)

// ErrInjected is matched by every failure that comes from an armed point.
var ErrInjected = errors.New("failpoint: injected")

// AfterError is what an armed point returns to have its step done and then
// reported as failed: Around does so, Hit returns it like any failure.
type AfterError struct{ Point string }

// Error names the point.
func (e *AfterError) Error() string { return "failpoint: injected after " + e.Point }

// Is makes e match ErrInjected.
func (e *AfterError) Is(target error) bool { return target == ErrInjected }

type hook func(point string) error

var installed atomic.Pointer[hook]

// Hit is called at a named place. It returns nil unless the point is armed; armed,
// it may return an error, panic, sleep, or end the process.
func Hit(point string) error {
	h := installed.Load()
	if h == nil {
		return nil
	}
	return hit(*h, point)
}

func hit(h hook, point string) error {
	if !slices.Contains(points, point) {
		panic(fmt.Sprintf("failpoint: %q is not in the list of points", point))
	}
	return h(point)
}

// Around is Hit in front of step. If the point is armed to fail after its step,
// the step is done and reported as failed.
func Around(point string, step func() error) error {
	err := Hit(point)
	var after *AfterError
	if errors.As(err, &after) {
		if stepErr := step(); stepErr != nil {
			return stepErr
		}
		return err
	}
	if err != nil {
		return err
	}
	return step()
}

// Install makes h decide at every point; restore undoes it. It is for the
// subpackage arm, and archtest keeps it out of everything but tests.
func Install(h func(point string) error) (restore func()) {
	as := hook(h)
	before := installed.Swap(&as)
	return func() { installed.Store(before) }
}
