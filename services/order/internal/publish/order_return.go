package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// returnBody translates returns and refunds; "" for anything else.
func returnBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.ReturnRequested:
		return orderv1.TypeReturnRequested, orderv1.ReturnRequested{
			Head: head, ReturnID: string(e.ReturnID), Lines: each(e.Lines, returnLine), Note: e.Note,
		}
	case order.ReturnApproved:
		return orderv1.TypeReturnApproved, orderv1.ReturnApproved{Head: head, ReturnID: string(e.ReturnID), Note: e.Note}
	case order.ReturnRejected:
		return orderv1.TypeReturnRejected, orderv1.ReturnRejected{Head: head, ReturnID: string(e.ReturnID), Note: e.Note}
	case order.ReturnReceived:
		return orderv1.TypeReturnReceived, orderv1.ReturnReceived{
			Head: head, ReturnID: string(e.ReturnID), Refund: e.Refund, Lines: each(e.Lines, receivedLine), ReceivedAt: e.ReceivedAt,
		}
	case order.ReturnClosed:
		return orderv1.TypeReturnClosed, orderv1.ReturnClosed{
			Head: head, ReturnID: string(e.ReturnID), Missing: each(e.Missing, lineQuantity),
		}
	case order.RefundRequested:
		return orderv1.TypeRefundRequested, orderv1.RefundRequested{
			Head: head, RefundID: string(e.RefundID), PaymentID: string(e.PaymentID), Lines: each(e.Lines, refundLine),
			Shipping: int64(e.Shipping), Adjustment: int64(e.Adjustment), Amount: int64(e.Amount), Credits: each(e.Credits, lineQuantity),
			CreditsShipping: int64(e.CreditsShipping), ReasonCode: string(e.ReasonCode), Note: e.Note,
		}
	case order.RefundSettled:
		return orderv1.TypeRefundSettled, orderv1.RefundSettled{
			Head: head, RefundID: string(e.RefundID), PaymentID: string(e.PaymentID), Amount: int64(e.Amount), GatewayRef: e.GatewayRef,
			SettledAt: e.SettledAt,
		}
	case order.RefundFailed:
		return orderv1.TypeRefundFailed, orderv1.RefundFailed{
			Head: head, RefundID: string(e.RefundID), PaymentID: string(e.PaymentID), Amount: int64(e.Amount), Code: e.Code,
		}
	}
	return "", nil
}

func returnLine(l order.ReturnLine) orderv1.ReturnLine {
	return orderv1.ReturnLine{LineID: string(l.LineID), Quantity: l.Quantity, ReasonCode: string(l.ReasonCode)}
}

func receivedLine(l order.ReceivedLine) orderv1.ReceivedLine {
	return orderv1.ReceivedLine{LineID: string(l.LineID), Quantity: l.Quantity, Gross: int64(l.Gross), Disposition: string(l.Disposition)}
}

func refundLine(l order.RefundLine) orderv1.RefundLine {
	return orderv1.RefundLine{LineID: string(l.LineID), Quantity: l.Quantity, Net: int64(l.Net), Tax: int64(l.Tax)}
}
