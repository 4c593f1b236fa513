// Package front is the one origin of the shop: a reverse proxy that sends every
// method and path to the service that has it, and the few pages that belong to no
// service.
//
// No method and path is served by two services; the table in routes.go says who
// has what. Front adds nothing to an answer and decides nothing about a caller:
// services verify tokens themselves, so that bypassing front gains nothing. If a
// service cannot be reached, the answer is a 503 problem with Retry-After that
// says whether the command may have been executed.
//
// Its own pages work offline and under a strict content policy: /docs (the API
// reference, from the documents the services serve), /problems and
// /problems/<code>. With an issuer configured it also is the development issuer,
// with a sign-in page at /dev; a browser's token is then a cookie that only front
// sees, turned into the Authorization header and protected against requests from
// other origins. With ENV=prod that is refused.
//
// cmd/kontor imports this package, for kontor front and kontor dev.
package front
