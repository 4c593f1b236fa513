package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
)

// Entry is one line of an order's timeline: one event, told for people, with the event itself.
type Entry struct {
	Version    int64           `json:"version"`
	EventID    string          `json:"event_id" format:"uuid"`
	Type       string          `json:"type" doc:"Type of the event in the contract"`
	OccurredAt time.Time       `json:"occurred_at"`
	Actor      string          `json:"actor"`
	Before     *Axes           `json:"before,omitempty" doc:"Absent for the first event"`
	After      Axes            `json:"after"`
	Summary    string          `json:"summary"`
	Data       json.RawMessage `json:"data" doc:"The event, without the payment method token"`
}

// EntryOf tells the event that led from before to after. data is its body as it came; the entry has it without the payment method
// token. EventID and Actor are for the caller to fill in.
func EntryOf(before, after Order, e OrderEvent, data []byte) (Entry, error) {
	clean, err := Strip(e.Type, data)
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{
		Version: e.Head.Version, Type: e.Type, OccurredAt: e.Head.OccurredAt,
		After: after.Axes, Summary: Summarize(after, e), Data: clean,
	}
	if before.Version > 0 {
		was := before.Axes
		entry.Before = &was
	}
	return entry, nil
}

const tokenField = "payment_method_token"

// Strip returns the body of an event without its payment method token, wherever it stands, in any case of letters, as decoders take it.
// A body without one is returned as it is.
func Strip(typ string, data []byte) ([]byte, error) {
	carries := typ == orderv1.TypePlaced || typ == orderv1.TypePaymentRetryRequested
	if !carries && !bytes.Contains(bytes.ToLower(data), []byte(tokenField)) {
		return data, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // amounts keep their digits
	var body any
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrUndecodable, typ, err)
	}
	remove(body)
	return json.Marshal(body)
}

func remove(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if strings.EqualFold(name, tokenField) {
				delete(v, name)
				continue
			}
			remove(inner)
		}
	case []any:
		for _, inner := range v {
			remove(inner)
		}
	}
}
