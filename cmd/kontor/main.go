package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/kontor-dev/kontor/internal/lifecycle"
)

// Exit codes, for scripts.
const (
	exitFailure = 1
	exitUsage   = 2
	exitRefused = 3
)

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	err := root().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "kontor:", err)
	var refused *refusal
	var misuse *usageError
	switch {
	case errors.As(err, &refused):
		os.Exit(exitRefused)
	case errors.As(err, &misuse):
		os.Exit(exitUsage)
	}
	os.Exit(exitFailure)
}
