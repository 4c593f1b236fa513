package devstack_test

import (
	"errors"
	"net"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/devstack"
)

func TestASecondDevOnOneDirectoryIsToldWhoHasIt(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	lock, err := devstack.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = devstack.Lock(dir)
	var inUse *devstack.InUseError
	if !errors.As(err, &inUse) || inUse.PID != os.Getpid() || inUse.Dir != dir {
		t.Errorf("got %v, want an InUseError with pid %d and %s", err, os.Getpid(), dir)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := devstack.Lock(dir)
	if err != nil {
		t.Fatalf("after the first was unlocked: %v", err)
	}
	if err := again.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestStateIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if got, err := devstack.ReadState(dir); err != nil || !cmp.Equal(got, devstack.State{}) {
		t.Errorf("without a file: got %+v, %v", got, err)
	}
	want := devstack.State{
		PID: 1, PostgresPassword: "secret", Ports: map[string]int{"front": 8080},
		DatabaseURL: "postgres://x", Brokers: []string{"127.0.0.1:19092"},
	}
	if err := devstack.UpdateState(dir, func(s *devstack.State) { *s = want }); err != nil {
		t.Fatal(err)
	}
	if err := devstack.UpdateState(dir, func(s *devstack.State) { s.PID = 2 }); err != nil {
		t.Fatal(err)
	}
	want.PID = 2
	got, err := devstack.ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(dir + "/dev.json")
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600: it holds a password", info.Mode())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left beside it: %v, %v", left, err)
	}
}

func TestAResetOfNothingMovesNothing(t *testing.T) {
	t.Parallel()
	if old, err := devstack.Reset(t.TempDir()); old != "" || err != nil {
		t.Errorf("got %q, %v", old, err)
	}
}

func TestTakenPortsMoveToTheNextFree(t *testing.T) {
	taken, base := takePort(t)
	defer taken.Close()
	wanted := []devstack.Port{{"front", base}, {"order", base + 1}, {"payment", base + 4}}
	got, moved, err := devstack.ChoosePorts(wanted)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"front": base + 2, "order": base + 1, "payment": base + 4}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []devstack.MovedPort{{Port: wanted[0], Got: base + 2}}; !cmp.Equal(moved, want) {
		t.Errorf("got %v, want %v", moved, want)
	}
}

func TestTenTakenPortsAreAnError(t *testing.T) {
	var wanted []devstack.Port
	taken, base := takePort(t)
	defer taken.Close()
	for i := range 9 { // wanted by others, so none of front's ten is left
		wanted = append(wanted, devstack.Port{Name: "other", Number: base + 1 + i})
	}
	if got, _, err := devstack.ChoosePorts(append(wanted, devstack.Port{Name: "front", Number: base})); err == nil {
		t.Errorf("got %v", got)
	}
}

// takePort listens on a port with ten free ones behind it.
func takePort(t *testing.T) (net.Listener, int) {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		base := l.Addr().(*net.TCPAddr).Port
		var wanted []devstack.Port
		for i := range 10 {
			wanted = append(wanted, devstack.Port{Name: "p", Number: base + 1 + i})
		}
		if _, moved, err := devstack.ChoosePorts(wanted); err == nil && len(moved) == 0 && base < 65000 {
			return l, base
		}
		l.Close()
	}
	t.Fatal("no run of free ports")
	return nil, 0
}
