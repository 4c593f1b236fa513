package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/services/payment/paymentd"
)

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	err := paymentd.Main(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "payment:", err)
		os.Exit(1)
	}
}
