package eventsourcingtest

import (
	"errors"
	"maps"
	"strings"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

var errFull = errors.New("the jar is full")

// jar counts what is put into it by kind; at most two of each. shared makes it change its state in place.
func jar(shared bool) es.Decider[string, string, map[string]int] {
	return es.Decider[string, string, map[string]int]{
		Initial: func() map[string]int { return map[string]int{} },
		Decide: func(kind string, s map[string]int) ([]string, error) {
			switch {
			case kind == "":
				return nil, nil
			case s[kind] >= 2:
				return nil, errFull
			}
			return []string{kind}, nil
		},
		Evolve: func(s map[string]int, kind string) map[string]int {
			if !shared {
				s = maps.Clone(s)
			}
			s[kind]++
			return s
		},
	}
}

func TestRun(t *testing.T) {
	Run(t, jar(false), []Case[string, string]{
		{Name: "a nut goes in", When: "nut", Then: []string{"nut"}},
		{Name: "a third nut does not", Given: []string{"nut", "nut"}, When: "nut", Err: errFull},
		{Name: "nothing changes nothing", Given: []string{"nut"}},
	})
}

func TestAWrongRowIsFound(t *testing.T) {
	for want, row := range map[string]Case[string, string]{
		"-want +got":   {When: "nut", Then: []string{"pea"}},
		"+ ":           {When: "nut"},
		"- ":           {Then: []string{"nut"}},
		"want the jar": {When: "nut", Err: errFull},
		"want <nil>":   {Given: []string{"nut", "nut"}, When: "nut", Then: []string{"nut"}},
		"and recorded": {Given: []string{"nut", "nut"}, When: "nut", Then: []string{"nut"}, Err: errFull},
	} {
		got := strings.NewReplacer("\u00a0", " ", "\t", " ").Replace(judge(jar(false), row, nil)) // cmp changes its blanks from build to build
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want something with %q", got, want)
		}
	}
	row := Case[string, string]{Given: []string{"nut"}, When: "nut", Then: []string{"nut"}}
	if got := judge(jar(true), row, nil); !strings.Contains(got, "in place") {
		t.Errorf("got %q for a decider that changes its state in place", got)
	}
}
