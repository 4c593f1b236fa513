package money

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAllocate(t *testing.T) {
	for _, tt := range []struct {
		name    string
		total   Amount
		weights []Amount
		want    []Amount
	}{
		{"in proportion", 100, []Amount{300, 100}, []Amount{75, 25}},
		{"of equal remainders the first gets the unit", 100, []Amount{1, 1, 1}, []Amount{34, 33, 33}},
		{"two units for three equals", 101, []Amount{1, 1, 1}, []Amount{34, 34, 33}},
		{"the largest remainder comes first", 10, []Amount{1, 2, 4}, []Amount{1, 3, 6}},
		{"a weight of 0 gets nothing", 7, []Amount{0, 5, 0, 5}, []Amount{0, 4, 0, 3}},
		{"a total of 0", 0, []Amount{3, 4}, []Amount{0, 0}},
		{"nothing over nothing", 0, []Amount{0, 0}, []Amount{0, 0}},
		{"nobody", 0, nil, []Amount{}},
		{"the whole of every weight", 12, []Amount{5, 0, 7}, []Amount{5, 0, 7}},
		{"one yen over many", 1, []Amount{100, 101, 100}, []Amount{0, 1, 0}},
		{"the largest total", Max, []Amount{Max / 2, Max / 2}, []Amount{Max / 2, Max / 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := Allocate(tt.total, tt.weights); !slices.Equal(got, tt.want) || err != nil {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestAllocateRefusesWhatCannotBeSplit(t *testing.T) {
	for _, tt := range []struct {
		name    string
		total   Amount
		weights []Amount
	}{
		{"something over nobody", 1, nil},
		{"something over weights of 0", 1, []Amount{0, 0}},
		{"a negative total", -1, []Amount{1}},
		{"a total above Max", Max + 1, []Amount{1}},
		{"a negative weight", 1, []Amount{-1, 3}},
		{"weights above Max together", 1, []Amount{Max, 1}},
		{"the smallest number as a weight", 1, []Amount{math.MinInt64}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := Allocate(tt.total, tt.weights); !errors.Is(err, ErrOutOfRange) || got != nil {
				t.Errorf("got %v, %v, want ErrOutOfRange", got, err)
			}
		})
	}
}

func TestSharesSumExactlyAndAreNextToTheExactShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(amount(Max/200), 1, 200).Draw(t, "weights")
		sum, err := Sum(weights...)
		if err != nil || sum == 0 {
			return
		}
		total := amount(sum).Draw(t, "total")
		got, err := Allocate(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := Sum(got...); s != total || err != nil {
			t.Fatalf("the shares sum to %d, %v", s, err)
		}
		for i, share := range got {
			floor, err := MulDivFloor(total, int64(weights[i]), int64(sum))
			if err != nil || share < floor || share > floor+1 || share > weights[i] {
				t.Fatalf("share %d of weight %d is %d, its exact one begins with %d, %v", i, weights[i], share, floor, err)
			}
		}
	})
}

func TestTheOrderOfWeightsDecidesTiesOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(amount(1000), 1, 12).Draw(t, "weights")
		sum, err := Sum(weights...)
		if err != nil || sum == 0 {
			return
		}
		total := amount(sum).Draw(t, "total")
		places := rapid.Permutation(indices(len(weights))).Draw(t, "places")
		moved := make([]Amount, len(weights))
		for i, p := range places {
			moved[i] = weights[p]
		}
		a, err := Allocate(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Allocate(total, moved)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range places {
			if diff := b[i] - a[p]; diff < -1 || diff > 1 || diff != 0 && !tied(total, sum, weights, p) {
				t.Fatalf("weight %d gets %d here and %d there", weights[p], a[p], b[i])
			}
		}
	})
}

// tied says whether another weight has the remainder of weights[i].
func tied(total, sum Amount, weights []Amount, i int) bool {
	for j, w := range weights {
		if j != i && total*w%sum == total*weights[i]%sum {
			return true
		}
	}
	return false
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}
