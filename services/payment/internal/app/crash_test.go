package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// TestACrashAnywhereMeansTheSameKeyAgain stops the worker at each of its steps, once, and runs the job again.
func TestACrashAnywhereMeansTheSameKeyAgain(t *testing.T) {
	t.Parallel()
	crash := errors.New("crash")
	for _, point := range []string{
		"worker.after_begin", "worker.call_sent", "worker.after_call", "worker.before_outcome", "worker.after_outcome",
	} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			armed := true
			hooked := app.New(app.Deps{
				Store: f.store, Gateway: f.fake, GatewayName: "fake", Now: func() time.Time { return f.now },
				Hook: func(at string) error {
					if at == point && armed {
						armed = false
						return crash
					}
					return nil
				},
			})
			if err := hooked.Execute(t.Context(), work(auth1)); !errors.Is(err, crash) {
				t.Fatalf("got %v, want the crash", err)
			}
			f.must(hooked.Execute(t.Context(), work(auth1)))
			f.must(hooked.Execute(t.Context(), work(auth1)))
			authorized := 0
			for _, typ := range f.types() {
				if typ == "payment.authorized" {
					authorized++
				}
			}
			if authorized != 1 {
				t.Errorf("stream %v, want one authorization", f.types())
			}
			key := payment.Key(pay, payment.OpAuthorize, auth1)
			for _, call := range f.fake.calls {
				if call != "authorize "+key && call != "lookup "+key {
					t.Errorf("called %s, want the stored key each time", call)
				}
			}
		})
	}
}
