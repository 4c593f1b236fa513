// Package httpapi is the HTTP API of the query service: huma on chi, GET only, all operations in routes.go.
//
// It guarantees:
//
//   - Nothing is written. What is shown comes from the views, which follow the events with a short delay; every answer about one order
//     says at which version it is (ETag, X-Read-Model-Version) and how far behind the views are (X-Read-Model-Lag-Ms).
//   - With min_version a read waits for that version, 2 s unless it says otherwise, and is then 503 read_model_lagging, never 404.
//   - Lists go on by an opaque cursor; unknown and repeated parameters, sorts and filters are 400.
//   - An order that is not the caller's is 404, like one that does not exist, and that is so before any role is asked for.
//   - Everything else that is no success is a problem (RFC 9457) with a code of problems.go, never a Go error text.
//
// What it needs of the views it declares as [Views]. Only queryd and the generator of api/ import it.
package httpapi
