package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var (
	mug  = item{"MUG", 1250, 2, 1900, false}
	lamp = item{"LAMP", 4000, 1, 1900, false}
	flat = order.ShippingRate{Fee: 499, TaxRateBP: 1900, TaxIncluded: true, FreeFrom: 6000}
)

// draft is a draft of items with flat shipping.
func draft(t *testing.T, items ...item) *shop {
	t.Helper()
	s := newShop(t)
	s.do(s.drafting(setting{shipping: flat}, nil, items...))
	return s
}

func TestADraftIsOneEvent(t *testing.T) {
	s := newShop(t)
	s.now = noon.Add(1234 * time.Nanosecond).In(time.FixedZone("CET", 3600))
	c := s.drafting(setting{shipping: flat, offers: []order.Offer{amountOff(500)}}, nil, mug)
	s.now = noon.Add(time.Microsecond) // as it is stored
	axes := order.Axes{Status: order.StatusDraft, PaymentStatus: order.PayNone, FulfillmentStatus: order.GoodsUnfulfilled}
	equal(t, "events", s.do(c), []order.Event{order.Drafted{
		Head:        order.Head{OrderID: orderID, OccurredAt: noon.Add(time.Microsecond), After: axes},
		Totals:      order.Totals{DiscountTotal: 500, TaxTotal: 319 + 80, Shipping: order.Shipping{Net: 419, Tax: 80, Gross: 499}, GrandTotal: 2499},
		OrderNumber: ids.OrderNumber(string(orderID)), CustomerID: "customer-1", Currency: "EUR", Channel: order.API,
		Lines: []order.DraftLine{{
			LineID: lineID("MUG"), SKU: "MUG", Name: "a MUG", Quantity: 2, UnitPrice: 1250, PriceID: "price-MUG", TaxRateBP: 1900, TaxIncluded: true,
		}},
		Discounts: []order.Discount{{
			DiscountID: order.DiscountID(ids.Discount(string(orderID), "command-1", 0)), Code: "AMOUNT", Kind: order.AmountOff, Value: 500,
		}},
		ShippingAddress: &home,
	}})
}

func TestWhatADraftMayNotHold(t *testing.T) {
	many := make([]item, order.MaxLines+1)
	for i := range many {
		many[i] = item{order.SKU(rune('A'+i%26)) + order.SKU(rune('A'+i/26)), 1, 1, 0, false}
	}
	for _, tt := range []struct {
		name   string
		offers []order.Offer
		items  []item
		code   string
	}{
		{"a product twice", nil, []item{mug, mug}, "validation_failed"},
		{"no unit", nil, []item{{"MUG", 1, 0, 0, false}}, "validation_failed"},
		{"a negative number of units", nil, []item{{"MUG", 1, -1, 0, false}}, "validation_failed"},
		{"too many units", nil, []item{{"MUG", 1, 1000, 0, false}}, "validation_failed"},
		{"too many lines", nil, many, "validation_failed"},
		{"a discount twice", []order.Offer{percent(1), percent(1)}, []item{mug}, "validation_failed"},
		{"a code that nobody defined", []order.Offer{{Code: "NONE"}}, []item{mug}, "discount_not_applicable"},
		{"a total above the largest amount", nil, []item{{"A", money.Max, 1, 0, false}, {"B", 1, 1, 0, false}}, "amount_out_of_range"},
		{"a line above the largest amount", nil, []item{{"A", money.Max, 2, 0, false}}, "amount_out_of_range"},
		{"a tax beyond the largest amount", nil, []item{{"A", money.Max, 1, 1, true}}, "amount_out_of_range"},
		{"a price below 0", nil, []item{{"A", -1, 1, 0, false}}, "amount_out_of_range"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t)
			s.refuse(s.drafting(setting{offers: tt.offers}, nil, tt.items...), tt.code)
		})
	}
}

