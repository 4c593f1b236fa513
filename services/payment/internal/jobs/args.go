package jobs

import (
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// The queues. A slow gateway must not hold back timers.
const (
	queueGateway = "gateway"
	queueTimers  = "timers"
)

// maxAttempts is never reached: the age of an intent ends its calls.
const maxAttempts = 1000

// causeArgs go into the metadata of what the job appends; they do not make two jobs different.
type causeArgs struct {
	EventID       string `json:"event_id,omitempty"`
	CorrelationID string `json:"correlation_id,omitempty"`
	TraceParent   string `json:"traceparent,omitempty"`
}

func (a causeArgs) cause() app.Cause {
	return app.Cause{EventID: a.EventID, CorrelationID: a.CorrelationID, TraceParent: a.TraceParent}
}

// gatewayCall is the job of one operation. Kinds are state: renaming one strands the jobs that wait.
type gatewayCall struct {
	PaymentID payment.ID   `json:"payment_id" river:"unique"`
	OpID      payment.OpID `json:"op_id" river:"unique"`
	causeArgs
}

func (gatewayCall) Kind() string { return "gateway_call" }

func (gatewayCall) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueGateway, MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// gatewayLookup asks what became of an operation. A second hint while the first waits is the same job.
type gatewayLookup struct {
	PaymentID payment.ID   `json:"payment_id" river:"unique"`
	OpID      payment.OpID `json:"op_id" river:"unique"`
	causeArgs
}

func (gatewayLookup) Kind() string { return "gateway_lookup" }

func (gatewayLookup) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueGateway, MaxAttempts: 25, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
	rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

// gatewayReconcile carries a person's decision out.
type gatewayReconcile struct {
	PaymentID   payment.ID   `json:"payment_id"`
	OpID        payment.OpID `json:"op_id"`
	Succeeded   bool         `json:"succeeded"`
	GatewayRef  string       `json:"gateway_ref,omitempty"`
	ExpiresAt   time.Time    `json:"expires_at,omitzero"`
	Code        string       `json:"code,omitempty"`
	Note        string       `json:"note,omitempty"`
	CommandID   string       `json:"command_id" river:"unique"`
	Fingerprint string       `json:"fingerprint"`
	Actor       string       `json:"actor"`
}

func (gatewayReconcile) Kind() string { return "gateway_reconcile" }

func (gatewayReconcile) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueGateway, MaxAttempts: 25, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// authorizationExpiry is the timer of one authorization.
type authorizationExpiry struct {
	PaymentID payment.ID `json:"payment_id" river:"unique"`
	causeArgs
}

func (authorizationExpiry) Kind() string { return "authorization_expiry" }

func (authorizationExpiry) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueTimers, MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}
