package orderv1_test

import (
	"maps"
	"testing"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/contractstest"
)

func TestWire(t *testing.T) {
	examples := map[string]any{}
	for _, some := range []map[string]any{draftExamples, orderExamples, paymentExamples, parcelExamples} {
		maps.Copy(examples, some)
	}
	contractstest.Run(t, orderv1.Types, examples)
}

const (
	orderID    = "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01"
	lineID     = "b0a1c2d3-0000-5001-8001-000000000001"
	priceID    = "b0a1c2d3-0000-5002-8002-000000000002"
	discountID = "b0a1c2d3-0000-5003-8003-000000000003"
	paymentID  = "b0a1c2d3-0000-5004-8004-000000000004"
	captureID  = "b0a1c2d3-0000-5005-8005-000000000005"
	shipmentID = "b0a1c2d3-0000-5006-8006-000000000006"
	returnID   = "b0a1c2d3-0000-5007-8007-000000000007"
	refundID   = "b0a1c2d3-0000-5008-8008-000000000008"
	opID       = "b0a1c2d3-0000-5009-8009-000000000009"
)

// at is an instant with microseconds, so many minutes after ten.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 14, 10, minutes, 5, 123456000, time.UTC)
}

func due(minutes int) *time.Time {
	t := at(minutes)
	return &t
}

func head(version int64, status, payment, fulfillment string) orderv1.Head {
	return orderv1.Head{
		OrderID: orderID, Version: version, OccurredAt: at(int(version)),
		After: orderv1.Axes{Status: status, PaymentStatus: payment, FulfillmentStatus: fulfillment},
	}
}

var (
	address = orderv1.Address{
		Name: "Zoë Ångström <& Co>", Line1: "Straße 1", Line2: "Hof", PostalCode: "10115", City: "Berlin",
		Region: "BE", Country: "DE", Email: "zoe@example.org", Phone: "+49 30 1234",
	}
	draftLine = orderv1.DraftLine{
		LineID: lineID, SKU: "TEA-01", Name: "Green tea", Quantity: 2, UnitPrice: 1999, PriceID: priceID,
		TaxRateBP: 1900, TaxIncluded: true,
	}
	placedLine = orderv1.PlacedLine{DraftLine: draftLine, DiscountAllocated: 400, Net: 3024, Tax: 574, Gross: 3598}
	discount   = orderv1.Discount{DiscountID: discountID, Code: "SPRING", Kind: "percent", Value: 1000, SKU: "TEA-01"}
	shipping   = orderv1.Shipping{Net: 412, Tax: 78, Gross: 490}
	totals     = orderv1.Totals{DiscountTotal: 400, TaxTotal: 652, Shipping: shipping, GrandTotal: 4088}
	units      = []orderv1.LineQuantity{{LineID: lineID, Quantity: 1}}
	worth      = []orderv1.LineGross{{LineID: lineID, Quantity: 1, Gross: 1799}}
	stock      = []orderv1.SKUQuantity{{SKU: "TEA-01", Quantity: 1}}
	card       = &orderv1.Card{Brand: "visa", Last4: "4242"}
)

