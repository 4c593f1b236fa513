package httpapi

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

const (
	defaultWait = 2 * time.Second
	maxWait     = 5 * time.Second
)

// Paging are the parameters of every list, beside its sort.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items of a page"`
	Cursor string `query:"cursor" maxLength:"512" doc:"The next of the page before"`
}

func (p Paging) by(sort string) view.Paging {
	return view.Paging{Sort: sort, Limit: p.Limit, Cursor: p.Cursor}
}

// Waiting are the parameters of reads that can wait.
type Waiting struct {
	MinVersion int64  `query:"min_version" minimum:"1" doc:"Wait until the view has this version of the order: the ETag of a write"`
	Wait       string `query:"wait" maxLength:"16" doc:"How long at most, such as 500ms or 2s; at most 5s" example:"2s"`
	Prefer     string `header:"Prefer" doc:"wait=2 means wait=2s, unless that is there, too"`
}

// wish reads them. applied is what Preference-Applied says.
func (w Waiting) wish() (wish view.Wait, applied string, err error) {
	wish = view.Wait{Version: w.MinVersion, For: defaultWait}
	switch seconds, preferred := preferred(w.Prefer); {
	case w.Wait != "":
		wish.For, err = parseWait(w.Wait)
	case preferred && w.MinVersion > 0:
		if wish.For = time.Duration(seconds) * time.Second; seconds > int(maxWait/time.Second) {
			err = problem.At(problem.BadRequest, "header.Prefer", "expected to wait for at most 5 seconds")
		}
		applied = "wait=" + strconv.Itoa(seconds)
	}
	if wish.Version == 0 {
		wish.For = 0
	}
	return wish, applied, err
}

func parseWait(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > maxWait {
		return 0, problem.At(problem.BadRequest, "query.wait", "expected a duration from 0s to 5s")
	}
	return d, nil
}

// preferred is the wait preference of RFC 7240, in whole seconds. One that is malformed is no preference.
func preferred(header string) (seconds int, ok bool) {
	for preference := range strings.SplitSeq(header, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(preference), "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if !found || !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		if n, err := strconv.Atoi(value); err == nil && n >= 0 {
			return n, true
		}
	}
	return 0, false
}

// orderID refuses what is no id in canonical form.
func orderID(s, location string) error {
	if !ids.Valid(s) {
		return problem.At(problem.BadRequest, location, "expected a UUID in lower case")
	}
	return nil
}

// currency refuses what is no currency; none is fine.
func currency(s string) error {
	if s == "" {
		return nil
	}
	if _, err := money.ParseCurrency(s); err != nil {
		return problem.At(problem.BadRequest, "query.currency", "expected an ISO 4217 code")
	}
	return nil
}

// ownOr404: the things of another customer do not exist for a customer.
func ownOr404(ctx context.Context, customer string) error {
	if who := auth.From(ctx); !who.IsStaff() && !who.Owns(customer) {
		return view.ErrNotFound
	}
	return nil
}
