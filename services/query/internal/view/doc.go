// Package view is the core of the query service: what the views are, and what each published event changes in them.
//
// A view is folded from contract events, in version order, by a pure function: [ApplyOrder], [ApplyPayment], [ApplyProduct] and
// [ApplyStock] take the view before and one event, and return the view after. They know every type of orders.v1, payments.v1 and
// catalog.v1. The axes of an order are not derived: every event carries them. Quantities, captured and refunded amounts, payments,
// shipments, returns and refunds are.
//
//	state, err = view.ApplyOrder(state, event)
//	entry, err := view.EntryOf(before, after, event, data)
//
// Guarantees: the argument is never changed, and shares nothing that a later call changes; the same events give the same bytes when the
// result is written as JSON, so views can be rebuilt and compared; no payment method token is ever in a view. An event that cannot
// be (a line, parcel, return or refund nobody knows, another customer) is [ErrImpossible], and an undecodable one [ErrUndecodable]:
// both are cured by people, not by trying again.
//
// Not guaranteed: that events come in order. Who calls Apply skips what the view has and stops at a gap.
//
// The package imports the standard library, contracts, money and ids only, and has no clock. The adapters of the query service import it.
package view