var draftExamples = map[string]any{
	orderv1.TypeDrafted: orderv1.Drafted{
		Head: head(1, "draft", "none", "unfulfilled"), Totals: totals, OrderNumber: "ORD-7F3K-22QX-M4T8", CustomerID: "c-1",
		Currency: "EUR", Channel: "api", Lines: []orderv1.DraftLine{draftLine}, Discounts: []orderv1.Discount{discount},
		ShippingAddress: &address,
	},
	orderv1.TypeDrafted + "+empty": orderv1.Drafted{
		Head: head(1, "draft", "none", "unfulfilled"), OrderNumber: "ORD-7F3K-22QX-M4T8", CustomerID: "c-1",
		Currency: "EUR", Channel: "web", Lines: []orderv1.DraftLine{}, Discounts: []orderv1.Discount{},
	},
	orderv1.TypeLineAdded: orderv1.LineAdded{
		Head: head(2, "draft", "none", "unfulfilled"), Totals: totals, Line: draftLine,
	},
	orderv1.TypeLineRemoved: orderv1.LineRemoved{
		Head: head(3, "draft", "none", "unfulfilled"), Totals: totals, LineID: lineID,
	},
	orderv1.TypeLineQuantityChanged: orderv1.LineQuantityChanged{
		Head: head(3, "draft", "none", "unfulfilled"), Totals: totals, LineID: lineID, OldQuantity: 1, Quantity: 2,
	},
	orderv1.TypeDiscountApplied: orderv1.DiscountApplied{
		Head: head(4, "draft", "none", "unfulfilled"), Totals: totals, Discount: discount,
	},
	orderv1.TypeDiscountRemoved: orderv1.DiscountRemoved{
		Head: head(5, "draft", "none", "unfulfilled"), Totals: totals, DiscountID: discountID,
	},
	orderv1.TypeShippingAddressSet: orderv1.ShippingAddressSet{
		Head: head(6, "draft", "none", "unfulfilled"), Totals: totals, ShippingAddress: address,
	},
}

var orderExamples = map[string]any{
	orderv1.TypePlaced: orderv1.Placed{
		Head: head(2, "placed", "pending", "unfulfilled"), OrderNumber: "ORD-7F3K-22QX-M4T8", CustomerID: "c-1", Currency: "EUR",
		Lines: []orderv1.PlacedLine{placedLine}, Shipping: shipping, Discounts: []orderv1.Discount{discount},
		DiscountTotal: 400, TaxTotal: 652, GrandTotal: 4088, ShippingAddress: address, CapturePolicy: "on_shipment",
		PaymentID: paymentID, Attempt: 1, PaymentMethodToken: "tok_ok", PaymentDueAt: due(17), PlacedAt: at(2),
	},
	orderv1.TypePlaced + "+free": orderv1.Placed{
		Head: head(2, "confirmed", "not_required", "unfulfilled"), OrderNumber: "ORD-7F3K-22QX-M4T8", CustomerID: "c-1", Currency: "JPY",
		Lines: []orderv1.PlacedLine{{DraftLine: orderv1.DraftLine{
			LineID: lineID, SKU: "SAMPLE", Name: "Sample", Quantity: 1, PriceID: priceID,
		}}},
		Discounts: []orderv1.Discount{}, ShippingAddress: address, CapturePolicy: "on_confirm", Attempt: 1, PlacedAt: at(2),
	},
	orderv1.TypeConfirmed: orderv1.Confirmed{Head: head(4, "confirmed", "authorized", "unfulfilled"), ConfirmedAt: at(4)},
	orderv1.TypeExpired: orderv1.Expired{
		Head: head(4, "expired", "void_pending", "unfulfilled"), Reason: "payment_timeout", Released: stock,
	},
	orderv1.TypeCancelled: orderv1.Cancelled{
		Head: head(5, "cancelled", "void_pending", "unfulfilled"), ReasonCode: "customer", Note: "changed my mind",
		Lines: worth, Released: stock,
	},
	orderv1.TypeLinesCancelled: orderv1.LinesCancelled{
		Head: head(5, "confirmed", "authorized", "unfulfilled"), ReasonCode: "inventory", Note: "one is broken",
		Lines: worth, Released: stock,
	},
	orderv1.TypeLinesBackordered: orderv1.LinesBackordered{
		Head: head(5, "confirmed", "authorized", "backordered"), Lines: units,
	},
	orderv1.TypeLinesBackordered + "+covered": orderv1.LinesBackordered{
		Head: head(6, "confirmed", "authorized", "unfulfilled"), Lines: []orderv1.LineQuantity{{LineID: lineID}},
	},
	orderv1.TypeCompleted: orderv1.Completed{Head: head(9, "completed", "captured", "delivered"), CompletedAt: at(9)},
	orderv1.TypeNoteAdded: orderv1.NoteAdded{Head: head(10, "completed", "captured", "delivered"), Note: "called back"},
}
