package order_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var (
	skus       = []order.SKU{"A", "B", "C"}
	currencies = []money.Currency{"JPY", "EUR", "BHD"}
)

// drawItems draws a cart of small lines, so that odd cents are common.
func drawItems(t *rapid.T) []item {
	items := make([]item, rapid.IntRange(1, len(skus)).Draw(t, "lines"))
	for i := range items {
		items[i] = item{
			sku: skus[i], price: money.Amount(rapid.SampledFrom([]int64{0, 1, 3, 10, 99, 333, 1000, 2390}).Draw(t, "price")),
			quantity: rapid.IntRange(1, 5).Draw(t, "quantity"), rateBP: rapid.SampledFrom([]int{0, 700, 1900, 2500}).Draw(t, "rate"),
			onTop: rapid.Bool().Draw(t, "on top"),
		}
	}
	return items
}

func drawSetting(t *rapid.T) setting {
	with := setting{
		policy:   rapid.SampledFrom([]order.CapturePolicy{order.OnShipment, order.OnConfirm}).Draw(t, "policy"),
		currency: rapid.SampledFrom(currencies).Draw(t, "currency"),
	}
	if rapid.Bool().Draw(t, "shipping costs") {
		with.shipping = order.ShippingRate{Fee: 499, TaxRateBP: 1900, TaxIncluded: rapid.Bool().Draw(t, "included"), FreeFrom: 5000}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "discounts") {
		o := order.Offer{Code: fmt.Sprintf("CODE%d", i), Kind: order.PercentOff, Value: rapid.Int64Range(1, 10_000).Draw(t, "percent"), ValidFrom: noon}
		if rapid.Bool().Draw(t, "flat") {
			o.Kind, o.Value = order.AmountOff, rapid.Int64Range(1, 4000).Draw(t, "flat value")
		}
		if rapid.Bool().Draw(t, "of a line") {
			o.SKU = skus[0]
		}
		with.offers = append(with.offers, o)
	}
	return with
}

// player makes random moves on a shop. It remembers the facts that were told, to
// tell them again.
type player struct {
	*shop
	t    *rapid.T
	told []order.Command
}

func (p *player) units(label string, most func(order.Line) int) []order.LineQuantity {
	var lines []order.LineQuantity
	for _, l := range p.state.Lines {
		if n := rapid.IntRange(0, max(0, most(l))).Draw(p.t, label); n > 0 {
			lines = append(lines, order.LineQuantity{LineID: l.LineID, Quantity: n})
		}
	}
	return lines
}

// tell answers one open operation of some payment, most often with success.
func (p *player) tell() {
	var open []order.PaymentID
	for _, id := range p.bank.order {
		if len(p.bank.accounts[id].open) > 0 {
			open = append(open, id)
		}
	}
	if len(open) == 0 {
		return
	}
	id := rapid.SampledFrom(open).Draw(p.t, "payment")
	for _, fact := range p.bank.answer(p.shop, id, rapid.IntRange(0, 3).Draw(p.t, "fails at 0") > 0) {
		p.do(fact)
		p.told = append(p.told, fact)
	}
}

// repeat tells a fact again, under another command id: it changes nothing.
func (p *player) repeat() {
	if len(p.told) == 0 {
		return
	}
	if events, err := p.try(rapid.SampledFrom(p.told).Draw(p.t, "fact")); err != nil || len(events) > 0 {
		p.t.Fatalf("a fact that was told twice: %v, %v", names(events), err)
	}
}

// lapse lets an authorization expire.
func (p *player) lapse() {
	for _, id := range p.bank.order {
		if fact, ok := p.bank.expire(p.shop, id); ok && rapid.Bool().Draw(p.t, "lapses") {
			p.do(fact)
			p.told = append(p.told, fact)
		}
	}
}

// review sends an operation to a person, or ends that.
func (p *player) review() {
	if len(p.bank.order) == 0 {
		return
	}
	op := order.OpID(rapid.SampledFrom([]string{"x", "y"}).Draw(p.t, "operation"))
	if rapid.Bool().Draw(p.t, "opens") {
		p.do(order.RecordReview{Cause: p.cause(), PaymentID: p.bank.order[0], Op: order.OpVoid, OpID: op, Reason: "key_window"})
		return
	}
	p.do(order.RecordReviewClosed{Cause: p.cause(), PaymentID: p.bank.order[0], Op: order.OpVoid, OpID: op})
}

