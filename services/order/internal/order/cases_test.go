package order_test

import (
	"errors"
	"testing"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func percent(bp int64) order.Offer {
	return order.Offer{Code: "PERCENT", Kind: order.PercentOff, Value: bp, ValidFrom: noon}
}

func amountOff(a int64) order.Offer {
	return order.Offer{Code: "AMOUNT", Kind: order.AmountOff, Value: a, Currency: "EUR", ValidFrom: noon}
}

func TestRefundingUnitByUnitSumsToTheGross(t *testing.T) {
	s := confirmed(t, setting{offers: []order.Offer{percent(2500)}}, item{"A", 2390, 10, 2000, false})
	l := s.state.Lines[0]
	equal(t, "discount, gross, tax, net", []money.Amount{l.DiscountAllocated, l.Gross, l.Tax, l.Net}, []money.Amount{5975, 17925, 2988, 14937})
	s.shipAll()
	var amounts, taxes []money.Amount
	for range 10 {
		e := of[order.RefundRequested](s.do(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}))[0]
		amounts, taxes = append(amounts, e.Amount), append(taxes, e.Lines[0].Tax)
		s.settle()
	}
	equal(t, "refunds", amounts, []money.Amount{1792, 1793, 1792, 1793, 1792, 1793, 1792, 1793, 1792, 1793})
	equal(t, "taxes", taxes, []money.Amount{298, 299, 299, 299, 298, 299, 299, 299, 299, 299})
	equal(t, "refunded", s.state.Refunded(), 17925)
	equal(t, "payment", s.state.PaymentStatus, order.PayRefunded)
	err := s.refuse(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}, "exceeds_refundable")
	var exceeds *order.ExceedsRefundableError
	if errors.As(err, &exceeds); exceeds == nil || exceeds.Lines[0].Maximum != 0 || exceeds.Refundable != 0 {
		t.Errorf("the eleventh refund: %+v", exceeds)
	}
}

func TestTotals(t *testing.T) {
	type line struct{ discount, net, tax, gross money.Amount }
	for _, tt := range []struct {
		name     string
		with     setting
		items    []item
		lines    []line
		shipping order.Shipping
		total    money.Amount
	}{
		{
			name: "tax is rounded once for three units of one product", with: setting{offers: []order.Offer{amountOff(500)}},
			items: []item{{"A", 7000, 3, 2000, true}}, lines: []line{{500, 20500, 4100, 24600}}, total: 24600,
		},
		{
			name: "tax is rounded for each of three products", with: setting{offers: []order.Offer{amountOff(500)}},
			items: []item{{"A", 7000, 1, 2000, true}, {"B", 7000, 1, 2000, true}, {"C", 7000, 1, 2000, true}},
			lines: []line{{167, 6833, 1367, 8200}, {167, 6833, 1367, 8200}, {166, 6834, 1367, 8201}}, total: 24601,
		},
		{
			name: "a flat discount is allocated in proportion", with: setting{offers: []order.Offer{amountOff(900)}},
			items: []item{{"A", 100, 1, 0, false}, {"B", 500, 1, 0, false}, {"C", 3000, 1, 0, false}},
			lines: []line{{25, 75, 0, 75}, {125, 375, 0, 375}, {750, 2250, 0, 2250}}, total: 2700,
		},
		{
			name: "a discount never exceeds the goods", with: setting{offers: []order.Offer{amountOff(4000)}},
			items: []item{{"A", 100, 1, 0, false}, {"B", 500, 1, 0, false}, {"C", 3000, 1, 0, false}},
			lines: []line{{100, 0, 0, 0}, {500, 0, 0, 0}, {3000, 0, 0, 0}}, total: 0,
		},
		{
			name: "a free cart takes no discount and pays shipping", items: []item{{"A", 0, 2, 2000, false}},
			with:  setting{offers: []order.Offer{amountOff(100)}, shipping: order.ShippingRate{Fee: 500, TaxRateBP: 0, TaxIncluded: true}},
			lines: []line{{0, 0, 0, 0}}, shipping: order.Shipping{Net: 500, Gross: 500}, total: 500,
		},
		{
			name: "a cent among euros gets a cent of the discount", with: setting{offers: []order.Offer{amountOff(5000)}},
			items: []item{{"A", 1, 1, 0, false}, {"B", 9999, 1, 0, false}},
			lines: []line{{1, 0, 0, 0}, {4999, 5000, 0, 5000}}, total: 5000,
		},
		{
			name: "shipping is taxed as a line of its own", items: []item{{"A", 2800, 1, 1900, false}},
			with:  setting{offers: []order.Offer{percent(1000)}, shipping: order.ShippingRate{Fee: 202, TaxRateBP: 1900}},
			lines: []line{{280, 2118, 402, 2520}}, shipping: order.Shipping{Net: 202, Tax: 38, Gross: 240}, total: 2760,
		},
		{
			name: "three decimals", items: []item{{"A", 1235, 3, 1000, true}},
			with:  setting{currency: "BHD", shipping: order.ShippingRate{Fee: 500, TaxRateBP: 1000}},
			lines: []line{{0, 3705, 371, 4076}}, shipping: order.Shipping{Net: 500, Tax: 50, Gross: 550}, total: 4626,
		},
		{
			name: "below the free limit after the discount", items: []item{{"A", 12499, 1, 0, false}},
			with:  setting{offers: []order.Offer{percent(2500)}, shipping: order.ShippingRate{Fee: 499, FreeFrom: 10000}},
			lines: []line{{3125, 9374, 0, 9374}}, shipping: order.Shipping{Net: 499, Gross: 499}, total: 9873,
		},
		{
			name: "at the free limit after the discount", items: []item{{"A", 12499, 1, 0, false}},
			with:  setting{offers: []order.Offer{percent(1900)}, shipping: order.ShippingRate{Fee: 499, FreeFrom: 10000}},
			lines: []line{{2375, 10124, 0, 10124}}, total: 10124,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := placed(t, tt.with, tt.items...)
			var got []line
			for _, l := range s.state.Lines {
				got = append(got, line{l.DiscountAllocated, l.Net, l.Tax, l.Gross})
			}
			if len(got) != len(tt.lines) {
				t.Fatalf("got %d lines", len(got))
			}
			for i := range got {
				if got[i] != tt.lines[i] {
					t.Errorf("line %d: got %+v, want %+v", i, got[i], tt.lines[i])
				}
			}
			equal(t, "shipping", s.state.Shipping, tt.shipping)
			equal(t, "total", s.state.GrandTotal, tt.total)
		})
	}
}

