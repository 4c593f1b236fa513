// Command fakegateway runs the fake payment provider as a program of its own, for compose and for tests
// that kill the services around it. Its settings are FAKEGATEWAY_* variables:
//
//	ADDR              127.0.0.1:8090   where it listens
//	LEDGER            (memory)         file of the ledger, one JSON object per line
//	FSYNC             false            a row is on disk before its reply leaves
//	SINGLE_CAPTURE    false            an authorization can be captured once only
//	WEBHOOK_URL       (none)           where hints go
//	WEBHOOK_SECRET    (empty)          signs them
//
// `fakegateway healthcheck` asks a running one whether it answers, and exits 0 or 1.
package main
