package devstack

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

// prepare settles everything the child is told: folders, user, password,
// binaries, port.
func prepare(cfg *PostgresConfig) (spec childSpec, user pgbin.User, err error) {
	if user, err = settleHome(cfg, &spec); err != nil {
		return spec, user, err
	}
	if spec.Server, err = choose(cfg.BinDir, cfg.CacheDir, spec.data()); err != nil {
		return spec, user, err
	}
	if spec.Server.Fetched {
		if err := grant(cfg.CacheDir, user); err != nil {
			return spec, user, fmt.Errorf("cache: %w", err)
		}
	}
	spec.Cache, spec.Mirror, spec.Port = cfg.CacheDir, cfg.Mirror, cfg.Port
	if spec.Port == 0 {
		spec.Port, err = anyPort()
	}
	return spec, user, err
}

// settleHome makes the server's folder and finds who may use it and the password
// its data was made with.
func settleHome(cfg *PostgresConfig, spec *childSpec) (pgbin.User, error) {
	if spec.Ephemeral = cfg.Ephemeral; cfg.Ephemeral {
		user := pgbin.ServerUser()
		home, err := os.MkdirTemp("", "kontor-dev-")
		if err != nil {
			return user, err
		}
		spec.Home, spec.Password = home, rand.Text()
		return user, pgbin.Chown(home, user)
	}
	if cfg.Dir == "" {
		cfg.Dir = DefaultDir()
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return pgbin.User{}, err
	}
	spec.Home = filepath.Join(dir, "postgres")
	user := pgbin.OwnerOr(spec.Home, pgbin.ServerUser())
	if err := grant(spec.Home, user); err != nil {
		return user, err
	}
	state, err := ReadState(dir)
	if err != nil {
		return user, err
	}
	if spec.Password = state.PostgresPassword; spec.Password != "" {
		return user, nil
	}
	if spec.initialised() {
		return user, fmt.Errorf("the password of the data in %s is lost: it was in %s; put that back, or start afresh with --reset (moves the data aside)",
			spec.data(), filepath.Join(dir, stateFile))
	}
	spec.Password = rand.Text()
	return user, UpdateState(dir, func(s *State) { s.PostgresPassword = spec.Password })
}

// announce says what is about to happen.
func announce(w io.Writer, spec childSpec, user pgbin.User) {
	as, data := "", spec.data()
	if !user.Current() {
		as = ", as user " + user.Name
	}
	if spec.Ephemeral {
		data = "temporary, fsync off"
	}
	if spec.Server.Missing {
		fmt.Fprintf(w, "postgres: %s; downloading %s, 15 MB …\n", spec.Server.Why, spec.Server.Full)
	}
	fmt.Fprintf(w, "postgres: PostgreSQL %d from %s on 127.0.0.1:%d%s, data: %s\n", spec.Server.Major, spec.Server.Root, spec.Port, as, data)
}

// explain adds the next step to a download that failed.
func explain(why string, spec childSpec) error {
	if !spec.Server.Missing {
		return errors.New(why)
	}
	return fmt.Errorf("%s; downloading %s, 15 MB … failed: %s\n"+
		"  install postgresql, or pass --database-url postgres://…, or set KONTOR_POSTGRES_MIRROR, or run: docker compose up --wait",
		spec.Server.Why, spec.Server.Full, why)
}
