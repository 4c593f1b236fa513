package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// report prints figures as they come, and keeps them for a file.
type report struct {
	save  bool
	lines []string
}

func newReport(s settings, postgres int) *report {
	r := &report{save: s.save}
	commit := "unknown"
	if out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	r.line("# command: go run ./bench -duration %v%s", s.duration, only(s.only))
	r.line("# commit: %s", commit)
	r.line("# hardware: %d cores, %s, %s", runtime.NumCPU(), runtime.GOARCH, cpu())
	r.line("# versions: %s, PostgreSQL %d, fsync on, synchronous_commit on, TCP on loopback; broker in process (kfake)", runtime.Version(), postgres)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if slices.Contains([]string{"github.com/jackc/pgx/v5", "github.com/segmentio/kafka-go", "github.com/danielgtaylor/huma/v2"}, m.Path) {
				r.line("# module: %s %s", m.Path, m.Version)
			}
		}
	}
	return r
}

func only(what string) string {
	if what == "" {
		return ""
	}
	return " -only " + what
}

// cpu is the model of the first core, where the system tells it.
func cpu() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown model"
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown model"
}

func (r *report) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	fmt.Println(text)
	r.lines = append(r.lines, text)
}

// close writes the file, if one was asked for.
func (r *report) close() error {
	if !r.save {
		return nil
	}
	if err := os.MkdirAll(filepath.Join("bench", "results"), 0o755); err != nil {
		return err
	}
	path := filepath.Join("bench", "results", time.Now().UTC().Format("2006-01-02T150405Z")+".txt")
	return os.WriteFile(path, []byte(strings.Join(r.lines, "\n")+"\n"), 0o644)
}

// latencies are the times of one measurement.
type latencies []time.Duration

// percentile is the value below which p of 100 lie, in milliseconds.
func (l latencies) percentile(p float64) float64 {
	if len(l) == 0 {
		return 0
	}
	slices.Sort(l)
	return float64(l[min(len(l)-1, int(p/100*float64(len(l))))]) / float64(time.Millisecond)
}

// repeatFor lets so many workers call do, one call after another each, for a while, and returns calls per second and the time of each.
// An error ends its worker, and the last one is returned.
func repeatFor(ctx context.Context, workers int, d time.Duration, do func(worker, n int) error) (float64, latencies, error) {
	var mu sync.Mutex
	var all latencies
	var failed error
	var wg sync.WaitGroup
	start := time.Now()
	for worker := range workers {
		wg.Go(func() {
			var mine latencies
			var err error
			for n := 0; err == nil && time.Since(start) < d && ctx.Err() == nil; n++ {
				t := time.Now()
				if err = do(worker, n); err == nil {
					mine = append(mine, time.Since(t))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, mine...)
			if err != nil {
				failed = err
			}
		})
	}
	wg.Wait()
	return float64(len(all)) / time.Since(start).Seconds(), all, failed
}
