package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func orderFact(stored es.Event) (fact, error) {
	decoded, err := app.OrderEvents.Decode(stored)
	if err != nil {
		return fact{}, err
	}
	about := decoded.About()
	head := orderv1.Head{
		OrderID: string(about.OrderID), Version: stored.Version, OccurredAt: about.OccurredAt,
		After: orderv1.Axes{
			Status: string(about.After.Status), PaymentStatus: string(about.After.PaymentStatus),
			FulfillmentStatus: string(about.After.FulfillmentStatus),
		},
	}
	for _, translate := range []func(orderv1.Head, order.Event) (string, any){draftBody, placedBody, paymentBody, parcelBody, returnBody} {
		if typ, body := translate(head, decoded); typ != "" {
			return fact{string(about.OrderID), typ, about.OccurredAt, body}, nil
		}
	}
	return fact{}, es.ErrUnknownEvent
}

// each is list with every element translated, never nil: contracts write [].
func each[A, B any](list []A, to func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = to(a)
	}
	return out
}

func address(a order.Address) orderv1.Address {
	return orderv1.Address{
		Name: a.Name, Line1: a.Line1, Line2: a.Line2, PostalCode: a.PostalCode, City: a.City, Region: a.Region, Country: a.Country,
		Email: a.Email, Phone: a.Phone,
	}
}

func shipping(s order.Shipping) orderv1.Shipping {
	return orderv1.Shipping{Net: int64(s.Net), Tax: int64(s.Tax), Gross: int64(s.Gross)}
}

func totals(t order.Totals) orderv1.Totals {
	return orderv1.Totals{
		DiscountTotal: int64(t.DiscountTotal), TaxTotal: int64(t.TaxTotal), Shipping: shipping(t.Shipping), GrandTotal: int64(t.GrandTotal),
	}
}

func draftLine(l order.DraftLine) orderv1.DraftLine {
	return orderv1.DraftLine{
		LineID: string(l.LineID), SKU: string(l.SKU), Name: l.Name, Quantity: l.Quantity, UnitPrice: int64(l.UnitPrice),
		PriceID: string(l.PriceID), TaxRateBP: l.TaxRateBP, TaxIncluded: l.TaxIncluded,
	}
}

func placedLine(l order.PlacedLine) orderv1.PlacedLine {
	return orderv1.PlacedLine{
		DraftLine: draftLine(l.DraftLine), DiscountAllocated: int64(l.DiscountAllocated), Net: int64(l.Net), Tax: int64(l.Tax),
		Gross: int64(l.Gross),
	}
}

func discount(d order.Discount) orderv1.Discount {
	return orderv1.Discount{
		DiscountID: string(d.DiscountID), Code: d.Code, Kind: string(d.Kind), Value: d.Value, SKU: string(d.SKU),
	}
}

func lineQuantity(l order.LineQuantity) orderv1.LineQuantity {
	return orderv1.LineQuantity{LineID: string(l.LineID), Quantity: l.Quantity}
}

func lineGross(l order.LineGross) orderv1.LineGross {
	return orderv1.LineGross{LineID: string(l.LineID), Quantity: l.Quantity, Gross: int64(l.Gross)}
}

func skuQuantity(s order.SKUQuantity) orderv1.SKUQuantity {
	return orderv1.SKUQuantity{SKU: string(s.SKU), Quantity: s.Quantity}
}
