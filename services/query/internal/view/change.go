package view

import (
	"strconv"
	"strings"
)

// The units of rebuild: what has offsets and a live side of its own. These names are state.
const (
	UnitOrders   = "query.orders" // orders and their timeline
	UnitPayments = "query.payments"
	UnitCatalog  = "query.catalog" // products and stock
)

// Channel is where commits of order views are told.
const Channel = "view_changed"

// Change says that the view of an order has reached a version.
type Change struct {
	OrderID string
	Version int64
}

// maxPayload is below the 8000 bytes that a notification takes.
const maxPayload = 7000

// Payloads writes changes as notifications: "id=version", separated by blanks. Of several changes of one order the last version stands.
func Payloads(changes []Change) []string {
	highest := make(map[string]int64, len(changes))
	var ids []string
	for _, c := range changes {
		if _, known := highest[c.OrderID]; !known {
			ids = append(ids, c.OrderID)
		}
		highest[c.OrderID] = max(highest[c.OrderID], c.Version)
	}
	var out []string
	var b strings.Builder
	for _, id := range ids {
		entry := id + "=" + strconv.FormatInt(highest[id], 10)
		if b.Len() > 0 && b.Len()+1+len(entry) > maxPayload {
			out = append(out, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(entry)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// ParsePayload reads a notification. What it does not understand it leaves out: a notification is a hint.
func ParsePayload(payload string) []Change {
	var out []Change
	for entry := range strings.FieldsSeq(payload) {
		id, version, ok := strings.Cut(entry, "=")
		if n, err := strconv.ParseInt(version, 10, 64); ok && err == nil {
			out = append(out, Change{OrderID: id, Version: n})
		}
	}
	return out
}
