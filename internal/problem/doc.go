// Package problem is the one shape in which Kontor says no over HTTP: RFC 9457
// problem details with a stable code.
//
// It guarantees that every answer built here names a code of Codes, carries the
// trace id under which the log tells more, and never holds a value that the
// client sent, a Go error text, a type name or SQL. A problem of status 500 or
// above has no detail at all unless its author wrote one for the client, and a
// 503 says whether the command was not executed or its outcome is unknown.
//
// Install makes huma speak this language: it replaces huma's error constructors
// and switches strict casing on. JSON is the body format that belongs to it: one
// pass over the bytes refuses what encoding/json lets through (duplicate keys,
// invalid UTF-8, lone surrogates, deep nesting, control characters).
//
// Statuses follow one rule. 400: not understood (syntax, encoding, an unknown
// field, a bad path, query or header). 422: understood, but the value of a known
// field is not acceptable. If both are true, 400.
//
// The package decides nothing about a domain: which refusal becomes which code is
// written in problems.go of each service. It may be imported by HTTP adapters,
// internal/webapi and internal/front; together with internal/webapi,
// internal/apigen and the httpapi packages it is the only place that knows huma.
package problem
