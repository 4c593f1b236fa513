package messaging_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

type placed struct {
	OrderID string `json:"order_id"`
	Total   int64  `json:"total"`
}

func ExampleOn() {
	r := messaging.NewRouter()
	messaging.On(r, "order.placed", func(_ context.Context, m messaging.Message, e placed) error {
		if e.Total < 0 {
			return messaging.Permanent(errors.New("negative total"))
		}
		fmt.Println(m.ID, e.OrderID, e.Total)
		return nil
	})
	ctx := context.Background()
	fmt.Println(r.Handle(ctx, messaging.Message{ID: "e1", Type: "order.placed", Data: []byte(`{"order_id":"o1","total":1250}`)}))
	fmt.Println(r.Handle(ctx, messaging.Message{ID: "e2", Type: "order.cancelled"}), r.Skipped())
	err := r.Handle(ctx, messaging.Message{ID: "e3", Type: "order.placed", Data: []byte(`{"total":"much"}`)})
	fmt.Println(messaging.IsPermanent(err))
	// Output:
	// e1 o1 1250
	// <nil>
	// <nil> 1
	// true
}

func ExampleEncodeHeaders() {
	m := messaging.Message{
		Key: "o1", ID: "e1", Type: "order.placed", Source: "/kontor/order", Stream: "order-o1", Version: 2, Position: 17,
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	for _, h := range messaging.EncodeHeaders(m)[:5] {
		fmt.Printf("%s: %s\n", h.Key, h.Value)
	}
	// Output:
	// ce_specversion: 1.0
	// ce_id: e1
	// ce_type: order.placed
	// ce_source: /kontor/order
	// ce_subject: o1
}

func ExampleValidate() {
	m := messaging.Message{
		Key: "o1", ID: "e1", Type: "order.placed", Source: "/kontor/order", Stream: "order-o1", Version: 1,
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Data: []byte(`{"total":1,"total":2}`),
	}
	fmt.Println(messaging.Validate(m))
	// Output: data names "total" twice
}
