// Package httpapi is the HTTP API of the payment service: huma on chi, all operations in routes.go.
//
// It guarantees:
//
//   - Payments are read from their streams, so they are as fresh as the streams; an answer carries the version as
//     ETag. A payment that is not the caller's is 404, like one that does not exist.
//   - Refusals are problems (RFC 9457) with the codes of problems.go, never Go error texts.
//   - Nothing calls the gateway for a client beyond a look-up: decisions and webhooks become jobs, answered
//     with 202. A webhook is a hint: its signature is checked over raw body and timestamp, and what it says
//     decides nothing.
//
// Tokens and payment method tokens appear in no answer and no log. Only paymentd and the generator of api/
// import it.
package httpapi
