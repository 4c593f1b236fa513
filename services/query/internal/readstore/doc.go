// Package readstore reads the views: orders and their timelines, payments, products and stock.
//
//	store := readstore.New(readstore.Config{Customers: customers, Staff: staff, CursorKey: key})
//	go store.Listen(ctx)
//	order, err := store.Order(ctx, principal, id, view.Wait{Version: 7, For: 2 * time.Second})
//
// Guarantees:
//
//   - A customer sees only what is the customer's own: the query says so, and row security says it again. What is another's is
//     [view.ErrNotFound], like what does not exist.
//   - Every read takes the side of the views that is live when it begins, in one round trip.
//   - Lists go on from a key, not from a count: no row is shown twice or left out because others came. A cursor is bound to the caller,
//     the filters and the sort; any other one is [view.ErrCursor].
//   - A read that waits for a version is woken by the commit that brings it, in whichever process that was. Nothing polls; the number of
//     waiting reads is bounded. A version that does not come in time is [view.ErrLagging], never [view.ErrNotFound].
//
// It decides no roles: who may ask is for httpapi. It writes nothing. The composition root makes a [Store]; httpapi declares what it
// needs of it.
package readstore
