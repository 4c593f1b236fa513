package pgsink

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// tries is how often a handler may panic over one message.
const tries = 3

// panicError is a panic of a handler.
type panicError struct {
	value any
	stack string
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// guard turns a panic of do into an error.
func guard(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			stack := debug.Stack()
			err = &panicError{v, string(stack[:min(len(stack), 4<<10)])}
		}
	}()
	return do()
}

// attempt runs do, and again if it panics. reason says why the message must be parked, empty if it must not be: then err is nil, or
// passes by itself.
func attempt(do func() error, hopeless func(error) bool) (reason string, n int, err error) {
	for n = 1; ; n++ {
		err = guard(do)
		var p *panicError
		switch {
		case err == nil:
			return "", n, nil
		case errors.As(err, &p):
			if n < tries {
				continue
			}
			return reasonPanic, n, err
		case hopeless(err):
			return reasonRefused, n, err
		}
		return "", n, err
	}
}

// unstorable says whether the effect of a message in the transaction failed for good: it says so itself, or the database refuses its values. The
// handlers of Each append to stores of their own, where a constraint may be a lost race; there only their own word counts.
func unstorable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && len(pg.Code) == 5 {
		switch pg.Code[:2] {
		case "22", "23": // data exception, integrity constraint violation
			return true
		}
	}
	return messaging.IsPermanent(err)
}
