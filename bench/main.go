package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/kontor-dev/kontor/internal/devstack"
	"github.com/kontor-dev/kontor/internal/lifecycle"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == devstack.PostgresCommand {
		exit(devstack.PostgresChild(os.Stdin, os.Stdout))
	}
	var s settings
	flag.DurationVar(&s.duration, "duration", 5*time.Second, "of each measurement")
	flag.StringVar(&s.only, "only", "", "append, relay, projection or http; default all")
	flag.BoolVar(&s.save, "save", false, "write the figures to bench/results/")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the whole run to this file")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			exit(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			exit(err)
		}
	}
	ctx, stop := lifecycle.Signals(context.Background())
	err := run(ctx, s)
	stop()
	pprof.StopCPUProfile()
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// settings are the flags.
type settings struct {
	duration time.Duration
	only     string
	save     bool
}

// run measures on one Postgres, in one go.
func run(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "kontor-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // as root the server runs as another user
		return err
	}
	pg, err := devstack.StartPostgres(ctx, devstack.PostgresConfig{Dir: dir, Stderr: os.Stderr})
	if err != nil {
		return err
	}
	defer pg.Close()
	r := newReport(s, pg.Major())
	if s.only == "" || s.only == "append" {
		if err := benchAppend(ctx, pg, s, r); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	if s.only != "append" {
		if err := benchShop(ctx, pg, dir, s, r); err != nil {
			return fmt.Errorf("shop: %w", err)
		}
	}
	return r.close()
}
