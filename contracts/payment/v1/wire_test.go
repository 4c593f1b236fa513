package paymentv1_test

import (
	"testing"
	"time"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/contractstest"
)

func TestWire(t *testing.T) { contractstest.Run(t, paymentv1.Types, examples) }

const (
	paymentID  = "b0a1c2d3-0000-5004-8004-000000000004"
	captureID  = "b0a1c2d3-0000-5005-8005-000000000005"
	shipmentID = "b0a1c2d3-0000-5006-8006-000000000006"
	refundID   = "b0a1c2d3-0000-5008-8008-000000000008"
	opID       = "b0a1c2d3-0000-5009-8009-000000000009"
)

// at is an instant with microseconds, so many minutes after ten.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 14, 10, minutes, 5, 123456000, time.UTC)
}

func head(version int64) paymentv1.Head {
	return paymentv1.Head{
		PaymentID: paymentID, OrderID: "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01", Version: version, OccurredAt: at(int(version)),
	}
}

var examples = map[string]any{
	paymentv1.TypeRequested: paymentv1.Requested{
		Head: head(1), Attempt: 1, Gateway: "fake", CustomerID: "c-1", Amount: 4088, Currency: "EUR", OpID: opID,
		IdempotencyKey: paymentID + ":authorize:" + opID,
	},
	paymentv1.TypeAuthorizationStarted: paymentv1.AuthorizationStarted{Head: head(2), OpID: opID},
	// No operation is all three at once; the example shows every field, the three below what is sent.
	paymentv1.TypeOperationRequested: paymentv1.OperationRequested{
		Head: head(4), Op: "capture", OpID: captureID, Amount: 2289, IdempotencyKey: paymentID + ":capture:" + captureID,
		CaptureID: captureID, ShipmentID: shipmentID, RefundID: refundID,
	},
	paymentv1.TypeOperationRequested + "+capture": paymentv1.OperationRequested{
		Head: head(4), Op: "capture", OpID: captureID, Amount: 2289, IdempotencyKey: paymentID + ":capture:" + captureID,
		CaptureID: captureID, ShipmentID: shipmentID,
	},
	paymentv1.TypeOperationRequested + "+void": paymentv1.OperationRequested{
		Head: head(4), Op: "void", OpID: opID, Amount: 4088, IdempotencyKey: paymentID + ":void:" + opID,
	},
	paymentv1.TypeOperationRequested + "+refund": paymentv1.OperationRequested{
		Head: head(6), Op: "refund", OpID: refundID, Amount: 2189, IdempotencyKey: paymentID + ":refund:" + refundID, RefundID: refundID,
	},
	paymentv1.TypeAuthorized: paymentv1.Authorized{
		Head: head(3), Attempt: 1, OpID: opID, Amount: 4088, GatewayRef: "gw_1", AuthorizedAt: at(3), ExpiresAt: at(59),
		Card: &paymentv1.Card{Brand: "visa", Last4: "4242"}, Source: "call",
	},
	paymentv1.TypeAuthorized + "+no_card": paymentv1.Authorized{
		Head: head(3), Attempt: 1, OpID: opID, Amount: 4088, GatewayRef: "gw_1", AuthorizedAt: at(3), ExpiresAt: at(59), Source: "lookup",
	},
	paymentv1.TypeDeclined: paymentv1.Declined{
		Head: head(3), Attempt: 1, OpID: opID, DeclineCode: "insufficient_funds", DeclineClass: "soft",
		Message: "The card has insufficient funds.", Source: "call",
	},
	paymentv1.TypeOutcomeUnknown: paymentv1.OutcomeUnknown{Head: head(3), Op: "authorize", OpID: opID, ErrorClass: "timeout"},
	paymentv1.TypeCaptured: paymentv1.Captured{
		Head: head(5), CaptureID: captureID, ShipmentID: shipmentID, Amount: 2289, GatewayRef: "gw_2", CapturedAt: at(5), Source: "call",
	},
	paymentv1.TypeCaptureFailed: paymentv1.CaptureFailed{
		Head: head(5), CaptureID: captureID, ShipmentID: shipmentID, Amount: 2289, Code: "do_not_honor",
	},
	paymentv1.TypeVoided: paymentv1.Voided{Head: head(5), OpID: opID, Amount: 4088, VoidedAt: at(5), Source: "manual"},
	paymentv1.TypeVoided + "+nothing": paymentv1.Voided{
		Head: head(1), OpID: opID, VoidedAt: at(1), Source: "call",
	},
	paymentv1.TypeVoidFailed: paymentv1.VoidFailed{Head: head(5), OpID: opID, Code: "not_voidable"},
	paymentv1.TypeRefunded: paymentv1.Refunded{
		Head: head(7), RefundID: refundID, Amount: 2189, GatewayRef: "gw_3", RefundedAt: at(7), Source: "call",
	},
	paymentv1.TypeRefundFailed: paymentv1.RefundFailed{Head: head(7), RefundID: refundID, Amount: 2189, Code: "account_closed"},
	paymentv1.TypeAuthorizationExpired: paymentv1.AuthorizationExpired{
		Head: head(4), Amount: 4088, ExpiredAt: at(4),
	},
	paymentv1.TypeManualReview: paymentv1.ManualReview{Head: head(4), Op: "authorize", OpID: opID, Reason: "key_window"},
	paymentv1.TypeReviewClosed: paymentv1.ReviewClosed{Head: head(6), Op: "authorize", OpID: opID, Note: "the provider has no such call"},
}
