package order_test

import (
	"fmt"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// bank is the payment service and its gateway, as far as an order can see them:
// operations of one payment are answered one by one, in the order asked for, and
// every request is answered. It keeps a ledger of its own.
type bank struct {
	order    []order.PaymentID
	accounts map[order.PaymentID]*account
	ops      int
}

type account struct {
	amount                           money.Amount // asked for
	held, captured, voided, refunded money.Amount
	ended                            bool // voided, declined or expired: nothing is held
	open                             []operation
}

type operation struct {
	op      order.Op
	capture order.CaptureRequested
	refund  order.RefundRequested
}

func newBank() *bank { return &bank{accounts: map[order.PaymentID]*account{}} }

// hear takes the requests out of events.
func (b *bank) hear(events []order.Event) {
	for _, e := range events {
		switch e := e.(type) {
		case order.Placed:
			if e.PaymentID != "" {
				b.open(e.PaymentID, e.GrandTotal)
			}
		case order.PaymentRetryRequested:
			b.open(e.PaymentID, e.Amount)
		case order.CaptureRequested:
			b.ask(e.PaymentID, operation{op: order.OpCapture, capture: e})
		case order.PaymentVoidRequested:
			b.ask(e.PaymentID, operation{op: order.OpVoid})
		case order.RefundRequested:
			b.ask(e.PaymentID, operation{op: order.OpRefund, refund: e})
		}
	}
}

func (b *bank) open(id order.PaymentID, amount money.Amount) {
	b.order = append(b.order, id)
	b.accounts[id] = &account{amount: amount, open: []operation{{op: order.OpAuthorize}}}
}

func (b *bank) ask(id order.PaymentID, o operation) {
	b.accounts[id].open = append(b.accounts[id].open, o)
}

// next is a payment with an open operation; none: everything is answered.
func (b *bank) next() order.PaymentID {
	for _, id := range b.order {
		if len(b.accounts[id].open) > 0 {
			return id
		}
	}
	return ""
}

func (b *bank) opID() order.OpID {
	b.ops++
	return order.OpID(fmt.Sprintf("op-%d", b.ops))
}

// answer takes the first open operation of a payment and tells how it ended.
func (b *bank) answer(s *shop, id order.PaymentID, ok bool) []order.Command {
	a := b.accounts[id]
	o := a.open[0]
	a.open = a.open[1:]
	switch o.op {
	case order.OpAuthorize:
		return b.authorize(s, id, a, ok)
	case order.OpCapture:
		amount := o.capture.Amount
		if !ok || a.ended || a.captured+amount > a.held {
			return []order.Command{order.RecordCaptureFailed{Cause: s.cause(), PaymentID: id, CaptureID: o.capture.CaptureID, Code: "refused"}}
		}
		a.captured += amount
		return []order.Command{order.RecordCapture{
			Cause: s.cause(), PaymentID: id, CaptureID: o.capture.CaptureID, Amount: amount, GatewayRef: "c", CapturedAt: s.now,
		}}
	case order.OpVoid:
		return []order.Command{b.void(s, id, a, ok)}
	case order.OpRefund:
		amount := o.refund.Amount
		if !ok || a.refunded+amount > a.captured {
			return []order.Command{order.RecordRefundFailed{Cause: s.cause(), PaymentID: id, RefundID: o.refund.RefundID, Code: "refused"}}
		}
		a.refunded += amount
		return []order.Command{order.RecordRefund{
			Cause: s.cause(), PaymentID: id, RefundID: o.refund.RefundID, Amount: amount, GatewayRef: "r", SettledAt: s.now,
		}}
	}
	panic("unknown operation")
}

func (b *bank) authorize(s *shop, id order.PaymentID, a *account, ok bool) []order.Command {
	if ok {
		a.held = a.amount
		return []order.Command{s.authorization(id, a.amount)}
	}
	a.ended = true
	return []order.Command{order.RecordDecline{Cause: s.cause(), PaymentID: id, DeclineCode: "funds", DeclineClass: order.Soft}}
}

func (b *bank) void(s *shop, id order.PaymentID, a *account, ok bool) order.Command {
	if rest := a.held - a.captured - a.voided; ok || rest == 0 || a.ended {
		if a.ended {
			rest = 0
		}
		a.voided, a.ended = a.voided+rest, true
		return order.RecordVoid{Cause: s.cause(), PaymentID: id, OpID: b.opID(), Amount: rest, VoidedAt: s.now}
	}
	return order.RecordVoidFailed{Cause: s.cause(), PaymentID: id, OpID: b.opID(), Code: "refused"}
}

// expire lets an authorization lapse, which waits for its open operations.
func (b *bank) expire(s *shop, id order.PaymentID) (order.Command, bool) {
	a := b.accounts[id]
	rest := a.held - a.captured
	if len(a.open) > 0 || a.ended || rest <= 0 {
		return nil, false
	}
	a.ended = true
	return order.RecordAuthExpired{Cause: s.cause(), PaymentID: id, Amount: rest, ExpiredAt: s.now}, true
}

// net is what the shop has in the end.
func (b *bank) net() money.Amount {
	var sum money.Amount
	for _, a := range b.accounts {
		sum += a.captured - a.refunded
	}
	return sum
}

// held is what is still held for the order.
func (b *bank) held() money.Amount {
	var sum money.Amount
	for _, a := range b.accounts {
		if !a.ended {
			sum += a.held - a.captured
		}
	}
	return sum
}

func (s *shop) authorization(id order.PaymentID, amount money.Amount) order.RecordAuthorization {
	return order.RecordAuthorization{
		Cause: s.cause(), PaymentID: id, Amount: amount, AuthorizedAt: s.now, AuthExpiresAt: s.now.Add(7 * 24 * time.Hour),
		GatewayRef: "a", Card: &order.Card{Brand: "visa", Last4: "4242"},
	}
}
