package orderv1_test

import orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"

var paymentExamples = map[string]any{
	orderv1.TypePaymentAuthorized: orderv1.PaymentAuthorized{
		Head: head(3, "confirmed", "authorized", "unfulfilled"), PaymentID: paymentID, Attempt: 1, Amount: 4088,
		AuthorizedAt: at(3), AuthExpiresAt: at(59), GatewayRef: "gw_1", Card: card,
	},
	orderv1.TypePaymentDeclined: orderv1.PaymentDeclined{
		Head: head(3, "payment_failed", "declined", "unfulfilled"), PaymentID: paymentID, Attempt: 1,
		DeclineCode: "insufficient_funds", DeclineClass: "soft", PaymentDueAt: due(33),
	},
	orderv1.TypePaymentRetryRequested: orderv1.PaymentRetryRequested{
		Head: head(4, "placed", "pending", "unfulfilled"), PaymentID: paymentID, Attempt: 2, CustomerID: "c-1", Amount: 4088,
		Currency: "EUR", PaymentMethodToken: "tok_ok", PaymentDueAt: due(19),
	},
	orderv1.TypeCaptureRequested: orderv1.CaptureRequested{
		Head: head(6, "confirmed", "authorized", "partially_shipped"), CaptureID: captureID, PaymentID: paymentID,
		ShipmentID: shipmentID, Amount: 2289,
	},
	orderv1.TypePaymentCaptured: orderv1.PaymentCaptured{
		Head: head(7, "confirmed", "partially_captured", "partially_shipped"), PaymentID: paymentID, CaptureID: captureID,
		ShipmentID: shipmentID, Amount: 2289, GatewayRef: "gw_2", CapturedAt: at(7),
	},
	orderv1.TypePaymentCaptureFailed: orderv1.PaymentCaptureFailed{
		Head: head(7, "confirmed", "problem", "partially_shipped"), PaymentID: paymentID, CaptureID: captureID,
		ShipmentID: shipmentID, Amount: 2289, Code: "do_not_honor",
	},
	orderv1.TypePaymentVoidRequested: orderv1.PaymentVoidRequested{
		Head: head(6, "cancelled", "void_pending", "unfulfilled"), PaymentID: paymentID, Reason: "cancelled",
	},
	orderv1.TypePaymentVoided: orderv1.PaymentVoided{
		Head: head(7, "cancelled", "voided", "unfulfilled"), PaymentID: paymentID, OpID: opID, Amount: 4088, VoidedAt: at(7),
	},
	orderv1.TypePaymentVoided + "+nothing": orderv1.PaymentVoided{
		Head: head(7, "cancelled", "voided", "unfulfilled"), PaymentID: paymentID, OpID: opID, VoidedAt: at(7),
	},
	orderv1.TypePaymentVoidFailed: orderv1.PaymentVoidFailed{
		Head: head(7, "cancelled", "problem", "unfulfilled"), PaymentID: paymentID, OpID: opID, Code: "not_voidable",
	},
	orderv1.TypeAuthorizationExpired: orderv1.AuthorizationExpired{
		Head: head(5, "confirmed", "auth_expired", "unfulfilled"), PaymentID: paymentID, Amount: 4088, ExpiredAt: at(5),
	},
	orderv1.TypeLatePaymentDetected: orderv1.LatePaymentDetected{
		Head: head(6, "cancelled", "void_pending", "unfulfilled"), PaymentID: paymentID, Kind: "authorization", Amount: 4088,
		Reason: "order_closed", StatusAtArrival: "cancelled",
	},
	orderv1.TypePaymentReview: orderv1.PaymentReview{
		Head: head(6, "placed", "problem", "unfulfilled"), PaymentID: paymentID, Op: "authorize", OpID: opID, Reason: "key_window",
	},
	orderv1.TypePaymentReviewClosed: orderv1.PaymentReviewClosed{
		Head: head(7, "placed", "pending", "unfulfilled"), PaymentID: paymentID, Op: "authorize", OpID: opID,
	},
}

var parcelExamples = map[string]any{
	orderv1.TypeShipmentDispatched: orderv1.ShipmentDispatched{
		Head: head(5, "confirmed", "authorized", "partially_shipped"), ShipmentID: shipmentID, Lines: units, Carrier: "DHL",
		TrackingNumber: "00340434161094015902", DispatchedAt: at(5),
	},
	orderv1.TypeShipmentDelivered: orderv1.ShipmentDelivered{
		Head: head(8, "completed", "captured", "delivered"), ShipmentID: shipmentID, DeliveredAt: at(8),
	},
	orderv1.TypeTrackingCorrected: orderv1.TrackingCorrected{
		Head: head(8, "confirmed", "captured", "shipped"), ShipmentID: shipmentID, OldCarrier: "DHL", OldTrackingNumber: "0034",
		Carrier: "UPS", TrackingNumber: "1Z999",
	},
	orderv1.TypeShipmentClosed: orderv1.ShipmentClosed{
		Head: head(8, "completed", "refund_pending", "undelivered"), ShipmentID: shipmentID, Reason: "returned_to_sender",
		Refund: true, Lines: worth, Restocked: stock, ClosedAt: at(8),
	},
	orderv1.TypeReturnRequested: orderv1.ReturnRequested{
		Head: head(10, "completed", "captured", "delivered"), ReturnID: returnID,
		Lines: []orderv1.ReturnLine{{LineID: lineID, Quantity: 1, ReasonCode: "unwanted"}}, Note: "too green",
	},
	orderv1.TypeReturnApproved: orderv1.ReturnApproved{
		Head: head(11, "completed", "captured", "delivered"), ReturnID: returnID, Note: "welcome",
	},
	orderv1.TypeReturnRejected: orderv1.ReturnRejected{
		Head: head(11, "completed", "captured", "delivered"), ReturnID: returnID, Note: "too late",
	},
	orderv1.TypeReturnReceived: orderv1.ReturnReceived{
		Head: head(12, "completed", "refund_pending", "partially_returned"), ReturnID: returnID, Refund: true,
		Lines: []orderv1.ReceivedLine{{LineID: lineID, Quantity: 1, Gross: 1799, Disposition: "restock"}}, ReceivedAt: at(12),
	},
	orderv1.TypeReturnClosed: orderv1.ReturnClosed{
		Head: head(13, "completed", "refund_pending", "partially_returned"), ReturnID: returnID, Missing: units,
	},
	orderv1.TypeRefundRequested: orderv1.RefundRequested{
		Head: head(14, "completed", "refund_pending", "partially_returned"), RefundID: refundID, PaymentID: paymentID,
		Lines:    []orderv1.RefundLine{{LineID: lineID, Quantity: 1, Net: 1512, Tax: 287}},
		Shipping: 490, Adjustment: -100, Amount: 2189, Credits: units, CreditsShipping: 490, ReasonCode: "return", Note: "thanks",
	},
	orderv1.TypeRefundSettled: orderv1.RefundSettled{
		Head: head(15, "completed", "partially_refunded", "partially_returned"), RefundID: refundID, PaymentID: paymentID,
		Amount: 2189, GatewayRef: "gw_3", SettledAt: at(15),
	},
	orderv1.TypeRefundFailed: orderv1.RefundFailed{
		Head: head(15, "completed", "problem", "partially_returned"), RefundID: refundID, PaymentID: paymentID,
		Amount: 2189, Code: "account_closed",
	},
}