func TestEditingADraft(t *testing.T) {
	s := draft(t, mug)
	equal(t, "a fee is due", s.state.GrandTotal, 2999)

	add := order.AddLine{Cause: s.cause(), Line: lamp.line(), Shipping: flat}
	events := s.do(add)
	equal(t, "added", names(events), []string{"LineAdded"})
	equal(t, "from 60.00 shipping is free", s.state.Totals, order.Totals{TaxTotal: 399 + 639, GrandTotal: 6500})

	add = order.AddLine{Cause: s.cause(), Line: item{"MUG", 9999, 3, 0, true}.line(), Shipping: flat}
	events = s.do(add)
	equal(t, "added again, at the price it has", events, []order.Event{order.LineQuantityChanged{
		Head: events[0].About(), Totals: s.state.Totals, LineID: lineID("MUG"), OldQuantity: 2, Quantity: 5,
	}})
	equal(t, "total", s.state.GrandTotal, 10250)

	s.refuse(order.AddLine{Cause: s.cause(), Line: item{"MUG", 1, 995, 0, false}.line()}, "validation_failed")
	s.refuse(order.AddLine{Cause: s.cause(), Line: item{"NEW", 1, 0, 0, false}.line()}, "validation_failed")
	s.refuse(order.ChangeQuantity{Cause: s.cause(), LineID: lineID("MUG"), Quantity: 0}, "validation_failed")
	s.refuse(order.ChangeQuantity{Cause: s.cause(), LineID: "nobody's", Quantity: 1}, "not_found")
	s.refuse(order.RemoveLine{Cause: s.cause(), LineID: "nobody's"}, "not_found")
	equal(t, "the same quantity", len(s.do(order.ChangeQuantity{Cause: s.cause(), LineID: lineID("MUG"), Quantity: 5})), 0)
	equal(t, "the same address", len(s.do(order.SetAddress{Cause: s.cause(), Address: home})), 0)

	s.do(order.RemoveLine{Cause: s.cause(), LineID: lineID("MUG"), Shipping: flat})
	s.do(order.RemoveLine{Cause: s.cause(), LineID: lineID("LAMP"), Shipping: flat})
	equal(t, "an empty cart ships free", s.state.Totals, order.Totals{})
	s.refuse(s.placing(), "order_incomplete")
}

func TestADraftHasAsManyLinesAsAnOrder(t *testing.T) {
	s := draft(t)
	for i := range order.MaxLines {
		s.do(order.AddLine{Cause: s.cause(), Line: item{order.SKU(rune('A'+i%26)) + order.SKU(rune('A'+i/26)), 1, 1, 0, false}.line()})
	}
	s.refuse(order.AddLine{Cause: s.cause(), Line: mug.line()}, "validation_failed")
}

func TestDiscountsOfADraft(t *testing.T) {
	s := draft(t, mug)
	apply := func(o order.Offer) order.Command {
		return order.ApplyDiscount{Cause: s.cause(), Offer: o, Shipping: flat}
	}
	for name, o := range map[string]order.Offer{
		"undefined":     {},
		"withdrawn":     {Code: "X", Kind: order.PercentOff, Value: 1, Withdrawn: true},
		"not yet":       {Code: "X", Kind: order.PercentOff, Value: 1, ValidFrom: noon.Add(time.Microsecond)},
		"no longer":     {Code: "X", Kind: order.PercentOff, Value: 1, ValidTo: noon},
		"another money": {Code: "X", Kind: order.AmountOff, Value: 1, Currency: "USD"},
		"too small":     {Code: "X", Kind: order.AmountOff, Value: 1, Currency: "EUR", MinTotal: 2501},
		"no such line":  {Code: "X", Kind: order.PercentOff, Value: 1, SKU: "LAMP"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused *order.DiscountError
			if err := s.refuse(apply(o), "discount_not_applicable"); !errors.As(err, &refused) || refused.Totals != s.state.Totals {
				t.Errorf("got %+v", err)
			}
		})
	}
	s.do(apply(order.Offer{Code: "X", Kind: order.PercentOff, Value: 1000, SKU: "MUG", ValidFrom: noon, ValidTo: noon.Add(time.Microsecond), MinTotal: 2500}))
	s.refuse(apply(order.Offer{Code: "X", Kind: order.PercentOff, Value: 1000}), "discount_not_applicable")
	s.do(apply(amountOff(50)))
	equal(t, "of the line first, then of the order", s.state.DiscountTotal, 300)
	s.refuse(order.RemoveDiscount{Cause: s.cause(), DiscountID: "nobody's"}, "not_found")
	s.do(order.RemoveDiscount{Cause: s.cause(), DiscountID: s.state.Discounts[0].DiscountID, Shipping: flat})
	equal(t, "without the first", s.state.Totals.DiscountTotal, 50)
}

