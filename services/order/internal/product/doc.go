// Package product is the price book: what a SKU is called, how it is taxed and
// what it costs, at any time, and what a discount code is worth. Two deciders
// live here, one stream type each: [Decide] for a product, [DecideDiscount] for
// a discount.
//
// Prices and taxes are lists over time. An entry is in force from its ValidFrom
// until the next one begins (intervals are half-open), so the price at t is the
// last one with ValidFrom ≤ t; a price has one list per currency. ValidFrom
// may lie ahead and never goes backwards within its list; the same ValidFrom
// again replaces that entry. What was in force once stays readable with its
// reason, its note and its predecessor.
//
//	List ─► listed ─┬─ ChangePrice, ChangeTax, List (renames) ─┐
//	                │ ◄────────────────────────────────────────┘
//	                └─ Discontinue ─► discontinued
//
// Decide and Evolve are functions of their arguments: no clock, no I/O; the
// instant is in the command, and price ids are derived from the command's id.
// Evolve never changes the state it is given. It is a core: standard library,
// internal/ids and internal/money only, and imported by app alone (publish reads
// the events).
package product
