package stock

import "time"

// Kind says what a movement is.
type Kind string

// The kinds of movements. They are stored: renaming one is a migration.
const (
	Receipt    Kind = "receipt"
	Adjustment Kind = "adjustment"
)

// Movement is a stream of one event: a receipt or a correction, so that the
// request that asked for it finds itself again. It is appended together with
// the stock event it books.
type Movement struct {
	Booked *MovementBooked // nil before
}

// Book is the only command on a movement. After is the stock event's head, and
// StockVersion the version of the stock stream after it: with them the first
// answer can be given again.
type Book struct {
	MovementID   MovementID
	Kind         Kind
	Quantity     int64
	Delta        int64
	Reference    string
	Reason       AdjustReason
	Note         string
	After        Head
	StockVersion int64
}

// MovementBooked: the movement happened. OnHand, Reserved and StockVersion are
// those of the stock after it.
type MovementBooked struct {
	MovementID   MovementID   `json:"movement_id"`
	SKU          SKU          `json:"sku"`
	Kind         Kind         `json:"kind"`
	Quantity     int64        `json:"quantity,omitempty"`
	Delta        int64        `json:"delta,omitempty"`
	Reference    string       `json:"reference,omitempty"`
	Reason       AdjustReason `json:"reason_code,omitempty"`
	Note         string       `json:"note,omitempty"`
	OnHand       int64        `json:"on_hand"`
	Reserved     int64        `json:"reserved"`
	StockVersion int64        `json:"stock_version"`
	OccurredAt   time.Time    `json:"occurred_at"`
}

// NoMovement is a movement that was not booked.
func NoMovement() Movement { return Movement{} }

// DecideMovement books a movement; one that is booked already stays as it is.
func DecideMovement(c Book, m Movement) ([]MovementBooked, error) {
	if m.Booked != nil {
		return nil, nil
	}
	return []MovementBooked{{
		MovementID: c.MovementID, SKU: c.After.SKU, Kind: c.Kind, Quantity: c.Quantity, Delta: c.Delta, Reference: c.Reference,
		Reason: c.Reason, Note: c.Note, OnHand: c.After.OnHand, Reserved: c.After.Reserved, StockVersion: c.StockVersion,
		OccurredAt: c.After.OccurredAt,
	}}, nil
}

// EvolveMovement folds the one event there is.
func EvolveMovement(_ Movement, e MovementBooked) Movement { return Movement{Booked: &e} }
