// Package pgdial opens connections beside a pool, for those who need one of their own for as long as they run: the append lane, the
// gathered loads, the owner of a subscription. A connection made here does not count towards the pool's size, so a full pool
// cannot stop appends; it is made in the way the pool would make it, with the hooks that set passwords and roles.
//
// The caller closes it, and dials again when it is lost. Imported by pgstore and subscription.
package pgdial
