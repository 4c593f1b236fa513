package eventsourcing

import (
	"errors"
	"fmt"
)

var (
	// ErrConflict is a lost race: the stream was not at the version the events were decided on. Nothing was stored.
	// Match it with errors.Is; errors.As with *[ConflictError] tells the versions.
	ErrConflict = errors.New("version conflict")
	// ErrCommandReused is a command id that its stream knows with another fingerprint.
	ErrCommandReused = errors.New("command id was used for another command")
	// ErrUnknownEvent is a stored event whose name or schema the Codec does not know: a newer release wrote it.
	ErrUnknownEvent = errors.New("unknown event")
	// ErrInvalidAggregateID is an event of another aggregate, or an id that the store cannot keep.
	ErrInvalidAggregateID = errors.New("invalid aggregate id")
	// ErrInvalidEventVersion is an event whose version does not follow the one before it.
	ErrInvalidEventVersion = errors.New("invalid event version")
	// ErrNotReadable is an event that its own Codec does not read back as it was: it is refused before it is stored.
	ErrNotReadable = errors.New("event cannot be read back")
	// ErrOutcomeUnknown is an append of which nobody can say yet whether it is stored. Repeating the command tells.
	ErrOutcomeUnknown = errors.New("outcome of the append is unknown")
	// ErrInvalidEvent is an event that the store cannot keep: too large, no JSON, an id that is no UUID, or refused by the server.
	ErrInvalidEvent = errors.New("event cannot be stored")
	// ErrUnavailable is a store that cannot be reached, or does not answer in time. What was asked has not happened: try again later.
	ErrUnavailable = errors.New("event store is not available")
	// ErrOverloaded is an append that was not taken because too many wait. Nothing was stored.
	ErrOverloaded = errors.New("too many appends are waiting")
)

// ConflictError is what a lost race returns. It matches [ErrConflict].
type ConflictError struct {
	Stream   Stream
	Expected int64 // version the command was decided on, or asked for
	Actual   int64 // version the stream had; -1 if the store did not look
	Asked    bool  // Expected is Call.IfVersion: trying again cannot help
}

// Error implements error.
func (e *ConflictError) Error() string {
	if e.Actual < 0 {
		return fmt.Sprintf("%s: expected version %d, is another", e.Stream, e.Expected)
	}
	return fmt.Sprintf("%s: expected version %d, is %d", e.Stream, e.Expected, e.Actual)
}

// Is makes a ConflictError match [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }
