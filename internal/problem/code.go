package problem

import "net/http"

// Code names one reason for saying no. It is part of the API: clients switch on
// it, so a code is never renamed and never changes its status.
type Code string

// Info describes a code for people: it is what /problems/<code> shows.
type Info struct {
	Code   Code
	Status int
	Title  string // short, the same for every occurrence
	Cause  string // why a client gets it
	Cure   string // what the client can do
}

// The codes that are not about a rule of the shop.
const (
	BadRequest            Code = "bad_request"
	IdempotencyKeyMissing Code = "idempotency_key_missing"
	IdempotencyKeyInvalid Code = "idempotency_key_invalid"
	CursorInvalid         Code = "cursor_invalid"
	Unauthenticated       Code = "unauthenticated"
	Forbidden             Code = "forbidden"
	NotFound              Code = "not_found"
	MethodNotAllowed      Code = "method_not_allowed"
	NotAcceptable         Code = "not_acceptable"
	RequestTimeout        Code = "request_timeout"
	Conflict              Code = "conflict"
	VersionMismatch       Code = "version_mismatch"
	BodyTooLarge          Code = "body_too_large"
	URITooLong            Code = "uri_too_long"
	HeadersTooLarge       Code = "headers_too_large"
	UnsupportedMediaType  Code = "unsupported_media_type"
	ValidationFailed      Code = "validation_failed"
	IdempotencyKeyReused  Code = "idempotency_key_reused"
	IfMatchMissing        Code = "if_match_missing"
	RateLimited           Code = "rate_limited"
	Internal              Code = "internal"
	ReadModelLagging      Code = "read_model_lagging"
	StoreUnavailable      Code = "store_unavailable"
	Overloaded            Code = "overloaded"
	ServiceUnavailable    Code = "service_unavailable"
)

// The codes of rules: orders, payments, products, discounts and stock.
const (
	InvalidTransition     Code = "invalid_transition"
	InsufficientStock     Code = "insufficient_stock"
	PriceChanged          Code = "price_changed"
	ProductDiscontinued   Code = "product_discontinued"
	DiscountNotApplicable Code = "discount_not_applicable"
	AttemptsExhausted     Code = "attempts_exhausted"
	TokenDeclined         Code = "token_declined"
	AlreadyShipped        Code = "already_shipped"
	AlreadyDelivered      Code = "already_delivered"
	ExceedsShippable      Code = "exceeds_shippable"
	AuthorizationExpired  Code = "authorization_expired"
	PaymentProblem        Code = "payment_problem"
	DuplicateTracking     Code = "duplicate_tracking"
	ShipmentClosed        Code = "shipment_closed"
	ExceedsReturnable     Code = "exceeds_returnable"
	ReturnWindowClosed    Code = "return_window_closed"
	ExceedsRefundable     Code = "exceeds_refundable"
	NothingToCapture      Code = "nothing_to_capture"
	ValidFromInPast       Code = "valid_from_in_past"
	UseTaxChange          Code = "use_tax_change"
	BelowZero             Code = "below_zero"
	OperationClosed       Code = "operation_closed"
	OrderIncomplete       Code = "order_incomplete"
	AmountOutOfRange      Code = "amount_out_of_range"
	UnknownSKU            Code = "unknown_sku"
	NoPriceInCurrency     Code = "no_price_in_currency"
)

// Codes returns every code that Kontor answers with, ordered by status and then
// as documented. The slice is the caller's own.
func Codes() []Info {
	all := make([]Info, 0, len(generalCodes)+len(ruleCodes))
	for status := http.StatusBadRequest; status < 600; status++ {
		for _, table := range [][]Info{generalCodes, ruleCodes} {
			for _, info := range table {
				if info.Status == status {
					all = append(all, info)
				}
			}
		}
	}
	return all
}

// Lookup returns the description of a code; false if Kontor has no such code.
func Lookup(code Code) (Info, bool) {
	info, ok := byCode[code]
	return info, ok
}

var byCode = func() map[Code]Info {
	m := make(map[Code]Info, len(generalCodes)+len(ruleCodes))
	for _, table := range [][]Info{generalCodes, ruleCodes} {
		for _, info := range table {
			m[info.Code] = info
		}
	}
	return m
}()
