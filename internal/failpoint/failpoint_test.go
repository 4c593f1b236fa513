package failpoint_test

import (
	"errors"
	"testing"

	"github.com/kontor-dev/kontor/internal/failpoint"
)

func TestAPointDoesNothingUntilItIsArmed(t *testing.T) {
	if err := failpoint.Hit("relay.after_publish"); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { _ = failpoint.Hit("relay.after_publish") }); n != 0 {
		t.Errorf("an idle point allocates %v times", n)
	}
}

func TestThereAreThirtyEightPointsWithDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range failpoint.Points() {
		if seen[p] {
			t.Errorf("%s is listed twice", p)
		}
		seen[p] = true
	}
	if len(seen) != 38 {
		t.Errorf("%d points, want 38", len(seen))
	}
}

func TestAnUnlistedPointPanicsWhileSomethingIsArmed(t *testing.T) {
	defer failpoint.Install(func(string) error { return nil })()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_ = failpoint.Hit("no.such_point")
}

func TestAround(t *testing.T) {
	inner := errors.New("inner")
	for _, c := range []struct {
		name       string
		armed      error
		step       error
		done       bool
		want       error
		isInjected bool
	}{
		{"idle: the step is done", nil, nil, true, nil, false},
		{"idle: its error is returned", nil, inner, true, inner, false},
		{"error: the step is not done", failpoint.ErrInjected, nil, false, failpoint.ErrInjected, true},
		{"after: the step is done and reported as failed", &failpoint.AfterError{Point: "append.after_send"}, nil, true, failpoint.ErrInjected, true},
		{"after: a real failure comes first", &failpoint.AfterError{Point: "append.after_send"}, inner, true, inner, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer failpoint.Install(func(string) error { return c.armed })()
			done := false
			err := failpoint.Around("append.after_send", func() error { done = true; return c.step })
			if done != c.done || !errors.Is(err, c.want) || errors.Is(err, failpoint.ErrInjected) != c.isInjected {
				t.Errorf("done %v, err %v; want %v, %v", done, err, c.done, c.want)
			}
		})
	}
}
