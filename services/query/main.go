package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/services/query/queryd"
)

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	err := queryd.Main(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "query:", err)
		os.Exit(1)
	}
}
