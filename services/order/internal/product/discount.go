package product

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// DiscountKind says what the value of a discount counts.
type DiscountKind string

// The kinds of discounts. They are stored: renaming one is a migration.
const (
	AmountOff  DiscountKind = "amount"  // minor units of Currency
	PercentOff DiscountKind = "percent" // basis points
)

// Discount is what a code is worth and when. The zero value is not defined.
type Discount struct {
	Code      string
	Kind      DiscountKind
	Value     int64
	Currency  money.Currency // of an amount and of MinTotal
	SKU       SKU            // of this product's line only; else of the order
	ValidFrom time.Time
	ValidTo   time.Time    // zero: for ever; the interval is half-open
	MinTotal  money.Amount // Σ unit price × quantity that it needs
	Withdrawn bool
}

// DiscountCommand is what can be asked of a discount. It is a closed set.
//
//sumtype:decl
type DiscountCommand interface{ discountCommand() }

// Define says what a code is worth; it replaces an earlier definition. A zero
// ValidFrom is At.
type Define struct {
	Code      string
	Kind      DiscountKind
	Value     int64
	Currency  money.Currency
	SKU       SKU
	ValidFrom time.Time
	ValidTo   time.Time
	MinTotal  money.Amount
	At        time.Time
}

// Withdraw ends a discount; drafts that have it are refused at placement.
type Withdraw struct{ At time.Time }

func (Define) discountCommand()   {}
func (Withdraw) discountCommand() {}

// DiscountEvent is a fact about a discount. It is a closed set; the JSON is the
// stored shape.
//
//sumtype:decl
type DiscountEvent interface{ discountEvent() }

// DiscountDefined: the code is worth this.
type DiscountDefined struct {
	Code       string         `json:"code"`
	Kind       DiscountKind   `json:"kind"`
	Value      int64          `json:"value"`
	Currency   money.Currency `json:"currency,omitempty"`
	SKU        SKU            `json:"sku,omitempty"`
	ValidFrom  time.Time      `json:"valid_from"`
	ValidTo    *time.Time     `json:"valid_to,omitempty"`
	MinTotal   money.Amount   `json:"min_total,omitempty"`
	OccurredAt time.Time      `json:"occurred_at"`
}

// DiscountWithdrawn: the code is worth nothing any more.
type DiscountWithdrawn struct {
	Code       string    `json:"code"`
	OccurredAt time.Time `json:"occurred_at"`
}

func (DiscountDefined) discountEvent()   {}
func (DiscountWithdrawn) discountEvent() {}

// NoDiscount is a code that was not defined.
func NoDiscount() Discount { return Discount{} }

// Defined says whether the code is worth anything at any time.
func (d Discount) Defined() bool { return d.Code != "" && !d.Withdrawn }

// Holds says whether the discount can be used at t on an order in currency c
// whose lines come to total before discounts.
func (d Discount) Holds(t time.Time, c money.Currency, total money.Amount) bool {
	in := !t.Before(d.ValidFrom) && (d.ValidTo.IsZero() || t.Before(d.ValidTo))
	return d.Defined() && in && (d.Currency == "" || d.Currency == c) && total >= d.MinTotal
}

// DecideDiscount turns a command into the event it leads to, none if nothing
// changes, or refuses it.
func DecideDiscount(c DiscountCommand, d Discount) ([]DiscountEvent, error) {
	switch c := c.(type) {
	case Define:
		return decideDefine(c, d)
	case Withdraw:
		switch {
		case d.Code == "":
			return nil, ErrDiscountUnknown
		case d.Withdrawn:
			return nil, nil
		}
		return []DiscountEvent{DiscountWithdrawn{Code: d.Code, OccurredAt: c.At}}, nil
	}
	panic("product: unknown discount command")
}

func decideDefine(c Define, d Discount) ([]DiscountEvent, error) {
	if c.ValidFrom.IsZero() {
		c.ValidFrom = c.At
		if d.Defined() && !d.ValidFrom.After(c.At) {
			c.ValidFrom = d.ValidFrom // the same definition again changes nothing
		}
	}
	c.ValidFrom, c.ValidTo = c.ValidFrom.UTC().Truncate(time.Microsecond), c.ValidTo.UTC().Truncate(time.Microsecond)
	if err := c.check(); err != nil {
		return nil, err
	}
	e := DiscountDefined{
		Code: c.Code, Kind: c.Kind, Value: c.Value, Currency: c.Currency, SKU: c.SKU, ValidFrom: c.ValidFrom, MinTotal: c.MinTotal, OccurredAt: c.At,
	}
	if !c.ValidTo.IsZero() {
		e.ValidTo = &c.ValidTo
	}
	if next := EvolveDiscount(d, e); d.Defined() && next == d {
		return nil, nil
	}
	return []DiscountEvent{e}, nil
}

// check holds the value to its kind: an amount, and a minimum, need a currency.
func (c Define) check() error {
	_, known := c.Currency.Decimals()
	valueFits := c.Kind == PercentOff && c.Value >= 1 && c.Value <= 10_000 ||
		c.Kind == AmountOff && c.Value >= 1 && c.Value <= int64(money.Max) && known
	minFits := c.MinTotal == 0 || c.MinTotal > 0 && c.MinTotal <= money.Max && known
	ends := c.ValidTo.IsZero() || c.ValidTo.After(c.ValidFrom)
	if c.Currency != "" && !known {
		return ErrCurrency
	}
	if !valueFits || !minFits || !ends {
		return ErrDiscountInvalid
	}
	return nil
}

// EvolveDiscount folds one event.
func EvolveDiscount(d Discount, e DiscountEvent) Discount {
	switch e := e.(type) {
	case DiscountDefined:
		d = Discount{
			Code: e.Code, Kind: e.Kind, Value: e.Value, Currency: e.Currency, SKU: e.SKU, ValidFrom: e.ValidFrom, MinTotal: e.MinTotal,
		}
		if e.ValidTo != nil {
			d.ValidTo = *e.ValidTo
		}
	case DiscountWithdrawn:
		d.Withdrawn = true
	}
	return d
}
