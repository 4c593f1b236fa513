package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/services/order/orderd"
)

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	err := orderd.Main(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "order:", err)
		os.Exit(1)
	}
}
