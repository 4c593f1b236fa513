package pgstore

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// fate is what an error of a flush says about it.
type fate int

const (
	unknown     fate = iota // it may be stored: look
	notSent                 // nothing reached the server
	again                   // the server rolled it back and says that trying again may help
	refusedOne              // the server rolled it back because of something in it
	refusedFlat             // the server rolled it back, whatever was in it
)

// classify reads an error of a flush. A server that answers ERROR has rolled the flush back; FATAL may follow a commit.
func classify(err error) fate {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		if pgconn.SafeToRetry(err) {
			return notSent
		}
		return unknown
	}
	if s := pg.SeverityUnlocalized; s != "ERROR" {
		return unknown
	}
	switch {
	case pg.Code == "40001", pg.Code == "40P01":
		return again
	case pg.Code[:2] == "22", pg.Code[:2] == "23", pg.Code[:2] == "54", pg.Code == "P0001":
		return refusedOne
	default:
		return refusedFlat
	}
}

// unavailable marks errors that say nothing about what was asked, only about the server and the way to it.
func unavailable(err error) error {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case err == nil, errors.Is(err, es.ErrUnavailable):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &pg):
		switch pg.Code[:2] {
		case "08", "53", "55", "57", "40", "25":
			return fmt.Errorf("%w: %w", es.ErrUnavailable, err)
		}
		return err
	case errors.As(err, &connect), errors.As(err, &network), pgconn.SafeToRetry(err),
		errors.Is(err, errLost):
		return fmt.Errorf("%w: %w", es.ErrUnavailable, err)
	}
	return err
}

// errLost is a connection that ended while an answer was awaited.
var errLost = errors.New("connection lost")
