package order_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// inStatus is an order in a status, brought there the shortest way, with one unit
// of A to ship, two of B that were delivered where the status allows it.
func inStatus(t *testing.T, status order.Status) *shop {
	t.Helper()
	items := []item{{"A", 1000, 1, 0, false}, {"B", 500, 2, 0, false}}
	switch status {
	case order.StatusDraft:
		s := newShop(t)
		s.do(s.drafting(setting{}, nil, items...))
		return s
	case order.StatusPaymentFailed:
		s := placed(t, setting{}, items...)
		s.answer(s.state.Payments[0].ID, false)
		return s
	case order.StatusConfirmed:
		return confirmed(t, setting{}, items...)
	case order.StatusCompleted:
		s := confirmed(t, setting{}, items...)
		s.shipAll()
		return s
	case order.StatusCancelled:
		s := confirmed(t, onConfirm(), items...)
		s.do(s.cancel())
		return s
	case order.StatusExpired:
		s := placed(t, setting{}, items...)
		s.now = s.now.Add(order.PaymentTime)
		s.do(order.ExpirePayment{Cause: s.cause()})
		return s
	case order.StatusPlaced:
	}
	return placed(t, setting{}, items...)
}

// What a cell of the matrix says.
const (
	yes  = "events"
	none = "no event"
	no   = "invalid_transition"
	park = "impossible_fact"
)

var statuses = []order.Status{
	order.StatusDraft, order.StatusPlaced, order.StatusPaymentFailed, order.StatusConfirmed, order.StatusCompleted,
	order.StatusCancelled, order.StatusExpired,
}

