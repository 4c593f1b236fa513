package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	anna  = person("anna", auth.Customer)
	bert  = person("bert", auth.Customer)
	admin = person("root", auth.Admin)
	ware  = person("ware", auth.Warehouse)
	desk  = person("desk", auth.Support)
)

func person(name string, roles ...auth.Role) auth.Principal {
	return auth.Principal{Issuer: "https://issuer.example", Subject: name, Roles: roles}
}

// shop is an App on a memory store, with a clock that stands still.
type shop struct {
	*app.App
	t      *testing.T
	store  *memstore.Store
	config app.Config
	now    time.Time
	keys   int
}

func (s *shop) clock() time.Time { return s.now }

func newShop(t *testing.T) *shop {
	s := &shop{t: t, now: noon, config: app.Config{
		Currencies: []money.Currency{"EUR", "JPY"},
		Shipping:   map[money.Currency]order.ShippingRate{"EUR": {Fee: 490, TaxRateBP: 1900, TaxIncluded: true, FreeFrom: 5000}},
	}}
	s.store = memstore.New(s.clock)
	s.App = app.New(app.Deps{Store: s.store, Snapshots: s.store, Clock: s.clock, Config: s.config})
	return s
}

// by is a command of p under a fresh key.
func (s *shop) by(p auth.Principal) app.Ask {
	s.keys++
	return keyed(p, fmt.Sprint("key-", s.keys), "f")
}

func keyed(p auth.Principal, key, fingerprint string) app.Ask {
	return app.Ask{By: p, CommandID: ids.Command(p.Key(), key), Fingerprint: fingerprint}
}

// fact is a message of the payment service.
func (s *shop) fact() app.Ask {
	s.keys++
	return app.Ask{CommandID: ids.CommandFor("message", fmt.Sprint(s.keys)), Fingerprint: "f", Actor: "gateway"}
}

// sells lists a product at a price in euro cents, with units on hand.
func (s *shop) sells(sku string, price money.Amount, units int64) {
	s.t.Helper()
	ctx := s.t.Context()
	if _, err := s.ListProduct(ctx, s.by(admin), product.List{SKU: product.SKU(sku), Name: "A " + sku, TaxRateBP: 1900, TaxIncluded: true}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.ChangePrice(ctx, s.by(admin), app.Price{
		SKU: product.SKU(sku), Currency: "EUR", Amount: price, Reason: product.InitialPrice,
	}); err != nil {
		s.t.Fatal(err)
	}
	if units > 0 {
		s.receive(sku, units)
	}
}

func (s *shop) receive(sku string, units int64) {
	s.t.Helper()
	ask := s.by(ware)
	if _, err := s.BookMovement(s.t.Context(), ask, app.Movement{
		ID: stock.MovementID(ids.Movement("test", ask.CommandID)), SKU: stock.SKU(sku), Kind: stock.Receipt, Quantity: units,
	}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) level(sku string) stock.State {
	s.t.Helper()
	res, err := s.Stock(s.t.Context(), ware, stock.SKU(sku))
	if err != nil {
		s.t.Fatal(err)
	}
	return res.State
}

var home = order.Address{Name: "Anna", Line1: "Road 1", PostalCode: "10115", City: "Berlin", Country: "DE", Email: "anna@example.com"}

// cart is an order of anna's for some products, to be placed at once.
func cart(id string, lines ...app.LineRequest) app.NewOrder {
	to := home
	return app.NewOrder{
		ID: order.ID(ids.Order("anna", id)), Currency: "EUR", Lines: lines, Address: &to, Submit: &app.Submit{PaymentMethodToken: "tok_ok"},
	}
}

func line(sku string, quantity int) app.LineRequest {
	return app.LineRequest{SKU: order.SKU(sku), Quantity: quantity}
}

// placed is an order of anna's that waits for its payment.
func (s *shop) placed(id string, lines ...app.LineRequest) app.Result {
	s.t.Helper()
	res, err := s.Draft(s.t.Context(), s.by(anna), cart(id, lines...))
	if err != nil {
		s.t.Fatal(err)
	}
	return res
}

// confirmed is an order of anna's that is authorized.
func (s *shop) confirmed(id string, lines ...app.LineRequest) app.Result {
	s.t.Helper()
	placed := s.placed(id, lines...)
	res, err := s.Record(s.t.Context(), s.fact(), placed.State.ID, func(c order.Cause) order.Command {
		return order.RecordAuthorization{
			Cause: c, PaymentID: placed.State.Payments[0].ID, Amount: placed.State.GrandTotal, AuthorizedAt: s.now,
			AuthExpiresAt: s.now.Add(7 * 24 * time.Hour), GatewayRef: "auth-1", Card: &order.Card{Brand: "visa", Last4: "4242"},
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return res
}

// types are the events of the whole store from a position on.
func (s *shop) types(after int64) []string {
	s.t.Helper()
	events, err := s.store.ReadAll(s.t.Context(), after, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	var types []string
	for _, e := range events {
		types = append(types, e.EventType)
	}
	return types
}

func (s *shop) head() int64 {
	s.t.Helper()
	events, err := s.store.ReadAll(s.t.Context(), 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return int64(len(events))
}

func (s *shop) events(id order.ID) []es.Event {
	s.t.Helper()
	events, err := s.store.Load(s.t.Context(), es.Stream{Type: app.StreamOrder, ID: string(id)}, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return events
}
