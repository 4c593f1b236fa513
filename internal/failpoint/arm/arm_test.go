package arm

import (
	"errors"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/failpoint"
)

const point = "relay.after_publish"

func armed(t *testing.T, seed uint64, plans ...Plan) *Set {
	t.Helper()
	s := New(seed, plans...)
	t.Cleanup(s.Disarm)
	return s
}

// failures hits the point n times and tells at which hits it failed.
func failures(n int) []int {
	var at []int
	for i := 1; i <= n; i++ {
		if err := failpoint.Hit(point); err != nil {
			at = append(at, i)
		}
	}
	return at
}

func TestAPlanFiresWhereItSays(t *testing.T) {
	for _, c := range []struct {
		name string
		plan Plan
		want []int
	}{
		{"at every hit", Plan{Point: point, Action: Error}, []int{1, 2, 3, 4}},
		{"at the third hit only", Plan{Point: point, Action: Error, Nth: 3}, []int{3}},
		{"once", Plan{Point: point, Action: Error, Once: true}, []int{1}},
		{"at another point", Plan{Point: "view.swap", Action: Error}, nil},
		{"after the step", Plan{Point: point, Action: ExecThenError, Nth: 2}, []int{2}},
		{"a sleep is no failure", Plan{Point: point, Action: Sleep, Sleep: time.Nanosecond}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			armed(t, 1, c.plan)
			if diff := cmp.Diff(c.want, failures(4)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChanceRepeatsWithItsSeed(t *testing.T) {
	run := func(seed uint64) []int {
		s := New(seed, Plan{Point: point, Action: Error, Probability: 0.3})
		defer s.Disarm()
		return failures(200)
	}
	first := run(7)
	if !slices.Equal(first, run(7)) {
		t.Error("the same seed gave another run")
	}
	if slices.Equal(first, run(8)) {
		t.Error("another seed gave the same run")
	}
	if n := len(first); n < 30 || n > 90 {
		t.Errorf("%d of 200 with probability 0.3", n)
	}
}

func TestASetKnowsWhatWasNeverHit(t *testing.T) {
	s := armed(t, 1)
	_ = failures(2)
	if got := s.Hits()[point]; got != 2 {
		t.Errorf("%d hits, want 2", got)
	}
	missed := s.Missed()
	if slices.Contains(missed, point) || len(missed) != len(failpoint.Points())-1 {
		t.Errorf("missed %v", missed)
	}
}

func TestDisarmingEndsIt(t *testing.T) {
	New(1, Plan{Point: point, Action: Error}).Disarm()
	if at := failures(1); at != nil {
		t.Error("still armed")
	}
}

func TestActionsThatEndOrStopTheProcess(t *testing.T) {
	for action, want := range map[Action]syscall.Signal{Kill: syscall.SIGKILL, Stop: syscall.SIGSTOP} {
		s := armed(t, 1, Plan{Point: point, Action: action})
		var got syscall.Signal
		s.self = func(sig syscall.Signal) error { got = sig; return nil }
		if err := failpoint.Hit(point); err != nil || got != want {
			t.Errorf("%s: signal %v, err %v; want %v", action, got, err, want)
		}
		s.Disarm()
	}
}

func TestAPanicIsOne(t *testing.T) {
	armed(t, 1, Plan{Point: point, Action: Panic})
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_ = failpoint.Hit(point)
}

func TestMistakesInAPlanPanic(t *testing.T) {
	for _, p := range []Plan{{Point: "nowhere", Action: Error}, {Point: point, Action: "explode"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was accepted", p)
				}
			}()
			New(1, p).Disarm()
		}()
	}
}

func TestPlansFromTheEnvironment(t *testing.T) {
	got, err := Parse("relay.after_publish=kill;nth=3, view.swap=sleep:2s;p=0.1;once")
	if err != nil {
		t.Fatal(err)
	}
	want := []Plan{
		{Point: point, Action: Kill, Nth: 3},
		{Point: "view.swap", Action: Sleep, Sleep: 2 * time.Second, Probability: 0.1, Once: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"x", "a=sleep:soon", "a=kill;nth=x", "a=kill;what=1"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	s, err := FromEnv([]string{"A=b", Variable + "=" + point + "=error"}, 1)
	if err != nil || s == nil {
		t.Fatalf("set %v, err %v", s, err)
	}
	defer s.Disarm()
	if err := failpoint.Hit(point); !errors.Is(err, failpoint.ErrInjected) {
		t.Errorf("err %v", err)
	}
	if s, err := FromEnv(nil, 1); s != nil || err != nil {
		t.Errorf("nothing asked for: %v, %v", s, err)
	}
}
