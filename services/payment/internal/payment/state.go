package payment

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Status follows the money of a payment.
type Status string

// The statuses. None is a payment that was never requested.
const (
	None              Status = ""
	StatusRequested   Status = "requested"
	Authorizing       Status = "authorizing"
	StatusAuthorized  Status = "authorized"
	PartiallyCaptured Status = "partially_captured"
	StatusCaptured    Status = "captured"
	PartiallyRefunded Status = "partially_refunded"
	StatusRefunded    Status = "refunded"
	StatusDeclined    Status = "declined"
	StatusVoided      Status = "voided"
	Expired           Status = "expired"
)

// OperationStatus is the worst of the open operations of a payment.
type OperationStatus string

// From good to bad.
const (
	Idle                  OperationStatus = "idle"
	InProgress            OperationStatus = "in_progress"
	StatusUnknown         OperationStatus = "outcome_unknown"
	OperationManualReview OperationStatus = "manual_review"
)

// OpState is the life of one operation.
type OpState string

// The states of an operation; the last two are definite.
const (
	OpRequested OpState = "requested"
	OpUnknown   OpState = "unknown"
	OpReview    OpState = "manual_review"
	OpSucceeded OpState = "succeeded"
	OpFailed    OpState = "failed"
)

// Operation is one call for the gateway.
type Operation struct {
	Op             Op
	OpID           OpID
	Amount         money.Amount // asked for; of a void that succeeded: released
	IdempotencyKey string
	ShipmentID     ShipmentID
	State          OpState
	Begun          bool // of an authorization: the gateway may have been called
	Code           string
	GatewayRef     string
	Review         Reason    // why it is in manual review; also of a closed one that got a second answer
	RequestedAt    time.Time // when the intent was recorded
}

// Open says whether the operation waits for its outcome.
func (o Operation) Open() bool { return o.State != OpSucceeded && o.State != OpFailed }

// State is the fold of a payment. The zero State is a payment nobody asked for.
type State struct {
	ID                 ID
	OrderID            OrderID
	Attempt            int // 0: not requested
	Gateway            string
	CustomerID         CustomerID
	Amount             money.Amount
	Currency           money.Currency
	PaymentMethodToken string
	AuthRef            string // the gateway's name of the authorization
	ExpiresAt          time.Time
	Authorized         money.Amount
	Captured           money.Amount
	Refunded           money.Amount
	Released           money.Amount // by voids
	Lapsed             money.Amount // ended by expiry, or found ended by a void
	EarlyVoid          bool         // voided before any call
	IsDeclined         bool
	HasExpired         bool
	Operations         []Operation // in the order requested
	RequestedAt        time.Time
	UpdatedAt          time.Time
}

// Rest is what the gateway still holds and nobody has captured.
func (s State) Rest() money.Amount { return s.Authorized - s.Captured - s.Released - s.Lapsed }

// Status is derived from the money, and from the authorization while there is none.
func (s State) Status() Status {
	switch auth, ok := s.authorization(); {
	case s.Authorized > 0:
		return s.moneyStatus()
	case s.EarlyVoid:
		return StatusVoided
	case s.IsDeclined:
		return StatusDeclined
	case !ok:
		return None
	case auth.Begun:
		return Authorizing
	default:
		return StatusRequested
	}
}

func (s State) moneyStatus() Status {
	switch rest := s.Rest(); {
	case s.Captured == 0 && rest > 0:
		return StatusAuthorized
	case s.Captured == 0 && s.HasExpired:
		return Expired
	case s.Captured == 0:
		return StatusVoided
	case rest > 0:
		return PartiallyCaptured
	case s.Refunded == s.Captured:
		return StatusRefunded
	case s.Refunded > 0:
		return PartiallyRefunded
	case s.Captured < s.Authorized:
		return PartiallyCaptured // the rest was let go
	default:
		return StatusCaptured
	}
}

// OperationStatus is the worst of the open operations, and of reviews that are open.
func (s State) OperationStatus() OperationStatus {
	worst := Idle
	for _, o := range s.Operations {
		switch {
		case o.Review != "":
			return OperationManualReview
		case o.State == OpUnknown:
			worst = StatusUnknown
		case o.Open() && worst == Idle:
			worst = InProgress
		}
	}
	return worst
}

// Current is the operation whose turn it is: the first open one.
func (s State) Current() (Operation, bool) {
	i := slices.IndexFunc(s.Operations, Operation.Open)
	if i < 0 {
		return Operation{}, false
	}
	return s.Operations[i], true
}

// Operation returns the operation with this id.
func (s State) Operation(id OpID) (Operation, bool) {
	i := slices.IndexFunc(s.Operations, func(o Operation) bool { return o.OpID == id })
	if i < 0 {
		return Operation{}, false
	}
	return s.Operations[i], true
}

func (s State) authorization() (Operation, bool) {
	i := slices.IndexFunc(s.Operations, func(o Operation) bool { return o.Op == OpAuthorize })
	if i < 0 {
		return Operation{}, false
	}
	return s.Operations[i], true
}

// pending is what open operations of a kind ask for, and how many there are.
func (s State) pending(op Op) (sum money.Amount, n int) {
	for _, o := range s.Operations {
		if o.Op == op && o.Open() {
			sum, n = sum+o.Amount, n+1
		}
	}
	return sum, n
}

// count is how many operations of a kind were ever asked for, which numbers the next one.
func (s State) count(op Op) int {
	n := 0
	for _, o := range s.Operations {
		if o.Op == op {
			n++
		}
	}
	return n
}
