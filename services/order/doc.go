// Command order is the order service: commands on orders, price book and stock.
//
// Its configuration comes from ORDER_* variables; README.md lists them. The
// verbs are serve (the default), healthcheck, config and version; package orderd
// is the whole of it.
package main
