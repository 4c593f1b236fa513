package contractstest

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

type inner struct {
	City string `json:"city"`
}

func TestShapeFindsWhatABodyMustNotHave(t *testing.T) {
	for _, tt := range []struct {
		name string
		body any
		want string // part of the only problem; "" for none
	}{
		{"a sound body", struct {
			OrderID string     `json:"order_id"`
			At      time.Time  `json:"at"`
			Due     *time.Time `json:"due,omitempty"`
			To      *inner     `json:"to,omitempty"`
			Lines   []inner    `json:"lines"`
			N       int64      `json:"n,omitempty"`
		}{}, ""},
		{"a field without a tag", struct{ OrderID string }{}, `the name ""`},
		{"a name in camel case", struct {
			OrderID string `json:"orderId"`
		}{}, `the name "orderId"`},
		{"a name used twice", struct {
			inner
			Town string `json:"city"`
		}{}, `the name "city"`},
		{"an optional struct that would be null", struct {
			To *inner `json:"to"`
		}{}, "a pointer is optional"},
		{"omitempty that has no effect", struct {
			At time.Time `json:"at,omitempty"`
		}{}, "omitempty on time.Time"},
		{"a list that would be absent", struct {
			Lines []inner `json:"lines,omitempty"`
		}{}, "omitempty on []"},
		{"a float", struct {
			Amount float64 `json:"amount"`
		}{}, "float64 is no type of a body"},
		{"a map", struct {
			Extra map[string]string `json:"extra"`
		}{}, "is no type of a body"},
		{"a struct with methods", struct {
			D struct{ time.Month } `json:"d"`
		}{}, "has methods"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Shape(reflect.TypeOf(tt.body))
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("problems: %q", got)
			case tt.want != "" && (len(got) == 0 || !strings.Contains(got[0], tt.want)):
				t.Errorf("problems: %q, want one with %q", got, tt.want)
			}
		})
	}
}

func TestEmptyFindsTheFieldThatWasLeftOut(t *testing.T) {
	type body struct {
		A     string
		To    *inner
		Lines []inner
	}
	for _, tt := range []struct {
		name string
		body body
		want string
	}{
		{"nothing left out", body{"a", &inner{"x"}, []inner{{"y"}}}, ""},
		{"a field", body{"", &inner{"x"}, []inner{{"y"}}}, ".A is empty"},
		{"a pointer", body{"a", nil, []inner{{"y"}}}, ".To is empty"},
		{"a field behind a pointer", body{"a", &inner{}, []inner{{"y"}}}, ".To is empty"},
		{"a list", body{"a", &inner{"x"}, []inner{}}, ".Lines is empty"},
		{"a field in a list", body{"a", &inner{"x"}, []inner{{}}}, ".Lines[0] is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Empty(reflect.ValueOf(tt.body), ""); !strings.HasSuffix(got, tt.want) || (got == "") != (tt.want == "") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAgainReadsExactlyOneKnownBody(t *testing.T) {
	typ := reflect.TypeFor[inner]()
	if got, err := again([]byte(`{"city":"Ulm"}`), typ); err != nil || got != (inner{"Ulm"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, body := range []string{`{"city":"Ulm","zip":1}`, `{"city":"Ulm"} {}`, `{"city":1}`, ``} {
		if got, err := again([]byte(body), typ); err == nil {
			t.Errorf("%q was read as %v", body, got)
		}
	}
}

func TestCamelNamesStructs(t *testing.T) {
	for typ, want := range map[string]string{"placed": "Placed", "stock.received": "StockReceived", "placed.v2": "PlacedV2", "line_added": "LineAdded"} {
		if got := camel(typ); got != want {
			t.Errorf("camel(%q) = %q, want %q", typ, got, want)
		}
	}
}
