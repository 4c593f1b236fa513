package pgstore

import _ "embed"

// Schema is the SQL that creates the tables a [Store] and its subscriptions work on: events with its append-only triggers, snapshots
// and subscriptions. It is run once, in an empty schema, by a migration or a test; it is never edited after a release.
//
//go:embed schema.sql
var Schema string