func TestACodeWhoseMinimumIsNoLongerMet(t *testing.T) {
	code := order.Offer{Code: "TWENTY", Kind: order.AmountOff, Value: 2000, Currency: "EUR", MinTotal: 10000, ValidFrom: noon}
	s := newShop(t)
	s.do(s.drafting(setting{}, nil, item{"A", 6000, 1, 0, false}, item{"B", 5000, 1, 0, false}))
	s.do(order.ApplyDiscount{Cause: s.cause(), Offer: code})
	equal(t, "total", s.state.GrandTotal, 9000)
	s.do(order.RemoveLine{Cause: s.cause(), LineID: lineID("B")})
	for _, expected := range []*money.Amount{nil, new(money.Amount), &s.state.GrandTotal} {
		c := s.placing()
		c.Offers, c.ExpectedTotal = []order.Offer{code}, expected
		var refused *order.DiscountError
		if err := s.refuse(c, "discount_not_applicable"); !errors.As(err, &refused) || refused.Totals.GrandTotal != 6000 || refused.DiscountCode != "TWENTY" {
			t.Errorf("got %+v", err)
		}
	}
	equal(t, "codes on the draft", len(s.state.Discounts), 1)
	s.do(order.AddLine{Cause: s.cause(), Line: item{"B", 5000, 1, 0, false}.line()})
	c := s.placing()
	c.Offers = []order.Offer{code}
	s.do(c)
	equal(t, "total", s.state.GrandTotal, 9000)
}

func TestADraftThatNobodyTouchesExpires(t *testing.T) {
	s := draft(t, mug)
	s.now = noon.Add(time.Hour)
	s.do(order.AddNote{Cause: s.cause(), Note: "called"})
	s.now = noon.Add(order.DraftLife)
	var early *order.NotDueError
	if err := s.refuse(order.ExpireDraft{Cause: s.cause()}, "not_due"); !errors.As(err, &early) || !early.DueAt.Equal(noon.Add(order.DraftLife+time.Hour)) {
		t.Errorf("got %v", err)
	}
	s.now = early.DueAt
	events := s.do(order.ExpireDraft{Cause: s.cause()})
	axes := order.Axes{Status: order.StatusExpired, PaymentStatus: order.PayNone, FulfillmentStatus: order.GoodsUnfulfilled}
	equal(t, "events", events, []order.Event{order.Expired{
		Head: order.Head{OrderID: orderID, OccurredAt: s.now, After: axes}, Reason: order.DraftAbandoned, Released: []order.SKUQuantity{},
	}})
}

func TestACancelledDraftHadSoldNothing(t *testing.T) {
	s := draft(t, mug)
	e := of[order.Cancelled](s.do(s.cancel()))[0]
	equal(t, "lines and released", []int{len(e.Lines), len(e.Released)}, []int{0, 0})
	equal(t, "payment", e.After.PaymentStatus, order.PayNone)
	equal(t, "again", len(s.do(s.cancel())), 0)
}
