package money

import (
	"cmp"
	"slices"
)

// Allocate splits total over weights in proportion to them, by largest
// remainder; of equal remainders the earlier weight gets the unit. The shares
// sum exactly to total and none is below 0; if total is at most the sum of the
// weights, no share exceeds its weight. Weights that are all 0 get nothing,
// which is only right for a total of 0: any other is ErrOutOfRange, as are a
// total or a weight below 0.
func Allocate(total Amount, weights []Amount) ([]Amount, error) {
	for _, w := range weights {
		if w < 0 {
			return nil, ErrOutOfRange
		}
	}
	sum, err := Sum(weights...)
	if err != nil || total < 0 || total > Max || sum == 0 && total > 0 {
		return nil, ErrOutOfRange
	}
	shares := make([]Amount, len(weights))
	if sum == 0 {
		return shares, nil
	}
	remainders := make([]uint64, len(weights))
	left := total
	for i, w := range weights {
		q, ok := divide(total, int64(w), int64(sum))
		if !ok {
			return nil, ErrOutOfRange
		}
		shares[i], remainders[i] = Amount(q.quotient), q.remainder
		left -= shares[i]
	}
	for _, i := range byRemainder(remainders)[:left] {
		shares[i]++
	}
	return shares, nil
}

// byRemainder is the places of remainders, the largest first, of equals the
// earlier first.
func byRemainder(remainders []uint64) []int {
	places := make([]int, len(remainders))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return cmp.Compare(remainders[j], remainders[i]) })
	return places
}