func TestTaxOfFiftyLinesIsRoundedPerLine(t *testing.T) {
	var items []item
	for i := range 50 {
		items = append(items, item{order.SKU("P" + string(rune('A'+i/26)) + string(rune('A'+i%26))), 5, 1, 2100, true})
	}
	s := placed(t, setting{}, items...)
	equal(t, "tax and total", []money.Amount{s.state.TaxTotal, s.state.GrandTotal}, []money.Amount{50, 300})
}

func TestACartThatIsFreeIsConfirmedAtOnce(t *testing.T) {
	s := newShop(t)
	events := s.do(s.drafting(setting{offers: []order.Offer{amountOff(4000)}}, &order.Submit{}, item{"A", 100, 1, 0, false}))
	equal(t, "events", names(events), []string{"Drafted", "Placed", "Confirmed"})
	equal(t, "axes", s.state.Axes, order.Axes{
		Status: order.StatusConfirmed, PaymentStatus: order.PayNotRequired, FulfillmentStatus: order.GoodsUnfulfilled,
	})
	equal(t, "requests to the payment service", s.bank.next(), "")
	s.shipAll()
	equal(t, "status", s.state.Status, order.StatusCompleted)
	events = s.sendBack(units("A", 1))
	equal(t, "events of the return", names(events), []string{"ReturnReceived", "ReturnClosed"})
}

func TestAFreeLineIsReturnedWithoutARefundOfNothing(t *testing.T) {
	s := confirmed(t, setting{shipping: order.ShippingRate{Fee: 500, TaxIncluded: true}}, item{"A", 0, 2, 2000, false}, item{"B", 1000, 1, 2000, false})
	s.shipAll()
	s.refuse(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}, "exceeds_refundable")
	events := s.sendBack(units("A", 2), units("B", 1))
	equal(t, "refunds", refunds(events), []money.Amount{1000})
	s.settle()
	equal(t, "goods", s.state.FulfillmentStatus, order.GoodsReturned)
	equal(t, "due and paid", []money.Amount{s.state.Due(), s.state.Paid()}, []money.Amount{500, 500})

	s = confirmed(t, setting{offers: []order.Offer{amountOff(5000)}}, item{"A", 1, 1, 0, false}, item{"B", 9999, 1, 0, false})
	s.shipAll()
	s.refuse(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}, "exceeds_refundable")
	equal(t, "merged with another line", refunds(s.do(order.RequestRefund{
		Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1), units("B", 1)},
	})), []money.Amount{5000})
}

func TestYenHaveNoDecimals(t *testing.T) {
	s := confirmed(t, setting{currency: "JPY"}, item{"A", 1000, 3, 1000, false})
	equal(t, "total and tax", []money.Amount{s.state.GrandTotal, s.state.TaxTotal}, []money.Amount{3000, 273})
	for range 3 {
		s.deliver(s.ship(units("A", 1)))
	}
	var captures []money.Amount
	for _, c := range s.state.Captures {
		captures = append(captures, c.Amount)
	}
	equal(t, "captures", captures, []money.Amount{1000, 1000, 1000})
	e := of[order.RefundRequested](s.do(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}))[0]
	equal(t, "refund", e.Lines, []order.RefundLine{{LineID: lineID("A"), Quantity: 1, Net: 909, Tax: 91}})
}

func TestDinarsAreCapturedWithShippingInTheFirstParcel(t *testing.T) {
	s := confirmed(t, setting{currency: "BHD", shipping: order.ShippingRate{Fee: 500, TaxRateBP: 1000}}, item{"A", 1235, 3, 1000, true})
	s.deliver(s.ship(units("A", 1)))
	s.deliver(s.ship(units("A", 2)))
	equal(t, "captures", []money.Amount{s.state.Captures[0].Amount, s.state.Captures[1].Amount}, []money.Amount{1908, 2718})
	var taxes []money.Amount
	for range 3 {
		e := of[order.RefundRequested](s.do(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}))[0]
		taxes = append(taxes, e.Lines[0].Tax)
	}
	equal(t, "unit taxes", taxes, []money.Amount{123, 124, 124})
}