// matrix is every command in every status, in the order of statuses. A cell is
// one of the words above or the code of another refusal.
var matrix = []struct {
	name    string
	command func(*shop) order.Command
	cells   [7]string
}{
	{"Draft", func(s *shop) order.Command { return s.drafting(setting{}, nil) }, [7]string{no, no, no, no, no, no, no}},
	{"AddLine", func(s *shop) order.Command {
		return order.AddLine{Cause: s.cause(), Line: item{"C", 1, 1, 0, false}.line()}
	}, [7]string{yes, no, no, no, no, no, no}},
	{"ChangeQuantity", func(s *shop) order.Command {
		return order.ChangeQuantity{Cause: s.cause(), LineID: lineID("A"), Quantity: 7}
	}, [7]string{yes, no, no, no, no, no, no}},
	{"RemoveLine", func(s *shop) order.Command { return order.RemoveLine{Cause: s.cause(), LineID: lineID("A")} }, [7]string{yes, no, no, no, no, no, no}},
	{"ApplyDiscount", func(s *shop) order.Command { return order.ApplyDiscount{Cause: s.cause(), Offer: percent(1000)} }, [7]string{yes, no, no, no, no, no, no}},
	{"RemoveDiscount", func(s *shop) order.Command { return order.RemoveDiscount{Cause: s.cause(), DiscountID: "d"} }, [7]string{"not_found", no, no, no, no, no, no}},
	{"SetAddress", func(s *shop) order.Command {
		return order.SetAddress{Cause: s.cause(), Address: order.Address{Name: "B"}}
	}, [7]string{yes, no, no, no, no, no, no}},
	{"Place", func(s *shop) order.Command { return s.placing() }, [7]string{yes, no, no, no, no, no, no}},
	{"ExpireDraft", func(s *shop) order.Command {
		c := order.ExpireDraft{Cause: s.cause()}
		c.At = c.At.Add(order.DraftLife)
		return c
	}, [7]string{yes, none, none, none, none, none, none}},
	{"ExpirePayment", func(s *shop) order.Command {
		c := order.ExpirePayment{Cause: s.cause()}
		c.At = c.At.Add(order.LongestToPayment)
		return c
	}, [7]string{none, yes, yes, none, none, none, none}},
	{"Cancel", func(s *shop) order.Command { return s.cancel() }, [7]string{yes, yes, yes, yes, no, none, no}},
	{"CancelLines", func(s *shop) order.Command {
		return order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("B", 1)}}
	}, [7]string{no, no, no, yes, no, no, no}},
	{"MarkBackordered", func(s *shop) order.Command { return order.MarkBackordered{Cause: s.cause(), SKU: "A", Quantity: 1} }, [7]string{no, yes, yes, yes, none, none, none}},
	{"AddNote", func(s *shop) order.Command { return order.AddNote{Cause: s.cause(), Note: "called"} }, [7]string{yes, yes, yes, yes, yes, yes, yes}},
	{"RetryPayment", func(s *shop) order.Command {
		return order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"}
	}, [7]string{no, no, yes, no, no, no, no}},
	{"RequestCapture", func(s *shop) order.Command { return order.RequestCapture{Cause: s.cause()} }, [7]string{no, no, no, "nothing_to_capture", "nothing_to_capture", no, no}},
	{"RequestRefund", func(s *shop) order.Command { return s.goodwill(1) }, [7]string{no, no, no, "exceeds_refundable", yes, "exceeds_refundable", no}},
	{"Dispatch", func(s *shop) order.Command {
		return order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}, Carrier: "x", TrackingNumber: "y"}
	}, [7]string{no, no, no, yes, no, no, no}},
	{"MarkDelivered", func(s *shop) order.Command { return order.MarkDelivered{Cause: s.cause(), ShipmentID: s.firstParcel()} }, [7]string{no, no, no, "not_found", none, no, no}},
	{"CorrectTracking", func(s *shop) order.Command {
		return order.CorrectTracking{Cause: s.cause(), ShipmentID: s.firstParcel(), Carrier: "x", TrackingNumber: "y"}
	}, [7]string{no, no, no, "not_found", yes, no, no}},
	{"CloseShipment", func(s *shop) order.Command {
		return order.CloseShipment{Cause: s.cause(), ShipmentID: s.firstParcel(), Reason: order.Lost}
	}, [7]string{no, no, no, "not_found", no, no, no}},
	{"RequestReturn", func(s *shop) order.Command { return s.returning(units("B", 1)) }, [7]string{no, no, no, "exceeds_returnable", yes, no, no}},
	{"ApproveReturn", func(s *shop) order.Command { return order.ApproveReturn{Cause: s.cause(), ReturnID: "r"} }, [7]string{no, no, no, "not_found", "not_found", no, no}},
	{"RejectReturn", func(s *shop) order.Command { return order.RejectReturn{Cause: s.cause(), ReturnID: "r"} }, [7]string{no, no, no, "not_found", "not_found", no, no}},
	{"ReceiveReturn", func(s *shop) order.Command { return s.receiving("r", units("B", 1)) }, [7]string{no, no, no, "not_found", "not_found", no, no}},
	{"CloseReturn", func(s *shop) order.Command { return order.CloseReturn{Cause: s.cause(), ReturnID: "r"} }, [7]string{no, no, no, "not_found", "not_found", no, no}},
	{"RecordAuthorization", func(s *shop) order.Command { return s.authorization(s.firstPayment(), 2000) }, [7]string{park, yes, yes, none, none, none, yes}},
	{"RecordDecline", func(s *shop) order.Command {
		return order.RecordDecline{Cause: s.cause(), PaymentID: s.firstPayment(), DeclineClass: order.Soft}
	}, [7]string{park, yes, none, none, none, none, none}},
	{"RecordCapture", func(s *shop) order.Command {
		c := order.RecordCapture{Cause: s.cause(), PaymentID: s.firstPayment()}
		if len(s.state.Captures) > 0 {
			c.CaptureID, c.Amount = s.state.Captures[0].ID, s.state.Captures[0].Amount
		}
		return c
	}, [7]string{park, park, park, park, none, none, park}},
	{"RecordCaptureFailed", func(s *shop) order.Command {
		c := order.RecordCaptureFailed{Cause: s.cause(), PaymentID: s.firstPayment()}
		if len(s.state.Captures) > 0 {
			c.CaptureID = s.state.Captures[0].ID
		}
		return c
	}, [7]string{park, park, park, park, none, none, park}},
	{"RecordVoid", func(s *shop) order.Command {
		return order.RecordVoid{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v"}
	}, [7]string{park, yes, yes, yes, yes, yes, yes}},
	{"RecordVoidFailed", func(s *shop) order.Command {
		return order.RecordVoidFailed{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v"}
	}, [7]string{park, yes, yes, yes, yes, yes, yes}},
	{"RecordRefund", func(s *shop) order.Command {
		c := order.RecordRefund{Cause: s.cause(), PaymentID: s.firstPayment(), Amount: 2000}
		if len(s.state.Refunds) > 0 {
			c.RefundID = s.state.Refunds[0].ID
		}
		return c
	}, [7]string{park, park, park, park, park, yes, park}},
	{"RecordRefundFailed", func(s *shop) order.Command {
		c := order.RecordRefundFailed{Cause: s.cause(), PaymentID: s.firstPayment()}
		if len(s.state.Refunds) > 0 {
			c.RefundID = s.state.Refunds[0].ID
		}
		return c
	}, [7]string{park, park, park, park, park, yes, park}},
	{"RecordAuthExpired", func(s *shop) order.Command {
		return order.RecordAuthExpired{Cause: s.cause(), PaymentID: s.firstPayment()}
	}, [7]string{park, park, park, yes, yes, yes, park}},
	{"RecordReview", func(s *shop) order.Command {
		return order.RecordReview{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v", Reason: "not_found"}
	}, [7]string{park, yes, yes, yes, yes, yes, yes}},
	{"RecordReviewClosed", func(s *shop) order.Command {
		return order.RecordReviewClosed{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v"}
	}, [7]string{park, none, none, none, none, none, none}},
}

func (s *shop) firstParcel() order.ShipmentID {
	if len(s.state.Shipments) == 0 {
		return ""
	}
	return s.state.Shipments[0].ID
}

func (s *shop) firstPayment() order.PaymentID {
	if len(s.state.Payments) == 0 {
		return "nobody's"
	}
	return s.state.Payments[0].ID
}

// placing is the placement of a draft at its drafted prices.
func (s *shop) placing() order.Place {
	c := order.Place{Cause: s.cause(), Submit: order.Submit{CapturePolicy: order.OnShipment, PaymentMethodToken: "tok_ok"}}
	for _, l := range s.state.Lines {
		c.Prices = append(c.Prices, order.Price{
			SKU: l.SKU, Name: l.Name, UnitPrice: l.UnitPrice, PriceID: l.PriceID, TaxRateBP: l.TaxRateBP, TaxIncluded: l.TaxIncluded,
		})
	}
	return c
}

func TestEveryCommandInEveryStatus(t *testing.T) {
	for _, row := range matrix {
		t.Run(row.name, func(t *testing.T) {
			for i, status := range statuses {
				s := inStatus(t, status)
				if s.state.Status != status {
					t.Fatalf("got %s, want %s", s.state.Status, status)
				}
				events, err := order.Decide(row.command(s), s.state)
				got := yes
				var r order.Refusal
				switch {
				case errors.As(err, &r):
					got = r.Code()
				case len(events) == 0:
					got = none
				}
				if got != row.cells[i] {
					t.Errorf("%s: got %s (%v), want %s", status, got, names(events), row.cells[i])
				}
			}
		})
	}
}

func TestTheMatrixHasEveryCommand(t *testing.T) {
	source, err := os.ReadFile("command_seal.go")
	if err != nil {
		t.Fatal(err)
	}
	var sealed, rows []string
	for _, m := range regexp.MustCompile(`func \(c (\w+)\) at\(`).FindAllStringSubmatch(string(source), -1) {
		sealed = append(sealed, m[1])
	}
	for _, row := range matrix {
		rows = append(rows, row.name)
		if got := fmt.Sprintf("%T", row.command(newShop(t))); got != "order."+row.name {
			t.Errorf("the row %s has a %s", row.name, got)
		}
	}
	slices.Sort(sealed)
	slices.Sort(rows)
	equal(t, "rows of the matrix", rows, sealed)
}

func TestNothingCanBeAskedOfAnOrderThatNobodyCreated(t *testing.T) {
	for _, row := range matrix {
		s := newShop(t)
		s.state.Lines = nil
		_, err := order.Decide(row.command(s), s.state)
		var r order.Refusal
		switch {
		case row.name == "Draft" && err == nil:
		case errors.As(err, &r) && (r.Code() == "not_found" || row.cells[0] == park && r.Code() == park):
		default:
			t.Errorf("%s: got %v", row.name, err)
		}
	}
}

func TestMoneyThatComesLate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		given  func(*testing.T) (*shop, order.PaymentID)
		amount money.Amount
		want   []string
		reason order.LateReason
		void   order.VoidReason
	}{
		{
			"after the order was cancelled and its void answered", func(t *testing.T) (*shop, order.PaymentID) {
				s := placed(t, setting{}, hundred)
				s.do(s.cancel())
				p := s.firstPayment()
				s.do(order.RecordVoid{Cause: s.cause(), PaymentID: p, OpID: "v"})
				return s, p
			}, 10000, []string{"PaymentAuthorized", "LatePaymentDetected", "PaymentVoidRequested"}, order.OrderClosed, order.VoidLate,
		},
		{
			"of an attempt that another one replaced", func(t *testing.T) (*shop, order.PaymentID) {
				s := placed(t, setting{}, hundred)
				p := s.firstPayment()
				s.answer(p, false)
				s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
				return s, p
			}, 10000, []string{"PaymentAuthorized", "LatePaymentDetected", "PaymentVoidRequested"}, order.AttemptSuperseded, order.VoidSuperseded,
		},
		{
			"of another amount", func(t *testing.T) (*shop, order.PaymentID) {
				s := placed(t, setting{}, hundred)
				return s, s.firstPayment()
			}, 9999, []string{"PaymentAuthorized", "LatePaymentDetected", "PaymentVoidRequested"}, order.AmountMismatch, order.VoidMismatch,
		},
		{
			"of a declined attempt once the order was confirmed", func(t *testing.T) (*shop, order.PaymentID) {
				s := confirmed(t, setting{}, hundred)
				s.do(order.RecordAuthExpired{Cause: s.cause(), PaymentID: s.firstPayment(), Amount: 10000})
				s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
				p := s.state.Payments[1].ID
				s.answer(p, false)
				return s, p
			}, 10000, []string{"PaymentAuthorized", "LatePaymentDetected", "PaymentVoidRequested"}, order.AttemptSuperseded, order.VoidSuperseded,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, p := tt.given(t)
			before := s.state.Status
			events := s.do(s.authorization(p, tt.amount))
			equal(t, "events", names(events), tt.want)
			equal(t, "reason", of[order.LatePaymentDetected](events)[0].Reason, tt.reason)
			equal(t, "void", of[order.PaymentVoidRequested](events)[0].Reason, tt.void)
			equal(t, "status", s.state.Status, before)
		})
	}
}
