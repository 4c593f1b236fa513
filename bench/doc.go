// Command bench measures the parts of Kontor whose speed it makes claims about, beside pgbench inserting the same row into the same table, in
// one run on one PostgreSQL that fsyncs, over TCP.
//
//	go run ./bench                 # everything, about three minutes
//	go run ./bench -only append    # append, relay, projection or http
//	go run ./bench -save           # also write bench/results/
//
// Every figure is one line of name=value pairs. Ratios are to pgbench with 8 clients, measured before and after; machines are noisy, so
// compare within a run only. It starts a Postgres and a broker of its own on loopback and leaves nothing behind.
package main
