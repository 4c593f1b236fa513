// Package config reads a service's configuration from its environment.
//
// There is no other source: no file, no flag. Each service has a prefix
// (ORDER_DATABASE_URL), a struct with env, envDefault and doc tags, and a Validate
// method for rules that span fields. Parse returns every problem at once, because
// whoever deploys should not find them one by one. A variable that has the prefix
// but is unknown is a problem too, and names the nearest known one: a misspelt
// setting that is silently ignored is the worst kind.
//
// A Secret comes as X or, from a file, as X_FILE, never both. It prints as ***
// wherever it is formatted, logged or marshalled, and gives its text to Reveal
// only. Print shows what is in force; Table and Example make the page and the
// .env.example that document it, so that neither can go stale.
//
// Daemon packages and cmd import this package.
package config
