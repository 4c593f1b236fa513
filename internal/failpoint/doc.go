// Package failpoint names the places where a process may be made to fail, so that
// tests can stop it exactly there.
//
// Hit costs one atomic load while nothing is armed, and nothing in this package
// can arm a point by itself: the subpackage arm does, and only test programs
// import it, so that the linker leaves Install out of release binaries. Packages
// under pkg/ do not import failpoint; their configuration has a hook of the shape
// func(point string) error, which services set to Hit.
//
// Points lists every name. A sweep or a torture run in which one of them was never
// hit has not tested what it claims. Hitting a name that is not listed panics while
// something is armed, so that a new point cannot be forgotten.
//
// Everything here is safe for concurrent use. Services and internal packages may
// import it; cores may not.
package failpoint
