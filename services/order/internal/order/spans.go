package order

import (
	"cmp"
	"slices"
)

// free is the numbers of within that no span of taken has, lowest first.
func free(within Span, taken []Span) []Span {
	taken = slices.SortedFunc(slices.Values(taken), func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	var rest []Span
	for _, t := range taken {
		if t.From > within.From && within.From < within.To {
			rest = append(rest, Span{within.From, min(t.From, within.To)})
		}
		within.From = max(within.From, t.To)
	}
	if within.From < within.To {
		rest = append(rest, within)
	}
	return rest
}

// size is how many numbers spans have.
func size(spans []Span) int64 {
	var n int64
	for _, s := range spans {
		n += s.To - s.From
	}
	return n
}

// first cuts spans after their first n numbers.
func first(spans []Span, n int64) (head, tail []Span) {
	for i, s := range spans {
		if n <= 0 {
			return head, spans[i:]
		}
		cut := min(s.To, s.From+n)
		head = append(head, Span{s.From, cut})
		if cut < s.To {
			return head, append([]Span{{cut, s.To}}, spans[i+1:]...)
		}
		n -= s.To - s.From
	}
	return head, nil
}
