// Package lifecycle runs the parts of a process and ends them in order.
//
// Parts start in the order in which they are given. They stop last-started-first,
// one after the other, when the context ends or when one of them returns before it
// was asked to: a part that ends early takes the process with it, because half a
// service is worse than none. Each part has a grace: first it is asked to stop
// (Stop, or its context is cancelled), and when the grace is over its context is
// cancelled in any case. Run returns only when every part has returned, with one
// exception that it reports as an error: a part that ignores its cancelled context
// for another second is left behind.
//
// Contexts of parts are not children of the context of Run. A part that still
// drains must not lose its database because of the signal that told it to drain.
//
// A part listens on its port before it is given to Run, so that a taken port fails
// at once and in the foreground. Daemon packages and cmd import this package.
package lifecycle
