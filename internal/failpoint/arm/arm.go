package arm

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/kontor-dev/kontor/internal/failpoint"
)

// Action is what happens at an armed point.
type Action string

// The actions.
const (
	Kill          Action = "kill"          // SIGKILL this process
	Stop          Action = "stop"          // SIGSTOP this process; somebody must continue it
	Panic         Action = "panic"         // panic in the calling goroutine
	Sleep         Action = "sleep"         // for Plan.Sleep
	Error         Action = "error"         // return an error that matches failpoint.ErrInjected
	ExecThenError Action = "execThenError" // let the step happen, then report it as failed
)

// Plan arms one point.
type Plan struct {
	Point       string
	Action      Action
	Nth         int           // if not 0: only at this hit, counted from 1
	Probability float64       // if not 0: at each hit with this probability
	Once        bool          // at most once
	Sleep       time.Duration // of Sleep
}

// Set is a set of armed points.
type Set struct {
	restore func()
	self    func(syscall.Signal) error // sends this process a signal

	mu    sync.Mutex
	plans []Plan
	fired []bool
	hits  map[string]int
	rng   *rand.Rand
}

// New arms plans for the whole process until Disarm. It panics if a plan names a
// point or an action that does not exist.
func New(seed uint64, plans ...Plan) *Set {
	known := map[string]bool{}
	for _, p := range failpoint.Points() {
		known[p] = true
	}
	for _, p := range plans {
		if !known[p.Point] {
			panic(fmt.Sprintf("arm: no point %q", p.Point))
		}
		switch p.Action {
		case Kill, Stop, Panic, Sleep, Error, ExecThenError:
		default:
			panic(fmt.Sprintf("arm: no action %q", p.Action))
		}
	}
	s := &Set{
		plans: plans, fired: make([]bool, len(plans)), hits: map[string]int{},
		rng:  rand.New(rand.NewPCG(seed, seed)),
		self: func(sig syscall.Signal) error { return syscall.Kill(os.Getpid(), sig) },
	}
	s.restore = failpoint.Install(s.hit)
	return s
}

// Disarm ends the set; points do nothing again.
func (s *Set) Disarm() { s.restore() }

// Hits returns how often each point was hit since New.
func (s *Set) Hits() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]int, len(s.hits))
	for point, n := range s.hits {
		out[point] = n
	}
	return out
}

// Missed returns the points that were never hit.
func (s *Set) Missed() []string {
	hits := s.Hits()
	var missed []string
	for _, p := range failpoint.Points() {
		if hits[p] == 0 {
			missed = append(missed, p)
		}
	}
	return missed
}

func (s *Set) hit(point string) error {
	plan, ok := s.choose(point)
	if !ok {
		return nil
	}
	switch plan.Action {
	case Kill:
		return s.signal(syscall.SIGKILL)
	case Stop:
		return s.signal(syscall.SIGSTOP)
	case Panic:
		panic("failpoint: " + point)
	case Sleep:
		time.Sleep(plan.Sleep)
		return nil
	case ExecThenError:
		return &failpoint.AfterError{Point: point}
	default:
		return fmt.Errorf("%w at %s", failpoint.ErrInjected, point)
	}
}

// choose counts the hit and returns the plan that fires, if one does.
func (s *Set) choose(point string) (Plan, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[point]++
	for i, p := range s.plans {
		switch {
		case p.Point != point,
			p.Nth != 0 && s.hits[point] != p.Nth,
			p.Once && s.fired[i],
			p.Probability != 0 && s.rng.Float64() >= p.Probability:
			continue
		}
		s.fired[i] = true
		return p, true
	}
	return Plan{}, false
}

func (s *Set) signal(sig syscall.Signal) error {
	if err := s.self(sig); err != nil {
		return fmt.Errorf("arm: send %s: %w", sig, err)
	}
	return nil
}
