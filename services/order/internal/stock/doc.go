// Package stock is the stock ledger of one SKU: what is on hand, what is
// reserved for orders, and the pure rules by which both change.
//
// It guarantees, for every sequence of accepted commands:
//
//	S1  a reservation needs available ≥ quantity when it is decided
//	S2  Reserved is the sum of the open reservations
//	S3  each reservation ends exactly once: shipped + released = reserved
//	S4  OnHand is never below 0
//	S5  nothing ships that this order has not reserved
//
// Available is OnHand − Reserved. Only a correction ([Adjust]) can push it
// below 0; then the newest reservations are uncovered ([State.Uncovered]) and
// cannot ship until stock comes in.
//
//	Receive, Restock ─► on hand ─► Ship
//	                      │ ▲
//	             Reserve ─┘ └─ Release
//
// Commands on a SKU carry no key of their own: reserving, releasing and
// shipping are part of their order's command, receipts and corrections of the
// [Movement] that books them. Hence a snapshot of [State] hides no answer.
//
// Decide and Evolve are functions of their arguments: no clock, no ids, no
// I/O. Evolve never changes the state it is given. It is a core: standard
// library and internal/ids only, and imported by app alone (publish reads the
// events). Stored names of the events live in app.
package stock
