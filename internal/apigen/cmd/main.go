// Command cmd writes all generated files, or with -check names those that differ and fails. It is run from the root of the module.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kontor-dev/kontor/internal/apigen"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail if a file differs")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "apigen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	files, err := apigen.Files(".")
	if err != nil {
		return err
	}
	stale := 0
	for _, f := range files {
		old, err := os.ReadFile(f.Path)
		if err == nil && bytes.Equal(old, f.Data) {
			continue
		}
		stale++
		if check {
			fmt.Fprintln(os.Stderr, f.Path, "differs from what the code says")
			continue
		}
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(f.Path, f.Data, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "wrote", f.Path)
	}
	if check && stale > 0 {
		return fmt.Errorf("%d files are stale: run make generate", stale)
	}
	return nil
}
