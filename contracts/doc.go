// Package contracts is the parent of what the services tell one another. It
// holds no code; each folder below it is one published stream of facts:
//
//	order/v1    orders.v1     every event of every order
//	payment/v1  payments.v1   every event of every payment
//	catalog/v1  catalog.v1    every event of products and stock
//
// A contract package holds data and nothing else: one struct per event, a Type
// constant with its name on the wire, the Topic it travels on, the Source it
// comes from, and Types, which leads from a name to the zero value of its
// struct. No methods, no imports beside the standard library: whoever reads a
// contract takes nothing else along. Stored events are other shapes, private
// to their service, and may change as their codec allows; the translator of
// the service (publish) keeps the two apart.
//
// Rules of a body. Names are snake_case. Ids are canonical lower-case UUIDs,
// amounts are minor units of the currency of the order, times are UTC and cut
// to microseconds. What is optional is absent, never null: its tag says
// omitempty, and a struct or a time that is optional is a pointer. A list that
// is not optional is never nil, so that it is written as [].
//
// To add an event: write its struct and its Type constant, list it in Types,
// run "go test . -update" in its folder and commit the new golden file.
//
// To extend an event: add a field with omitempty and fill it in the example of
// wire_test.go. Golden files already there stay as they are and must decode
// and be written again unchanged, for consumers meet the old bodies for ever:
// the new, fuller example goes into a file of its own.
//
// Never rename, retype, remove or re-interpret a field, make one required or
// narrow its values. What cannot be said by a new optional field is a new type
// with its own suffix (order.placed.v2) beside the old one. Readers ignore
// fields that they do not know.
package contracts
