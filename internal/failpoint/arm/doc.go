// Package arm arms failpoints. Only test programs link it.
//
// A Plan says at which point what happens, at which hits of it, and how often. New
// installs a set of plans for the whole process; the set counts how often every
// point was hit, armed or not, so that a run can prove that it went where it
// claims. Random choices come from the seed of the set and repeat with it, as far
// as the process itself hits its points in the same order.
//
// FromEnv reads plans from KONTOR_FAILPOINTS, for tests that start a process:
// "relay.after_publish=kill;nth=3,view.swap=sleep:2s;p=0.1".
package arm
