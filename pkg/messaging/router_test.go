package messaging_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

type greeting struct{ Name string }

func TestARouterHandsAMessageToTheHandlerOfItsType(t *testing.T) {
	t.Parallel()
	var got []string
	around := func(name string) messaging.Middleware {
		return func(next messaging.Handler) messaging.Handler {
			return func(ctx context.Context, m messaging.Message) error {
				got = append(got, name)
				return next(ctx, m)
			}
		}
	}
	r := messaging.NewRouter(around("outer"), around("inner"))
	refused := errors.New("refused")
	messaging.On(r, "greeting", func(_ context.Context, m messaging.Message, g greeting) error {
		got = append(got, m.ID+" "+g.Name)
		return refused
	})
	err := r.Handle(t.Context(), messaging.Message{ID: "1", Type: "greeting", Data: []byte(`{"Name":"Ada"}`)})
	if !errors.Is(err, refused) || !slices.Equal(got, []string{"outer", "inner", "1 Ada"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := r.Handle(t.Context(), messaging.Message{Type: "farewell"}); err != nil || r.Skipped() != 1 {
		t.Errorf("an unknown type: got %v, %d skipped", err, r.Skipped())
	}
	if !r.Knows("greeting") || r.Knows("farewell") {
		t.Error("the router does not know what it knows")
	}
}

func TestDataThatDoesNotDecodeIsPermanent(t *testing.T) {
	t.Parallel()
	r := messaging.NewRouter()
	messaging.On(r, "greeting", func(context.Context, messaging.Message, greeting) error {
		t.Error("the handler was called")
		return nil
	})
	err := r.Handle(t.Context(), messaging.Message{Type: "greeting", Data: []byte(`{"Name":1}`)})
	if !messaging.IsPermanent(err) {
		t.Errorf("got %v, want a permanent error", err)
	}
}

func TestATypeIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("twice was accepted")
		}
	}()
	r := messaging.NewRouter()
	for range 2 {
		messaging.On(r, "greeting", func(context.Context, messaging.Message, greeting) error { return nil })
	}
}

func TestPermanent(t *testing.T) {
	t.Parallel()
	cause := errors.New("no such order")
	err := fmt.Errorf("handle: %w", messaging.Permanent(cause))
	if !messaging.IsPermanent(err) || !errors.Is(err, cause) || err.Error() != "handle: no such order" {
		t.Errorf("got %v", err)
	}
	if messaging.IsPermanent(cause) || messaging.Permanent(nil) != nil {
		t.Error("what is not marked is permanent")
	}
}
