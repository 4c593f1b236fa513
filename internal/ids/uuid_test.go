package ids

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestParseTakesTheCanonicalFormOnly(t *testing.T) {
	const id = "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01"
	for _, s := range []string{id, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"} {
		u, err := Parse(s)
		if err != nil || canonical(u) != s || !Valid(s) {
			t.Errorf("%q was read as %x, %v", s, u, err)
		}
	}
	for _, s := range []string{
		"", id[:35], id + "0", strings.ToUpper(id), "{" + id + "}", "urn:uuid:" + id, " " + id[1:], strings.ReplaceAll(id, "-", ""),
		"6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c0g", "6f2b1f3e_2d3c-5a41-9c55-0d8f6a7b1c01", "6f2b1f3e-2d3c-5a41-9c550-d8f6a7b1c01",
		"6F2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01", "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c0\x00", "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1é1",
	} {
		if u, err := Parse(s); !errors.Is(err, ErrNotCanonical) || u != [16]byte{} || Valid(s) {
			t.Errorf("%q was read as %x, %v", s, u, err)
		}
	}
}

func TestParseAgreesWithAnotherReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9a-fA-F]{8}(-[0-9a-fg]{4}){3}-[0-9a-f]{11,13}`).Draw(t, "s")
		theirs, theirErr := uuid.Parse(s)
		ours, err := Parse(s)
		if accepted := theirErr == nil && theirs.String() == s; accepted != (err == nil) || accepted && ours != [16]byte(theirs) {
			t.Fatalf("%q: ours %x, %v, theirs %v, %v", s, ours, err, theirs, theirErr)
		}
	})
}

func TestV5IsAUUIDOverNetstrings(t *testing.T) {
	want := uuid.NewSHA1(uuid.MustParse(namespaceOrder), []byte("9:https://i,3:k-1,")).String()
	if got := Order("https://i", "k-1"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := v5(namespaceLine), uuid.NewSHA1(uuid.MustParse(namespaceLine), nil).String(); got != want {
		t.Errorf("over nothing: got %s, want %s", got, want)
	}
}

func TestDifferentPartsMakeDifferentIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune("a0:,1"))), 0, 3)
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		equal := len(a) == len(b)
		for i := 0; equal && i < len(a); i++ {
			equal = a[i] == b[i]
		}
		if (v5(namespaceOrder, a...) == v5(namespaceOrder, b...)) != equal {
			t.Fatalf("%q and %q", a, b)
		}
	})
}