// goods is a random command about parcels or returns that has a chance.
func (p *player) goods() order.Command {
	shippable := p.units("ship", func(l order.Line) int { return l.Shippable() })
	moves := []order.Command{order.MarkDelivered{Cause: p.cause(), ShipmentID: p.parcel()}, p.closing()}
	if len(shippable) > 0 {
		c := order.Dispatch{Cause: p.cause(), Lines: shippable, Carrier: "DHL"}
		c.TrackingNumber = fmt.Sprint(p.commands)
		moves = append(moves, c, c)
	}
	if back := p.units("return", func(l order.Line) int { return l.Delivered - l.Returned }); len(back) > 0 {
		moves = append(moves, p.returning(back...), p.returning(back...))
	}
	for _, r := range p.state.Returns {
		switch r.Status {
		case order.ReturnIsRequested:
			approve := order.ApproveReturn{Cause: p.cause(), ReturnID: r.ID}
			moves = append(moves, approve, approve, order.RejectReturn{Cause: p.cause(), ReturnID: r.ID})
		case order.ReturnIsApproved, order.ReturnIsReceived:
			moves = append(moves, p.arrival(r), p.arrival(r), order.CloseReturn{Cause: p.cause(), ReturnID: r.ID})
		case order.ReturnIsRejected, order.ReturnIsClosed:
		}
	}
	return moves[rapid.IntRange(0, len(moves)-1).Draw(p.t, "goods")]
}

func (p *player) closing() order.Command {
	refund := rapid.Bool().Draw(p.t, "refund")
	reason := rapid.SampledFrom([]order.CloseReason{order.Lost, order.ReturnedToSender}).Draw(p.t, "why")
	return order.CloseShipment{Cause: p.cause(), ShipmentID: p.parcel(), Reason: reason, Refund: &refund}
}

func (p *player) arrival(r order.Return) order.Command {
	c := p.receiving(r.ID)
	for _, l := range r.Lines {
		if n := rapid.IntRange(0, l.Quantity-l.Received).Draw(p.t, "receive"); n > 0 {
			c.Lines = append(c.Lines, order.Received{LineID: l.LineID, Quantity: n, Disposition: order.Scrap})
		}
	}
	refund := rapid.IntRange(0, 4).Draw(p.t, "no refund at 0") > 0
	c.Refund = &refund
	return c
}

func (p *player) parcel() order.ShipmentID {
	if len(p.state.Shipments) == 0 {
		return ""
	}
	return rapid.SampledFrom(p.state.Shipments).Draw(p.t, "parcel").ID
}

// money is a random command about money or the whole order.
func (p *player) money() order.Command {
	switch rapid.IntRange(0, 8).Draw(p.t, "money") {
	case 0:
		if rapid.IntRange(0, 3).Draw(p.t, "cancels at 0") > 0 {
			return order.AddNote{Cause: p.cause(), Note: "called"}
		}
		return p.cancel()
	case 1:
		return order.CancelLines{Cause: p.cause(), Lines: p.units("cancel", func(l order.Line) int { return l.Shippable() }), ReasonCode: order.ByStaff}
	case 2:
		return order.RetryPayment{Cause: p.cause(), PaymentMethodToken: "tok_ok"}
	case 3:
		return order.RequestCapture{Cause: p.cause()}
	case 4:
		return order.ExpirePayment{Cause: p.cause()}
	case 5:
		return order.RequestRefund{Cause: p.cause(), ReasonCode: order.RefundOther}
	case 6:
		return p.goodwill(money.Amount(rapid.Int64Range(1, 1+max(1, int64(p.state.Refundable()))).Draw(p.t, "goodwill")))
	}
	c := order.RequestRefund{Cause: p.cause(), Lines: p.units("refund", func(l order.Line) int { return l.Shipped }), ReasonCode: order.RefundDamaged}
	if rapid.Bool().Draw(p.t, "with shipping") {
		c.Shipping = money.Amount(rapid.Int64Range(0, int64(p.state.Shipping.Gross)).Draw(p.t, "shipping"))
	}
	if rapid.IntRange(0, 4).Draw(p.t, "with goodwill at 0") == 0 {
		c.Adjustment = money.Amount(rapid.Int64Range(0, max(0, int64(p.state.Refundable()))).Draw(p.t, "beside"))
	}
	return c
}

