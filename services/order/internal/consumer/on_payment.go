package consumer

import (
	"context"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func (c *consumer) onAuthorized(ctx context.Context, m messaging.Message, e paymentv1.Authorized) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		fact := order.RecordAuthorization{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), Amount: money.Amount(e.Amount), AuthorizedAt: e.AuthorizedAt,
			AuthExpiresAt: e.ExpiresAt, GatewayRef: e.GatewayRef,
		}
		if e.Card != nil {
			fact.Card = &order.Card{Brand: e.Card.Brand, Last4: e.Card.Last4}
		}
		return fact
	})
}

func (c *consumer) onDeclined(ctx context.Context, m messaging.Message, e paymentv1.Declined) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordDecline{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), DeclineCode: e.DeclineCode, DeclineClass: order.DeclineClass(e.DeclineClass),
		}
	})
}

func (c *consumer) onCaptured(ctx context.Context, m messaging.Message, e paymentv1.Captured) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordCapture{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), CaptureID: order.CaptureID(e.CaptureID), Amount: money.Amount(e.Amount),
			GatewayRef: e.GatewayRef, CapturedAt: e.CapturedAt,
		}
	})
}

func (c *consumer) onCaptureFailed(ctx context.Context, m messaging.Message, e paymentv1.CaptureFailed) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordCaptureFailed{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), CaptureID: order.CaptureID(e.CaptureID), Code: e.Code,
		}
	})
}

func (c *consumer) onVoided(ctx context.Context, m messaging.Message, e paymentv1.Voided) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordVoid{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), OpID: order.OpID(e.OpID), Amount: money.Amount(e.Amount), VoidedAt: e.VoidedAt,
		}
	})
}

func (c *consumer) onVoidFailed(ctx context.Context, m messaging.Message, e paymentv1.VoidFailed) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordVoidFailed{Cause: cause, PaymentID: order.PaymentID(e.PaymentID), OpID: order.OpID(e.OpID), Code: e.Code}
	})
}

func (c *consumer) onRefunded(ctx context.Context, m messaging.Message, e paymentv1.Refunded) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordRefund{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), RefundID: order.RefundID(e.RefundID), Amount: money.Amount(e.Amount),
			GatewayRef: e.GatewayRef, SettledAt: e.RefundedAt,
		}
	})
}

func (c *consumer) onRefundFailed(ctx context.Context, m messaging.Message, e paymentv1.RefundFailed) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordRefundFailed{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), RefundID: order.RefundID(e.RefundID), Code: e.Code,
		}
	})
}

func (c *consumer) onAuthorizationExpired(ctx context.Context, m messaging.Message, e paymentv1.AuthorizationExpired) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordAuthExpired{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), Amount: money.Amount(e.Amount), ExpiredAt: e.ExpiredAt,
		}
	})
}

func (c *consumer) onManualReview(ctx context.Context, m messaging.Message, e paymentv1.ManualReview) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordReview{
			Cause: cause, PaymentID: order.PaymentID(e.PaymentID), Op: order.Op(e.Op), OpID: order.OpID(e.OpID), Reason: e.Reason,
		}
	})
}

func (c *consumer) onReviewClosed(ctx context.Context, m messaging.Message, e paymentv1.ReviewClosed) error {
	return c.record(ctx, m, e.Head, func(cause order.Cause) order.Command {
		return order.RecordReviewClosed{Cause: cause, PaymentID: order.PaymentID(e.PaymentID), Op: order.Op(e.Op), OpID: order.OpID(e.OpID)}
	})
}
