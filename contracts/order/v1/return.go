package orderv1

import "time"

// ReturnRequested: the customer wants to send units back.
type ReturnRequested struct {
	Head
	ReturnID string       `json:"return_id" format:"uuid"`
	Lines    []ReturnLine `json:"lines"`
	Note     string       `json:"note,omitempty"`
}

// ReturnLine is what a return says of one line.
type ReturnLine struct {
	LineID     string `json:"line_id" format:"uuid"`
	Quantity   int    `json:"quantity"`
	ReasonCode string `json:"reason_code" enum:"unwanted,damaged,wrong_item,other"`
}

// ReturnApproved: the customer may send the units.
type ReturnApproved struct {
	Head
	ReturnID string `json:"return_id" format:"uuid"`
	Note     string `json:"note,omitempty"`
}

// ReturnRejected: the customer keeps the units.
type ReturnRejected struct {
	Head
	ReturnID string `json:"return_id" format:"uuid"`
	Note     string `json:"note,omitempty"`
}

// ReturnReceived: units of a return arrived, all of them or a part. Refund says
// whether they are credited to the customer.
type ReturnReceived struct {
	Head
	ReturnID   string         `json:"return_id" format:"uuid"`
	Refund     bool           `json:"refund"`
	Lines      []ReceivedLine `json:"lines"`
	ReceivedAt time.Time      `json:"received_at"`
}

// ReceivedLine is what arrived of one line, and what became of it.
type ReceivedLine struct {
	LineID      string `json:"line_id" format:"uuid"`
	Quantity    int    `json:"quantity"`
	Gross       int64  `json:"gross"`
	Disposition string `json:"disposition" enum:"restock,scrap"`
}

// ReturnClosed: nothing more is expected; Missing never arrived.
type ReturnClosed struct {
	Head
	ReturnID string         `json:"return_id" format:"uuid"`
	Missing  []LineQuantity `json:"missing"`
}
