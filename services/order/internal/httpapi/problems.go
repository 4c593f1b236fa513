package httpapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/problem"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// refusals is which code a client sees for a refusal. A sentinel without a row
// here fails a test. The first that matches counts.
var refusals = []struct {
	err  error
	code problem.Code
	at   string // the place of the request, if it is one
}{
	{app.ErrNotFound, problem.NotFound, ""},
	{app.ErrVersionUnknown, problem.NotFound, ""},
	{app.ErrForbidden, problem.Forbidden, ""},
	{app.ErrCustomerMissing, problem.ValidationFailed, "body.customer_id"},
	{app.ErrUnknownSKU, problem.UnknownSKU, ""},
	{app.ErrNoPrice, problem.NoPriceInCurrency, ""},
	{app.ErrDiscontinued, problem.ProductDiscontinued, ""},
	{app.ErrCurrency, problem.ValidationFailed, "body.currency"},
	{app.ErrOtherCurrency, problem.ValidationFailed, "body"},

	{order.ErrNotFound, problem.NotFound, ""},
	{order.ErrStatus, problem.InvalidTransition, ""},
	{order.ErrShipped, problem.AlreadyShipped, ""},
	{order.ErrIncomplete, problem.OrderIncomplete, ""},
	{order.ErrOutOfRange, problem.AmountOutOfRange, ""},
	{order.ErrInvalid, problem.ValidationFailed, "body"},
	{order.ErrNoPrice, problem.NoPriceInCurrency, ""},
	{order.ErrAttempts, problem.AttemptsExhausted, ""},
	{order.ErrTokenDeclined, problem.TokenDeclined, ""},
	{order.ErrAuthExpired, problem.AuthorizationExpired, ""},
	{order.ErrPaymentProblem, problem.PaymentProblem, ""},
	{order.ErrTracking, problem.DuplicateTracking, ""},
	{order.ErrDelivered, problem.AlreadyDelivered, ""},
	{order.ErrShipmentClosed, problem.ShipmentClosed, ""},
	{order.ErrWindow, problem.ReturnWindowClosed, ""},
	{order.ErrNothingToTake, problem.NothingToCapture, ""},
	{order.ErrImpossible, problem.InvalidTransition, ""}, // facts come by message, so no client sees it

	{product.ErrNotListed, problem.NotFound, ""},
	{product.ErrDiscontinued, problem.ProductDiscontinued, ""},
	{product.ErrUseTaxChange, problem.UseTaxChange, ""},
	{product.ErrValidFromInPast, problem.ValidFromInPast, ""},
	{product.ErrName, problem.ValidationFailed, "body.name"},
	{product.ErrTaxRate, problem.ValidationFailed, "body.tax_rate_bp"},
	{product.ErrAmount, problem.AmountOutOfRange, "body.price.amount"},
	{product.ErrCurrency, problem.ValidationFailed, "body.price.currency"},
	{product.ErrReason, problem.ValidationFailed, "body.reason"},
	{product.ErrDiscountInvalid, problem.ValidationFailed, "body"},
	{product.ErrDiscountUnknown, problem.NotFound, ""},

	{stock.ErrInsufficient, problem.InsufficientStock, ""},
	{stock.ErrBelowZero, problem.BelowZero, ""},
	{stock.ErrQuantity, problem.ValidationFailed, "body"},
	{stock.ErrReason, problem.ValidationFailed, "body.reason_code"},
	{stock.ErrNotReserved, problem.Conflict, ""},     // order and stock were read at different moments
	{stock.ErrAlreadyReserved, problem.Conflict, ""}, // the same

	{es.ErrCommandReused, problem.IdempotencyKeyReused, "header.Idempotency-Key"},
	{es.ErrUnavailable, problem.StoreUnavailable, ""},
	{es.ErrOverloaded, problem.Overloaded, ""},
	{es.ErrOutcomeUnknown, problem.StoreUnavailable, ""},
	{es.ErrUnknownEvent, problem.StoreUnavailable, ""},        // a newer release wrote it
	{es.ErrInvalidEventVersion, problem.StoreUnavailable, ""}, // a gap in a stream
}

// problemOf is how a client sees an error of a use case; nil for what is none of
// its business.
func problemOf(err error) *problem.Problem {
	var conflict *es.ConflictError
	if errors.Is(err, es.ErrConflict) {
		if errors.As(err, &conflict) && conflict.Asked {
			return problem.New(problem.VersionMismatch, "")
		}
		return problem.New(problem.Conflict, "").WithHeader("Retry-After", "1")
	}
	if p := withValues(err); p != nil {
		return p
	}
	for _, r := range refusals {
		if !errors.Is(err, r.err) {
			continue
		}
		p := problem.New(r.code, "")
		switch {
		case errors.Is(err, es.ErrUnavailable), errors.Is(err, es.ErrUnknownEvent), errors.Is(err, es.ErrInvalidEventVersion):
			p.WithOutcome(problem.NotExecuted)
		case r.at != "":
			p.WithErrors(problem.Detail{Location: r.at, Message: sentence(r.err)})
		}
		return p
	}
	return nil
}

