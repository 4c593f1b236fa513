package pgstore

import "time"

// Limits of the append lane. They are constants because what a flush costs, and how long it holds the append lock, follows from them.
const (
	MaxFlushAppends = 256       // appends in one flush
	MaxFlushBytes   = 1 << 20   // bytes of events in one flush, so also in one append
	MaxQueue        = 4096      // appends waiting; the next one is ErrOverloaded
	MaxEventBytes   = 256 << 10 // data and metadata of one event
)

// Options of a [Store]. The zero value works.
type Options struct {
	// Log is the number of the advisory lock that puts all writers of this table in one row. Every process that appends to the
	// table must use the same number: changing it is a migration with all writers stopped. Default 7308325.
	Log int64
	// Notify is the channel of the NOTIFY that each flush sends; default "kontor_events", "-" for none.
	// PostgreSQL puts the commits that notify in one row, for all databases of a server: their wait counts against LockTimeout.
	Notify string

	StatementTimeout time.Duration // of one statement on the server; default 1 s
	LockTimeout      time.Duration // how long a flush waits for the append lock of another process; default 250 ms
	FlushTimeout     time.Duration // after which the outcome of a flush is unknown, and looked up; default 2 s
	Grace            time.Duration // for the queue to be flushed after Run's context ended; default 5 s

	// LoadConns is how many connections Run opens for loads that are gathered into one round trip; default 2, negative for none.
	LoadConns int
	// AllowUnsafe accepts a server with fsync or synchronous_commit off. For tests: acknowledged events may be lost.
	AllowUnsafe bool

	// Observe is told of every flush, by the lane itself: it must be quick and not call the Store.
	Observe func(Flush)
	// Hook is called at the points append.queued, append.before_flush, append.after_send, append.after_commit and
	// append.before_answers. An error fails the step as if the database had. For fault injection.
	Hook func(point string) error
}

// Flush is what one round trip of the lane did, for metrics.
type Flush struct {
	Appends   int           // in the flush
	Events    int           // offered
	Bytes     int           // of the events
	Conflicts int           // appends that lost their race
	Waiting   int           // appends left in the queue
	Took      time.Duration // from sending to the answer
	Err       error         // nil, or why nothing of the flush was stored; ErrOutcomeUnknown before the look-up
}

func (o Options) withDefaults() Options {
	if o.Log == 0 {
		o.Log = 7308325
	}
	switch o.Notify {
	case "":
		o.Notify = "kontor_events"
	case "-":
		o.Notify = ""
	}
	orElse := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	orElse(&o.StatementTimeout, time.Second)
	orElse(&o.LockTimeout, 250*time.Millisecond)
	orElse(&o.FlushTimeout, 2*time.Second)
	orElse(&o.Grace, 5*time.Second)
	if o.LoadConns == 0 {
		o.LoadConns = 2
	}
	if o.Observe == nil {
		o.Observe = func(Flush) {}
	}
	if o.Hook == nil {
		o.Hook = func(string) error { return nil }
	}
	return o
}
