package eventsourcing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

func TestRetryGoesOnUntilTheRaceIsWon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		err := es.Retry(t.Context(), func(context.Context) error {
			if tries++; tries < 5 {
				return fmt.Errorf("save: %w", &es.ConflictError{})
			}
			return nil
		})
		if err != nil || tries != 5 {
			t.Errorf("got %v after %d tries, want nil after 5", err, tries)
		}
	})
}

func TestRetryGivesUpAfterTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, tries := time.Now(), 0
		err := es.Retry(t.Context(), func(context.Context) error { tries++; return es.ErrConflict })
		if took := time.Since(start); !errors.Is(err, es.ErrConflict) || took > 2*time.Second || took < time.Second || tries < 20 {
			t.Errorf("got %v after %v and %d tries", err, took, tries)
		}
	})
}

func TestRetryEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := es.Retry(ctx, func(context.Context) error { return es.ErrConflict })
		if took := time.Since(start); !errors.Is(err, es.ErrConflict) || took > 100*time.Millisecond {
			t.Errorf("got %v after %v, want the conflict after 100 ms", err, took)
		}
	})
}

func TestRetryDoesNotRepeatWhatCannotComeTrue(t *testing.T) {
	refused := errors.New("refused")
	for _, want := range []error{nil, refused, es.ErrOutcomeUnknown, &es.ConflictError{Asked: true}} {
		tries := 0
		err := es.Retry(t.Context(), func(context.Context) error { tries++; return want })
		if err != want || tries != 1 { //nolint:errorlint // as it is, not wrapped
			t.Errorf("got %v after %d tries, want %v after 1", err, tries, want)
		}
	}
}
