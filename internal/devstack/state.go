package devstack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const stateFile = "dev.json"

// State is what a running or former `kontor dev` tells the other verbs: dev.json.
type State struct {
	PID              int            `json:"pid,omitempty"`               // of the dev that wrote it; may be gone
	PostgresPassword string         `json:"postgres_password,omitempty"` // of role postgres, for the life of the data
	Ports            map[string]int `json:"ports,omitempty"`             // by name, as given to ChoosePorts
	DatabaseURL      string         `json:"database_url,omitempty"`      // of database postgres
	Brokers          []string       `json:"brokers,omitempty"`
}

// ReadState reads dev.json of dir; the zero State if there is none.
func ReadState(dir string) (State, error) {
	var s State
	b, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read state: %w", err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("read state %s: %w", filepath.Join(dir, stateFile), err)
	}
	return s, nil
}

// UpdateState changes dev.json of dir: a reader sees it before or after, never
// in between. Mode 0600, as it holds a password. Hold the [Lock] of dir.
func UpdateState(dir string, change func(*State)) error {
	s, err := ReadState(dir)
	if err != nil {
		return err
	}
	change(&s)
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := replaceFile(filepath.Join(dir, stateFile), append(b, '\n')); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

// replaceFile writes beside path and renames; a new file has mode 0600.
func replaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
