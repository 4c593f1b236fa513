package main

import (
	"context"

	"github.com/kontor-dev/kontor/internal/devstack"
)

func benchShop(ctx context.Context, pg *devstack.Postgres, dir string, s settings, r *report) error {
	return nil
}
