// Package httpapi is the HTTP side of the order service: commands on orders,
// price book and stock, and reads that fold a stream. Lists and views belong to
// the query service.
//
// routes.go shows every operation on one screen; each has a file with its typed
// input and its handler, which turns the request into an app.Ask and a command and the
// result into the answer. It guarantees:
//
//   - An answer is a function of the stream at a version: a repeat under the same
//     Idempotency-Key gets the same status, body, Location and ETag, and
//     Idempotency-Replayed: true.
//   - Refusals are problems (RFC 9457) with the codes of problems.go, never Go
//     errors. Values the client sent are not repeated.
//   - Shapes and limits of a body are checked before a use case runs; texts are
//     stored in Unicode's normal form C, SKUs and codes in their upper case.
//
// It decides nothing about orders, and nobody's rights: that is app and the
// cores. Retries live in app; a handler calls one use case once.
//
// Imported by orderd and internal/apigen. It may import app, the cores,
// internal/{webapi,problem,auth,money,ids} and huma.
package httpapi
