// Package viewtest tells stories of orders, payments and products as the messages that other services would publish, for the tests of
// the query service.
//
//	s := viewtest.NewOrder("c-1", 7)
//	s.Drafted().Placed().Confirmed()
//	batch := s.Messages
//
// A story counts versions, gives every event an id, and is the same in every run. Its messages have no offsets; [Deliver] gives them some.
// Only tests import it.
package viewtest
