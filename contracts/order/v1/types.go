package orderv1

// Topic is the topic of every order event. This name is state.
const Topic = "orders.v1"

// Source is the CloudEvents source of every order event.
const Source = "/kontor/order"

// The names of the events on the wire. They are state: a published name is
// never renamed and never used for another meaning.
const (
	TypeDrafted               = "order.drafted"
	TypeLineAdded             = "order.line_added"
	TypeLineRemoved           = "order.line_removed"
	TypeLineQuantityChanged   = "order.line_quantity_changed"
	TypeDiscountApplied       = "order.discount_applied"
	TypeDiscountRemoved       = "order.discount_removed"
	TypeShippingAddressSet    = "order.shipping_address_set"
	TypePlaced                = "order.placed"
	TypeConfirmed             = "order.confirmed"
	TypeExpired               = "order.expired"
	TypeCancelled             = "order.cancelled"
	TypeLinesCancelled        = "order.lines_cancelled"
	TypeLinesBackordered      = "order.lines_backordered"
	TypeCompleted             = "order.completed"
	TypeNoteAdded             = "order.note_added"
	TypePaymentAuthorized     = "order.payment_authorized"
	TypePaymentDeclined       = "order.payment_declined"
	TypePaymentRetryRequested = "order.payment_retry_requested"
	TypeCaptureRequested      = "order.capture_requested"
	TypePaymentCaptured       = "order.payment_captured"
	TypePaymentCaptureFailed  = "order.payment_capture_failed"
	TypePaymentVoidRequested  = "order.payment_void_requested"
	TypePaymentVoided         = "order.payment_voided"
	TypePaymentVoidFailed     = "order.payment_void_failed"
	TypeAuthorizationExpired  = "order.authorization_expired"
	TypeLatePaymentDetected   = "order.late_payment_detected"
	TypePaymentReview         = "order.payment_review"
	TypePaymentReviewClosed   = "order.payment_review_closed"
	TypeShipmentDispatched    = "order.shipment_dispatched"
	TypeShipmentDelivered     = "order.shipment_delivered"
	TypeTrackingCorrected     = "order.tracking_corrected"
	TypeShipmentClosed        = "order.shipment_closed"
	TypeReturnRequested       = "order.return_requested"
	TypeReturnApproved        = "order.return_approved"
	TypeReturnRejected        = "order.return_rejected"
	TypeReturnReceived        = "order.return_received"
	TypeReturnClosed          = "order.return_closed"
	TypeRefundRequested       = "order.refund_requested"
	TypeRefundSettled         = "order.refund_settled"
	TypeRefundFailed          = "order.refund_failed"
)

// Types leads from the name of every event to the zero value of its struct.
// It is read-only.
var Types = map[string]any{
	TypeDrafted:               Drafted{},
	TypeLineAdded:             LineAdded{},
	TypeLineRemoved:           LineRemoved{},
	TypeLineQuantityChanged:   LineQuantityChanged{},
	TypeDiscountApplied:       DiscountApplied{},
	TypeDiscountRemoved:       DiscountRemoved{},
	TypeShippingAddressSet:    ShippingAddressSet{},
	TypePlaced:                Placed{},
	TypeConfirmed:             Confirmed{},
	TypeExpired:               Expired{},
	TypeCancelled:             Cancelled{},
	TypeLinesCancelled:        LinesCancelled{},
	TypeLinesBackordered:      LinesBackordered{},
	TypeCompleted:             Completed{},
	TypeNoteAdded:             NoteAdded{},
	TypePaymentAuthorized:     PaymentAuthorized{},
	TypePaymentDeclined:       PaymentDeclined{},
	TypePaymentRetryRequested: PaymentRetryRequested{},
	TypeCaptureRequested:      CaptureRequested{},
	TypePaymentCaptured:       PaymentCaptured{},
	TypePaymentCaptureFailed:  PaymentCaptureFailed{},
	TypePaymentVoidRequested:  PaymentVoidRequested{},
	TypePaymentVoided:         PaymentVoided{},
	TypePaymentVoidFailed:     PaymentVoidFailed{},
	TypeAuthorizationExpired:  AuthorizationExpired{},
	TypeLatePaymentDetected:   LatePaymentDetected{},
	TypePaymentReview:         PaymentReview{},
	TypePaymentReviewClosed:   PaymentReviewClosed{},
	TypeShipmentDispatched:    ShipmentDispatched{},
	TypeShipmentDelivered:     ShipmentDelivered{},
	TypeTrackingCorrected:     TrackingCorrected{},
	TypeShipmentClosed:        ShipmentClosed{},
	TypeReturnRequested:       ReturnRequested{},
	TypeReturnApproved:        ReturnApproved{},
	TypeReturnRejected:        ReturnRejected{},
	TypeReturnReceived:        ReturnReceived{},
	TypeReturnClosed:          ReturnClosed{},
	TypeRefundRequested:       RefundRequested{},
	TypeRefundSettled:         RefundSettled{},
	TypeRefundFailed:          RefundFailed{},
}
