// Package webapi is what the HTTP APIs of all services share around huma and chi:
// a router whose manners do not depend on the service.
//
// New builds the router and the API. A request passes, cheapest first: framing
// limits, request id, trace and access log, recovery, then, once its operation is
// known, negotiation (406, 415, 413), the bearer token (401), the caller's bucket
// (429) and the concurrency limit (503). Handle registers one operation with a
// typed handler, a deadline, and the service's mapping of refusals to problems.
//
// It guarantees that every answer which is no success is a problem, that unknown
// paths are 404 and wrong methods 405 with Allow, that no panic, Go error or value
// of the client reaches an answer, and that every operation needs a token unless
// its Security is NoToken. Embed Keyed, KeyedOptional, IfMatch or IfMatchRequired
// directly in an input, never through another embedded struct, to get the header
// parsed by the rules of the API.
//
// It knows no route of any service and decides no authorization beyond "has a
// valid token": who may do what is the business of use cases. NewServer has the
// timeouts and limits of a public port; Admin is the private one, with health,
// metrics and profiles. The httpapi and daemon packages import this package.
package webapi
