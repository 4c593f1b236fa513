// Command order runs the order service: it takes commands on orders, the price book and stock, and publishes what happened. `order
// serve` (the default), `healthcheck`, `config`, `version`; its settings are ORDER_* variables, listed in README.md.
package main
