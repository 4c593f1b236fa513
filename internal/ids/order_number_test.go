package ids

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestOrderNumbersArePinned(t *testing.T) {
	for id, want := range map[string]string{
		"00000000-0000-0000-0000-000000000000": "ORD-6X3G-HZZQ-E6EB",
		"6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01": "ORD-J3P4-FTE0-BT2Z",
		"ffffffff-ffff-ffff-ffff-ffffffffffff": "ORD-BB3A-B52Z-2S84",
	} {
		if got := OrderNumber(id); got != want {
			t.Errorf("OrderNumber(%s) = %s, want %s", id, got, want)
		}
	}
	if got := OrderNumber("6F2B1F3E-2D3C-5A41-9C55-0D8F6A7B1C01"); got != "" {
		t.Errorf("what is no canonical id has the number %s", got)
	}
}

func orderNumber(t *rapid.T) string {
	return OrderNumber(Order("p", rapid.String().Draw(t, "key")))
}

func TestOrderNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	shape := regexp.MustCompile(`^ORD(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)
	rapid.Check(t, func(t *rapid.T) {
		number := orderNumber(t)
		if !shape.MatchString(number) {
			t.Fatalf("%q", number)
		}
		bare := strings.ReplaceAll(strings.TrimPrefix(number, "ORD-"), "-", "")
		for _, typed := range []string{
			number, strings.ToLower(number), " #" + number + "\n", bare, "#" + bare, "ord" + bare, "ORD " + bare[:6] + " " + bare[6:],
			strings.ReplaceAll(number, "-", "–"), strings.ReplaceAll(number, "-", "\u00a0"),
			"ORD-" + strings.ReplaceAll(bare, "0", "o"), strings.ReplaceAll(bare, "1", "l"), strings.ReplaceAll(bare, "1", "I"),
		} {
			if got, ok := ParseOrderNumber(typed); !ok || got != number {
				t.Fatalf("%q was read as %q, %t, want %q", typed, got, ok, number)
			}
		}
	})
}

func TestAWrongOrSwappedSymbolIsNoOrderNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, symbols, _ := strings.Cut(orderNumber(t), "-")
		symbols = strings.ReplaceAll(symbols, "-", "")
		i := rapid.IntRange(0, len(symbols)-1).Draw(t, "place")
		for _, c := range crockford {
			wrong := symbols[:i] + string(c) + symbols[i+1:]
			if _, ok := ParseOrderNumber(wrong); ok != (wrong == symbols) {
				t.Fatalf("%s for %s: %t", wrong, symbols, ok)
			}
		}
		if i == 0 {
			return
		}
		pair := symbols[i-1 : i+1]
		swapped := symbols[:i-1] + pair[1:] + pair[:1] + symbols[i+1:]
		if _, ok := ParseOrderNumber(swapped); ok != (swapped == symbols || pair == "0Z" || pair == "Z0") {
			t.Fatalf("%s for %s: %t", swapped, symbols, ok)
		}
	})
}

func TestOtherSearchesAreNoOrderNumbers(t *testing.T) {
	for _, typed := range []string{
		"", "ORD", "ORD-", "#", "TEA-01", "7F3K", "00000000000", "0000000000000", "ORD-0000-0000-000U", "ORD-0000-0000-000",
		"00340434161094015902", "zoe@example.org", "ÖÖÖÖÖÖ", "OR-D000-0000-000", "XRD-0000-0000-0000",
		"6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "Kelvin\u212a000",
	} {
		if got, ok := ParseOrderNumber(typed); ok {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
	if got, ok := ParseOrderNumber("0000 0000 0000"); !ok || got != "ORD-0000-0000-0000" {
		t.Errorf("a number of zeros was read as %q, %t", got, ok)
	}
}
