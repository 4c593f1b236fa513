package messagingtest_test

import (
	"context"
	"fmt"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func ExampleMemory() {
	ctx := context.Background()
	sink := messagingtest.NewMemory(func(_ context.Context, m messaging.Message) error {
		fmt.Println(m.ID)
		return nil
	})
	claim, err := sink.Claim(ctx, "orders.v1", 0)
	if err != nil {
		panic(err)
	}
	v := messagingtest.Stream("orders.v1", "o1", 3)
	_ = claim.Apply(ctx, messagingtest.Batch(0, v[0], v[0], v[2])) // a repeat, and a gap
	fmt.Println("parked:", sink.Parked())
	_ = claim.Apply(ctx, messagingtest.Batch(3, v[1])) // the missing one
	fmt.Println("parked:", sink.Parked())
	// Output:
	// o1-1
	// parked: map[o1:1]
	// o1-2
	// o1-3
	// parked: map[]
}
