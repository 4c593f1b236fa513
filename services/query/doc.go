// Command query runs the query service: it keeps views of orders, payments, products and stock from the events of the other services,
// and answers reads. `query serve` (the default), `healthcheck`, `config`, `version`; its settings are QUERY_* variables, listed in
// README.md.
package main
