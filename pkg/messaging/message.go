package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Message is one published fact. Adapters map its fields to CloudEvents 1.0 attributes; each event of a stream is one message.
type Message struct {
	Topic     string
	Key       string            // messages of one key keep their order
	ID        string            // of the stored event
	Type      string            // name of the contract, as "order.placed"
	Source    string            // who published it, as "/kontor/order"
	Stream    string            // whose fact it is; Version counts within it
	Version   int64             // 1, 2, 3, … without gaps
	Position  int64             // in the store of the publisher
	Time      time.Time         // of the fact
	Data      json.RawMessage   // the contract's JSON
	Headers   map[string]string // everything else: correlation, causation, actor, traceparent
	Partition int               // set by the broker
	Offset    int64             // set by the broker
	Invalid   error             // set by the adapter that read it: why this is no message; a Sink parks it
}

// Well-known keys of [Message].Headers.
const (
	HeaderCorrelationID = "ce_correlationid"
	HeaderCausationID   = "ce_causationid"
	HeaderActor         = "ce_actor"
	HeaderDataSchema    = "ce_dataschema"
	HeaderTraceParent   = "traceparent"
	HeaderTraceState    = "tracestate"
)

// Publisher sends messages. Publish returns nil once every message is acknowledged. After an error some may be published: call
// again with the same messages. Implementations pass messagingtest.TestPublisher.
type Publisher interface {
	Publish(ctx context.Context, messages ...Message) error
}

// Handler has the effect of one message. Nil is done; a [Permanent] error parks the message's key; any other error is tried again
// and holds the partition meanwhile.
type Handler func(ctx context.Context, m Message) error

// Middleware wraps a Handler.
type Middleware func(Handler) Handler

// Sink has the effects of a consumer and remembers how far it came, together. Implementations pass messagingtest.TestSink.
type Sink interface {
	// Claim takes a partition over from whoever had it.
	Claim(ctx context.Context, topic string, partition int) (Claim, error)
}

// Claim is the right to move one partition on. It is used by one goroutine.
type Claim interface {
	// Next is the offset to read from.
	Next() int64
	// Last is the ID of the message before Next, empty at the beginning. Another one there means that the topic was made again.
	Last() string
	// Apply has the effect of batch, messages of one partition with growing offsets, and moves Next past it. It is ErrFenced, without any
	// effect, once somebody else claimed the partition. After any other error the batch comes again.
	Apply(ctx context.Context, batch []Message) error
}

// Idler is a [Claim] with work of its own between batches, as messages an operator released. A consumer calls Idle from the goroutine
// of the claim, at least every few seconds. Its errors mean what those of Apply mean.
type Idler interface {
	Idle(ctx context.Context) error
}

// ErrFenced is a claim that was taken over.
var ErrFenced = errors.New("partition was claimed by another consumer")

// permanent marks an error that trying again cannot cure.
type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

// Permanent marks err as one that trying again cannot cure: the message's key is parked. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err}
}

// IsPermanent says whether err, or an error it wraps, was marked by [Permanent].
func IsPermanent(err error) bool {
	var p *permanent
	return errors.As(err, &p)
}
