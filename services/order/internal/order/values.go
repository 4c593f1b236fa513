package order

// Kinds of ids and names, each a type of its own so that no two can be swapped.
type (
	ID         string // the order, and its stream
	CommandID  string // what the shell recognises a repeat by
	CustomerID string // the subject of the customer's token
	LineID     string
	SKU        string // in normal form, see ids.SKU
	PriceID    string // the entry of the price book
	DiscountID string
	PaymentID  string // one attempt to pay
	CaptureID  string
	ShipmentID string
	ReturnID   string
	RefundID   string
	OpID       string // an operation of the payment service
)

// Status is the lifecycle of an order; it guards commands.
type Status string

// The statuses. They are stored: renaming one is a migration.
const (
	StatusDraft         Status = "draft"
	StatusPlaced        Status = "placed"
	StatusPaymentFailed Status = "payment_failed"
	StatusConfirmed     Status = "confirmed"
	StatusCompleted     Status = "completed"
	StatusCancelled     Status = "cancelled"
	StatusExpired       Status = "expired"
)

// PaymentStatus is where the money of an order is.
type PaymentStatus string

// The payment statuses, as they are derived: the first that fits. They are
// stored: renaming one is a migration.
const (
	PayNone              PaymentStatus = "none"
	PayNotRequired       PaymentStatus = "not_required"
	PayProblem           PaymentStatus = "problem"
	PayRefundPending     PaymentStatus = "refund_pending"
	PayRefunded          PaymentStatus = "refunded"
	PayPartiallyRefunded PaymentStatus = "partially_refunded"
	PayVoidPending       PaymentStatus = "void_pending"
	PayCaptured          PaymentStatus = "captured"
	PayPartiallyCaptured PaymentStatus = "partially_captured"
	PayAuthorized        PaymentStatus = "authorized"
	PayPending           PaymentStatus = "pending"
	PayAuthExpired       PaymentStatus = "auth_expired"
	PayVoided            PaymentStatus = "voided"
	PayDeclined          PaymentStatus = "declined"
)

// FulfillmentStatus is where the goods of an order are.
type FulfillmentStatus string

// The fulfillment statuses, as they are derived: the first that fits. They are
// stored: renaming one is a migration.
const (
	GoodsReturned           FulfillmentStatus = "returned"
	GoodsPartiallyReturned  FulfillmentStatus = "partially_returned"
	GoodsDelivered          FulfillmentStatus = "delivered"
	GoodsPartiallyDelivered FulfillmentStatus = "partially_delivered"
	GoodsShipped            FulfillmentStatus = "shipped"
	GoodsPartiallyShipped   FulfillmentStatus = "partially_shipped"
	GoodsBackordered        FulfillmentStatus = "backordered"
	GoodsUndelivered        FulfillmentStatus = "undelivered"
	GoodsUnfulfilled        FulfillmentStatus = "unfulfilled"
)

// Channel is where an order came from.
type Channel string

// The channels. They are stored: renaming one is a migration.
const (
	Web   Channel = "web"
	API   Channel = "api"
	Staff Channel = "staff"
)

// CapturePolicy says when authorized money is taken. It is written into the
// placed order, so that a switch touches no order that is placed.
type CapturePolicy string

// The policies. They are stored: renaming one is a migration.
const (
	OnShipment CapturePolicy = "on_shipment"
	OnConfirm  CapturePolicy = "on_confirm"
)

// DiscountKind says what the value of a discount counts.
type DiscountKind string

// The kinds. They are stored: renaming one is a migration.
const (
	AmountOff  DiscountKind = "amount"  // minor units
	PercentOff DiscountKind = "percent" // basis points
)

// DeclineClass says whether the same means of payment may succeed later.
type DeclineClass string

// The classes. They are stored: renaming one is a migration.
const (
	Soft DeclineClass = "soft"
	Hard DeclineClass = "hard" // another token is needed
)

// CancelReason says why an order or units of it were called off.
type CancelReason string

// The reasons. They are stored: renaming one is a migration.
const (
	ByCustomer    CancelReason = "customer"
	ForInventory  CancelReason = "inventory"
	ForFraud      CancelReason = "fraud"
	ForDecline    CancelReason = "declined"
	ByStaff       CancelReason = "staff"
	OtherwiseGone CancelReason = "other"
)

// ExpiryReason says which deadline passed.
type ExpiryReason string

// The reasons. They are stored: renaming one is a migration.
const (
	PaymentTimeout ExpiryReason = "payment_timeout"
	DraftAbandoned ExpiryReason = "draft_abandoned"
)

// CloseReason says why a parcel will not arrive.
type CloseReason string

// The reasons. They are stored: renaming one is a migration.
const (
	Lost             CloseReason = "lost"
	ReturnedToSender CloseReason = "returned_to_sender"
)

// ReturnReason says why a customer sends units back.
type ReturnReason string

// The reasons. They are stored: renaming one is a migration.
const (
	Unwanted    ReturnReason = "unwanted"
	Damaged     ReturnReason = "damaged"
	WrongItem   ReturnReason = "wrong_item"
	OtherReturn ReturnReason = "other"
)

// Disposition is what becomes of a returned unit.
type Disposition string

// The dispositions. They are stored: renaming one is a migration.
const (
	Restock Disposition = "restock"
	Scrap   Disposition = "scrap"
)

// RefundReason says why money is given back.
type RefundReason string

// The reasons; those of settling are RefundCancelled, RefundLate and the one
// that fits of the others. They are stored: renaming one is a migration.
const (
	RefundReturn    RefundReason = "return"
	RefundDamaged   RefundReason = "damaged"
	RefundGoodwill  RefundReason = "goodwill"
	RefundLost      RefundReason = "lost"
	RefundPrice     RefundReason = "price"
	RefundOther     RefundReason = "other"
	RefundCancelled RefundReason = "cancelled"
	RefundLate      RefundReason = "late"
)

// VoidReason says why an authorization is let go.
type VoidReason string

// The reasons. They are stored: renaming one is a migration.
const (
	VoidCancelled  VoidReason = "cancelled"
	VoidExpired    VoidReason = "expired"
	VoidLate       VoidReason = "late"
	VoidSuperseded VoidReason = "superseded"
	VoidMismatch   VoidReason = "amount_mismatch"
	VoidRemainder  VoidReason = "remainder"
)

// LateKind is what came late.
type LateKind string

// The kinds. They are stored: renaming one is a migration.
const (
	LateAuthorization LateKind = "authorization"
	LateCapture       LateKind = "capture"
)

// LateReason says why an order has no use for money that came.
type LateReason string

// The reasons. They are stored: renaming one is a migration.
const (
	OrderClosed       LateReason = "order_closed"
	AttemptSuperseded LateReason = "superseded"
	AmountMismatch    LateReason = "amount_mismatch"
)

// Op is a kind of operation of the payment service.
type Op string

// The operations. They are stored: renaming one is a migration.
const (
	OpAuthorize Op = "authorize"
	OpCapture   Op = "capture"
	OpVoid      Op = "void"
	OpRefund    Op = "refund"
)
