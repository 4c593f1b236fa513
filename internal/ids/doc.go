// Package ids derives ids from what they stand for, so that whoever repeats a
// request arrives at the same id, and reads the few strings that people type:
// order numbers, SKUs and discount codes.
//
// An id is a UUIDv5 over the parts it is made from, in a namespace of its own
// per type and kind; two kinds of id made from the same parts differ. Parts
// are framed as netstrings ("5:hello,"), so ("ab", "c") and ("a", "bc") differ
// too. Everything is a pure function: no clock, no randomness, no I/O; safe
// for concurrent use. Ids of events are UUIDv7s and not made here.
//
// All functions return the canonical form, lower case with dashes, as a
// string; each core declares a type of its own for every kind of id, so that
// no two can be swapped. Parts are taken as they are: ids must be canonical
// ([Parse]) and SKUs and codes in their normal form ([SKU], [Code]) before.
//
// Everything that this package derives is stored, by us and by our readers.
// Changing a namespace, the framing or an alphabet is a migration of every
// database; the tests pin the values.
//
// Standard library only: it counts as core, and everybody may import it.
package ids
