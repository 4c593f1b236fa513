// Package daemon is what the composition roots of the three services share: the command line of a service binary, pools, the relay
// that publishes a store's events, and the metrics that all of them export.
//
// It decides nothing about a service: which parts run, and in which order, is read in orderd, paymentd and queryd. It may be imported
// by those and by nobody else.
package daemon
