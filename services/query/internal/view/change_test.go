package view_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/services/query/internal/view"
)

func TestChangesSurviveTheirPayloads(t *testing.T) {
	var changes, want, got []view.Change
	for n := range 500 {
		id := fmt.Sprintf("6f2b1f3e-2d3c-5a41-9c55-%012d", n)
		changes = append(changes, view.Change{OrderID: id, Version: 1}, view.Change{OrderID: id, Version: int64(n + 2)})
		want = append(want, view.Change{OrderID: id, Version: int64(n + 2)})
	}
	for _, p := range view.Payloads(changes) {
		if len(p) >= 8000 {
			t.Errorf("a payload has %d bytes", len(p))
		}
		got = append(got, view.ParsePayload(p)...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := view.Payloads(nil); got != nil {
		t.Errorf("no change is told as %q", got)
	}
	if got := view.ParsePayload("nonsense a=b =5"); len(got) != 1 {
		t.Errorf("nonsense reads as %v", got)
	}
}
