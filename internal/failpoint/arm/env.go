package arm

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Variable is the environment variable that FromEnv reads.
const Variable = "KONTOR_FAILPOINTS"

// Parse reads plans of the form point=action[:duration][;nth=N][;p=0.1][;once],
// separated by commas. No text is no plan.
func Parse(text string) ([]Plan, error) {
	var plans []Plan
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := parsePlan(part)
		if err != nil {
			return nil, fmt.Errorf("failpoint %q: %w", part, err)
		}
		plans = append(plans, p)
	}
	return plans, nil
}

func parsePlan(text string) (Plan, error) {
	options := strings.Split(text, ";")
	point, action, ok := strings.Cut(options[0], "=")
	if !ok {
		return Plan{}, fmt.Errorf("want point=action")
	}
	name, arg, hasArg := strings.Cut(action, ":")
	p := Plan{Point: point, Action: Action(name)}
	var err error
	if hasArg {
		if p.Sleep, err = time.ParseDuration(arg); err != nil {
			return Plan{}, err
		}
	}
	for _, o := range options[1:] {
		name, value, _ := strings.Cut(o, "=")
		switch name {
		case "nth":
			p.Nth, err = strconv.Atoi(value)
		case "p":
			p.Probability, err = strconv.ParseFloat(value, 64)
		case "once":
			p.Once = true
		default:
			err = fmt.Errorf("no option %q", name)
		}
		if err != nil {
			return Plan{}, err
		}
	}
	return p, nil
}

// FromEnv arms what Variable says in environ ("NAME=value" each); nil if nothing.
func FromEnv(environ []string, seed uint64) (*Set, error) {
	for _, e := range environ {
		if text, ok := strings.CutPrefix(e, Variable+"="); ok && text != "" {
			plans, err := Parse(text)
			if err != nil {
				return nil, err
			}
			return New(seed, plans...), nil
		}
	}
	return nil, nil
}
