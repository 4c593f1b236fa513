package projection_test

import (
	"testing"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

// BenchmarkOrders measures events per second into orders and timeline, by the size of the batch: 1 is a transaction per row.
func BenchmarkOrders(b *testing.B) {
	for _, bench := range []struct {
		name string
		size int
	}{{"batch=1", 1}, {"batch=20", 20}, {"batch=100", 100}, {"batch=500", 500}} {
		b.Run(bench.name, func(b *testing.B) {
			pool := database(b)
			var messages []messaging.Message
			for n := 0; len(messages) < b.N; n++ {
				messages = append(messages, viewtest.NewOrder("c-1", n).Drafted().Placed().Confirmed().Messages...)
			}
			c := projection.NewConsumer(pool, projection.Orders, projection.Config{})
			b.ResetTimer()
			feed(b, c, bench.size, messages[:b.N]...)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