func (p *player) move() {
	switch rapid.IntRange(0, 9).Draw(p.t, "move") {
	case 0, 1, 2:
		p.tell()
	case 3:
		p.repeat()
	case 4:
		p.now = p.now.Add(time.Duration(rapid.SampledFrom([]int64{1, 10, 600, 24 * 60}).Draw(p.t, "minutes")) * time.Minute)
		if rapid.IntRange(0, 3).Draw(p.t, "lapse at 0") == 0 {
			p.lapse()
		}
	case 5, 6, 7:
		_, _ = p.try(p.goods())
	case 8:
		_, _ = p.try(p.money())
	case 9:
		if rapid.IntRange(0, 5).Draw(p.t, "review at 0") == 0 {
			p.review()
			return
		}
		_, _ = p.try(p.money())
	}
}

func TestAnyLegalSequenceKeepsTheInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &player{shop: placed(t, drawSetting(t), drawItems(t)...), t: t}
		switch rapid.IntRange(0, 4).Draw(t, "start") {
		case 0:
			p.settle()
			p.shipAll()
		case 1:
			p.startWithTwoPayments()
		}
		for range rapid.IntRange(0, 60).Draw(t, "moves") {
			p.move()
		}
		p.settle()
		p.checkQuiet()
		p.checkStored()
	})
}

// startWithTwoPayments ships a part, lets the authorization lapse and pays the
// rest by another one.
func (p *player) startWithTwoPayments() {
	p.settle()
	if some := p.units("ship", func(l order.Line) int { return l.Shippable() }); len(some) > 0 {
		_, _ = p.dispatch(some...)
		p.settle()
	}
	p.lapse()
	_, _ = p.try(order.RetryPayment{Cause: p.cause(), PaymentMethodToken: "tok_ok"})
	p.settle()
}

// checkQuiet: with everything answered, nobody owes anything that no person knows
// of, and nothing is held without need.
func (p *player) checkQuiet() {
	s := p.state
	if s.Captured()-s.Refunded() != p.bank.net() {
		p.t.Fatalf("the order has %d, the ledger %d", s.Captured()-s.Refunded(), p.bank.net())
	}
	if s.PaymentStatus == order.PayProblem || !s.IsPlaced() {
		return
	}
	if s.Over() > 0 {
		p.t.Fatalf("%d is owed: %+v", s.Over(), s.Axes)
	}
	if s.Outstanding() == 0 && p.bank.held() > 0 {
		p.t.Fatalf("%d is held and nothing is outstanding: %+v after %v", p.bank.held(), s.Axes, names(p.events))
	}
	shippable := 0
	for _, l := range s.Lines {
		shippable += l.Shippable()
	}
	confirmed := s.Status == order.StatusConfirmed || s.Status == order.StatusCompleted
	if confirmed && shippable == 0 && s.Outstanding() > 0 {
		p.t.Fatalf("%d is outstanding without a problem: due %d, paid %d, %+v after %v", s.Outstanding(), s.Due(), s.Paid(), s.Axes, names(p.events))
	}
}

// checkStored: the stored form of the events folds to the same order, and so
// does the stored form of the state of any prefix.
func (p *player) checkStored() {
	at := rapid.IntRange(0, len(p.events)).Draw(p.t, "prefix")
	s := order.Initial()
	for i, e := range p.events {
		if i == at {
			s = stored(p.t, s)
		}
		s = order.Evolve(s, stored(p.t, e))
		if s.ID != orderID || s.Status == "" || !s.UpdatedAt.Equal(e.About().OccurredAt) {
			p.t.Fatalf("after %d events: %+v", i+1, s)
		}
	}
	if d := cmp.Diff(p.state, stored(p.t, s), cmpopts.EquateEmpty()); d != "" {
		p.t.Fatalf("the stored order (-driven +stored):\n%s", d)
	}
}

// stored is v written as JSON and read again.
func stored[T any](t fataler, v T) T {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%T: %v", v, err)
	}
	back := reflect.New(reflect.TypeOf(v))
	if err := json.Unmarshal(data, back.Interface()); err != nil {
		t.Fatalf("%T: %v", v, err)
	}
	again, err := json.Marshal(back.Elem().Interface())
	if err != nil || string(again) != string(data) {
		t.Fatalf("%T is stored as %s and read as %s, %v", v, data, again, err)
	}
	if _, ok := any(v).(order.Event); ok && strings.Contains(string(data), "null") {
		t.Fatalf("%T has a null: %s", v, data)
	}
	return back.Elem().Interface().(T)
}
