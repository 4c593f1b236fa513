package subscription

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Config of a [Subscription]. Name and Log are required.
type Config struct {
	Name string // of the checkpoint and the lock. This name is state
	Log  es.Log
	Pool *pgxpool.Pool // of the database with the table subscriptions; nil keeps the checkpoint in memory

	Batch int           // events handed over at once, at most; default 500
	Poll  time.Duration // how often to look without being woken; default 50 ms

	// Gather is the pause after a batch that was not full, so that under load a read finds many events and not few. It delays no event that
	// comes after a quiet moment. Default: none.
	Gather time.Duration

	// Wake returns a channel that is closed at the next append of this process, as pgstore's and memstore's Appended does.
	Wake func() <-chan struct{}
	// Listen is the channel on which other processes notify of their appends; empty, the default, leaves them to the poll.
	Listen string

	StandBy  time.Duration // how often to try for the lock while another process has it; default 500 ms
	MaxPause time.Duration // longest pause after a failure; default 5 s
	Grace    time.Duration // for the batch under way when Run's context ends; default 5 s

	// OnError is told of every failure; the subscription goes on after a pause. Default: nobody is.
	OnError func(error)
	// Observe is told of every batch that was handled and counted.
	Observe func(Batch)
	// Hook is called at the points after_read, before_commit, after_commit, after_checkpoint and lock_lost. An error fails the step. For fault
	// injection.
	Hook func(point string) error
}

// Batch is what a handler did, for metrics.
type Batch struct {
	Events   int
	Position int64         // of the last event
	Oldest   time.Duration // age of the first event when the checkpoint had moved
	Took     time.Duration // handler and checkpoint
}

func (c Config) withDefaults() Config {
	if c.Name == "" || c.Log == nil {
		panic("subscription: Name and Log are required")
	}
	if c.Batch <= 0 {
		c.Batch = 500
	}
	orElse := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	orElse(&c.Poll, 50*time.Millisecond)
	orElse(&c.StandBy, 500*time.Millisecond)
	orElse(&c.MaxPause, 5*time.Second)
	orElse(&c.Grace, 5*time.Second)
	if c.Wake == nil {
		c.Wake = func() <-chan struct{} { return nil }
	}
	if c.OnError == nil {
		c.OnError = func(error) {}
	}
	if c.Observe == nil {
		c.Observe = func(Batch) {}
	}
	if c.Hook == nil {
		c.Hook = func(string) error { return nil }
	}
	return c
}
