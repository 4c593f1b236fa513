package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Error is everything that is wrong with an environment.
type Error struct{ Problems []string }

// Error lists the problems, one per line.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return "configuration: " + e.Problems[0]
	}
	return fmt.Sprintf("configuration: %d problems\n  - %s", len(e.Problems), strings.Join(e.Problems, "\n  - "))
}

// Parse reads T from environ ("NAME=value" each). Every variable of T has prefix
// in front, and the prefix belongs to T alone. If T has a method Validate() error,
// it is called when all values could be read. The error is an *Error with every
// problem, and never holds the value of a secret.
func Parse[T any](environ []string, prefix string) (T, error) {
	var cfg T
	settings := Settings[T](prefix)
	vars := lookup(environ, prefix)
	problems := readFiles(vars, settings)
	problems = append(problems, unknown(vars, settings)...)

	err := env.ParseWithOptions(&cfg, env.Options{Environment: vars, Prefix: prefix})
	readable := err == nil
	problems = append(problems, describe(err, settings)...)
	if v, ok := any(&cfg).(interface{ Validate() error }); ok && readable && len(problems) == 0 {
		problems = append(problems, flatten(v.Validate())...)
	}
	if len(problems) > 0 {
		return cfg, &Error{problems}
	}
	return cfg, nil
}

// lookup returns the variables with our prefix. An empty one counts as not set,
// as compose files pass unset ones on like that.
func lookup(environ []string, prefix string) map[string]string {
	vars := map[string]string{}
	for _, e := range environ {
		name, value, ok := strings.Cut(e, "=")
		if ok && value != "" && strings.HasPrefix(name, prefix) {
			vars[name] = value
		}
	}
	return vars
}

// readFiles replaces X_FILE of every secret X by X.
func readFiles(vars map[string]string, settings []Setting) []string {
	var problems []string
	for _, s := range settings {
		if !s.Secret {
			continue
		}
		path, ok := vars[s.Name+"_FILE"]
		if !ok {
			continue
		}
		delete(vars, s.Name+"_FILE")
		if _, both := vars[s.Name]; both {
			problems = append(problems, fmt.Sprintf("%s and %s_FILE are both set; choose one", s.Name, s.Name))
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s_FILE: %s", s.Name, err))
			vars[s.Name] = hidden // it was given, so it is not missing as well
			continue
		}
		vars[s.Name] = strings.TrimRight(string(text), "\r\n")
	}
	return problems
}

// unknown finds variables that have our prefix and no setting.
func unknown(vars map[string]string, settings []Setting) []string {
	var names, problems []string
	for _, s := range settings {
		names = append(names, s.Name)
		if s.Secret {
			names = append(names, s.Name+"_FILE")
		}
	}
	for name := range vars {
		if slices.Contains(names, name) {
			continue
		}
		problem := name + " is not a setting"
		if near := nearest(name, names); near != "" {
			problem += "; did you mean " + near + "?"
		}
		problems = append(problems, problem)
	}
	slices.Sort(problems)
	return problems
}

// describe turns the library's errors into sentences that name variables.
func describe(err error, settings []Setting) []string {
	if err == nil {
		return nil
	}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var problems []string
	for _, e := range all.Errors {
		var parse env.ParseError
		var unset env.VarIsNotSetError
		var empty env.EmptyVarError
		switch {
		case errors.As(e, &parse):
			problems = append(problems, unreadable(parse, settings))
		case errors.As(e, &unset):
			problems = append(problems, unset.Key+" is required")
		case errors.As(e, &empty):
			problems = append(problems, empty.Key+" must not be empty")
		default:
			problems = append(problems, e.Error())
		}
	}
	return problems
}

// unreadable names the variable of a field that could not be parsed. The library
// knows the field only; if several have its name, all candidates are named.
func unreadable(e env.ParseError, settings []Setting) string {
	var names []string
	for _, s := range settings {
		if s.field == e.Name {
			names = append(names, s.Name)
		}
	}
	reason := e.Err
	for inner := errors.Unwrap(reason); inner != nil; inner = errors.Unwrap(reason) {
		reason = inner // strconv's innermost error does not repeat the value
	}
	return fmt.Sprintf("%s: not a %s: %s", strings.Join(names, " or "), kindName(e.Type), reason)
}

func kindName(t reflect.Type) string {
	if t == nil {
		return "value of its type"
	}
	return typeName(t)
}

// flatten takes joined errors apart.
func flatten(err error) []string {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // errors.Join has this shape
		var all []string
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []string{err.Error()}
}

// nearest returns the name with the fewest edits to it, if they are few.
func nearest(name string, names []string) string {
	best, least := "", len(name)/3+1
	for _, n := range names {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is Levenshtein's, over bytes: names are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
