package order

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// numbers is what spans have, one by one.
func numbers(spans []Span) []int64 {
	var all []int64
	for _, s := range spans {
		for n := s.From; n < s.To; n++ {
			all = append(all, n)
		}
	}
	return all
}

func drawSpan(t *rapid.T, label string) Span {
	from := rapid.Int64Range(0, 20).Draw(t, label)
	return Span{from, from + rapid.Int64Range(0, 8).Draw(t, label)}
}

func TestFreeIsWhatNobodyHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		within := drawSpan(t, "within")
		var taken []Span
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			taken = append(taken, drawSpan(t, "taken"))
		}
		had := numbers(taken)
		want := slices.DeleteFunc(numbers([]Span{within}), func(n int64) bool { return slices.Contains(had, n) })
		if got := numbers(free(within, taken)); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestFirstCutsWithoutLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := []Span{{2, 5}, {7, 7}, {9, 12}, {20, 21}}
		n := rapid.Int64Range(-1, 9).Draw(t, "n")
		head, tail := first(spans, n)
		if size(head) != min(max(0, n), 7) || !slices.Equal(append(numbers(head), numbers(tail)...), numbers(spans)) {
			t.Fatalf("%v and %v after %d", head, tail, n)
		}
	})
}
