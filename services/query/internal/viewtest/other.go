package viewtest

import (
	"fmt"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/pkg/messaging"
)

// PaymentStory is one payment as its messages.
type PaymentStory struct {
	ID, OrderID, Customer string
	Messages              []messaging.Message
	n                     int
}

// NewPayment begins the story of the first payment of the n-th order.
func NewPayment(customer string, n int) *PaymentStory {
	order := ids.Order("viewtest", fmt.Sprint(n))
	return &PaymentStory{ID: ids.Payment(order, 1), OrderID: order, Customer: customer, n: n}
}

// Head is that of the next event.
func (s *PaymentStory) Head() paymentv1.Head {
	v := int64(len(s.Messages) + 1)
	return paymentv1.Head{PaymentID: s.ID, OrderID: s.OrderID, Version: v, OccurredAt: (&OrderStory{n: s.n}).At(v)}
}

// Tell adds an event whose head is [PaymentStory.Head].
func (s *PaymentStory) Tell(typ string, body any) *PaymentStory {
	h := s.Head()
	s.Messages = append(s.Messages, messaging.Message{
		Topic: paymentv1.Topic, Key: s.OrderID, Stream: s.ID, Version: h.Version, Type: typ, Source: paymentv1.Source, Time: h.OccurredAt,
		Position: h.Version, ID: ids.Command(s.ID, fmt.Sprint(h.Version)), Data: encode(body),
	})
	return s
}

// Auth is the id of its authorization.
func (s *PaymentStory) Auth() string { return ids.Operation(s.ID, "authorize", 1) }

// Requested tells that amount shall be paid.
func (s *PaymentStory) Requested(amount int64) *PaymentStory {
	return s.Tell(paymentv1.TypeRequested, paymentv1.Requested{
		Head: s.Head(), Attempt: 1, Gateway: "fake", CustomerID: s.Customer, Amount: amount, Currency: "EUR", OpID: s.Auth(), IdempotencyKey: "k",
	})
}

// Authorized tells that the gateway was called and holds amount.
func (s *PaymentStory) Authorized(amount int64) *PaymentStory {
	s.Tell(paymentv1.TypeAuthorizationStarted, paymentv1.AuthorizationStarted{Head: s.Head(), OpID: s.Auth()})
	h := s.Head()
	return s.Tell(paymentv1.TypeAuthorized, paymentv1.Authorized{
		Head: h, Attempt: 1, OpID: s.Auth(), Amount: amount, GatewayRef: "gw_1", AuthorizedAt: h.OccurredAt, ExpiresAt: h.OccurredAt.AddDate(0, 0, 7), Source: "call",
	})
}

// CatalogStory is one SKU as its messages, of the product and of the stock stream.
type CatalogStory struct {
	SKU            string
	Messages       []messaging.Message
	product, stock int64
}

// NewSKU begins the story of a SKU.
func NewSKU(sku string) *CatalogStory { return &CatalogStory{SKU: sku} }

// ProductHead is that of the next event of the product.
func (s *CatalogStory) ProductHead() catalogv1.Head {
	return catalogv1.Head{SKU: s.SKU, Version: s.product + 1, OccurredAt: Start}
}

// StockHead is that of the next event of the stock.
func (s *CatalogStory) StockHead() catalogv1.Head {
	return catalogv1.Head{SKU: s.SKU, Version: s.stock + 1, OccurredAt: Start}
}

// TellProduct adds an event of the product.
func (s *CatalogStory) TellProduct(typ string, body any) *CatalogStory {
	s.product++
	return s.tell(ids.ProductStream(s.SKU), s.product, typ, body)
}

// TellStock adds an event of the stock.
func (s *CatalogStory) TellStock(typ string, body any) *CatalogStory {
	s.stock++
	return s.tell(ids.StockStream(s.SKU), s.stock, typ, body)
}

func (s *CatalogStory) tell(stream string, version int64, typ string, body any) *CatalogStory {
	s.Messages = append(s.Messages, messaging.Message{
		Topic: catalogv1.Topic, Key: s.SKU, Stream: stream, Version: version, Type: typ, Source: catalogv1.Source, Time: Start, Position: version,
		ID: ids.Command(stream, fmt.Sprint(version)), Data: encode(body),
	})
	return s
}

// Listed tells that the product is sold at a price, and how many units there are.
func (s *CatalogStory) Listed(price, onHand int64) *CatalogStory {
	s.TellProduct(catalogv1.TypeProductListed, catalogv1.ProductListed{Head: s.ProductHead(), Name: "Name of " + s.SKU, TaxRateBP: 1900, TaxIncluded: true})
	s.TellProduct(catalogv1.TypeProductPriceChanged, catalogv1.ProductPriceChanged{
		Head: s.ProductHead(), PriceID: ids.Price(s.SKU, "EUR", "1"), Currency: "EUR", Amount: price, ValidFrom: Start, Reason: "initial",
	})
	return s.TellStock(catalogv1.TypeStockReceived, catalogv1.StockReceived{
		Head: s.StockHead(), Level: catalogv1.Level{OnHand: onHand}, Quantity: onHand, Source: "purchase",
	})
}

// Deliver returns messages as a partition of topic would deliver them, from offset first on.
func Deliver(topic string, first int64, messages ...messaging.Message) []messaging.Message {
	out := make([]messaging.Message, len(messages))
	for i, m := range messages {
		m.Topic, m.Offset = topic, first+int64(i)
		out[i] = m
	}
	return out
}
