// Command payment runs the payment service: it reacts to orders, talks to the payment gateway and publishes
// what became of the money. `payment serve` (the default), `healthcheck`, `config`, `version`; its settings
// are PAYMENT_* variables, listed in README.md.
package main
