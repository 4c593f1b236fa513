package pgtest_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
)

func TestEveryTestHasAnEmptyDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	pools := make([]*pgxpool.Pool, 4)
	var wg sync.WaitGroup
	for i := range pools {
		pools[i] = pgtest.Pool(t)
		wg.Go(func() {
			if _, err := pools[i].Exec(t.Context(), "create table mine (n int)"); err != nil {
				t.Errorf("database %d is not empty: %v", i, err)
			}
		})
	}
	wg.Wait()
}