// sentence is the text of a sentinel: a constant that repeats no value.
func sentence(err error) string { return strings.TrimPrefix(err.Error(), "eventsourcing: ") }

// withValues is the problem of a refusal that carries values; nil for others.
func withValues(err error) *problem.Problem {
	var price *order.PriceChangedError
	var discount *order.DiscountError
	var shippable *order.ExceedsShippableError
	var returnable *order.ExceedsReturnableError
	var refundable *order.ExceedsRefundableError
	var early *order.NotDueError
	var short *app.InsufficientStockError // one *stock.InsufficientError per product
	var lines *app.LineError
	switch {
	case errors.As(err, &price):
		return problem.New(problem.PriceChanged, "").WithMaximum(totalsOf(price.Totals))
	case errors.As(err, &discount):
		return problem.New(problem.DiscountNotApplicable, "").
			WithErrors(problem.Detail{Location: "discount " + discount.DiscountCode, Message: "does not hold for this order"}).
			WithMaximum(totalsOf(discount.Totals))
	case errors.As(err, &shippable):
		return problem.New(problem.ExceedsShippable, "").WithMaximum(maxima(shippable.Lines))
	case errors.As(err, &returnable):
		return problem.New(problem.ExceedsReturnable, "").WithMaximum(maxima(returnable.Lines))
	case errors.As(err, &refundable):
		return problem.New(problem.ExceedsRefundable, "").WithMaximum(refundMaximum{
			Lines: maxima(refundable.Lines), Shipping: refundable.Shipping, Adjustment: refundable.Adjustment, Refundable: refundable.Refundable,
		})
	case errors.As(err, &early):
		return problem.New(problem.InvalidTransition, "")
	case errors.As(err, &short):
		return problem.New(problem.InsufficientStock, "").WithErrors(named(skusIn(err))...).WithMaximum(available(short))
	case errors.As(err, &lines):
		for _, r := range refusals {
			if errors.Is(lines.Reason, r.err) {
				return problem.New(r.code, "").WithErrors(named(skusIn(err))...)
			}
		}
	}
	return nil
}

// maximum is the most units of a line.
type maximum struct {
	LineID  string `json:"line_id"`
	Maximum int    `json:"maximum"`
}

func maxima(lines []order.LineMax) []maximum {
	out := make([]maximum, len(lines))
	for i, l := range lines {
		out[i] = maximum{LineID: string(l.LineID), Maximum: l.Maximum}
	}
	return out
}

// refundMaximum is the most of each part of a refund, in minor units.
type refundMaximum struct {
	Lines      []maximum    `json:"lines"`
	Shipping   money.Amount `json:"shipping"`
	Adjustment money.Amount `json:"adjustment"`
	Refundable money.Amount `json:"refundable"`
}

// newTotals is what the order comes to now, in minor units of its currency.
type newTotals struct {
	DiscountTotal money.Amount `json:"discount_total"`
	TaxTotal      money.Amount `json:"tax_total"`
	Shipping      money.Amount `json:"shipping"`
	GrandTotal    money.Amount `json:"grand_total"`
}

func totalsOf(t order.Totals) newTotals {
	return newTotals{DiscountTotal: t.DiscountTotal, TaxTotal: t.TaxTotal, Shipping: t.Shipping.Gross, GrandTotal: t.GrandTotal}
}

// unitsLeft is how much there is of a product.
type unitsLeft struct {
	SKU       string `json:"sku"`
	Requested int64  `json:"requested"`
	Available int64  `json:"available"`
}

func available(short *app.InsufficientStockError) []unitsLeft {
	out := make([]unitsLeft, len(short.Short))
	for i, s := range short.Short {
		out[i] = unitsLeft{SKU: string(s.SKU), Requested: s.Requested, Available: s.Available}
	}
	return out
}

// skusIn are the products that a refusal names, and what is wrong with each. They are in
// normal form, so that they may be shown.
func skusIn(err error) map[string]string {
	var short *app.InsufficientStockError
	var lines *app.LineError
	out := map[string]string{}
	switch {
	case errors.As(err, &short):
		for _, s := range short.Short {
			out[string(s.SKU)] = fmt.Sprintf("%s: %d available", s.SKU, s.Available)
		}
	case errors.As(err, &lines):
		for _, sku := range lines.SKUs {
			out[sku] = sentence(lines.Reason)
		}
	}
	return out
}

// named lists products with what is wrong with each, in byte order.
func named(skus map[string]string) []problem.Detail {
	out := make([]problem.Detail, 0, len(skus))
	for _, sku := range slices.Sorted(maps.Keys(skus)) {
		out = append(out, problem.Detail{Location: "sku " + sku, Message: skus[sku]})
	}
	return out
}
