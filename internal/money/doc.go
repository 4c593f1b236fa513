// Package money is arithmetic on amounts of money, exact to the minor unit.
//
// An [Amount] counts minor units (cents, yen, fils) of a currency that stands
// beside it, once per order; [Money] is the pair for APIs. There is no float,
// anywhere: rates and percentages are basis points, products are formed in 128
// bits. What would leave ±[Max] is [ErrOutOfRange], never a wrong number; below
// Max a JavaScript client stays exact as well.
//
//	base, err := price.Mul(3)              // 3 units
//	split, err := money.Tax(base, 1900, true) // 19 % included: net, tax, gross
//	shares, err := money.Allocate(discount, bases)
//	units := money.Units{Gross: split.Gross, Tax: split.Tax, Quantity: 3}
//	first := units.Span(0, 1)              // what the first unit is worth
//
// Rounding is half away from zero, except for the worth of units, which is
// rounded down so that every way to split a line sums to the line. Amounts of
// different currencies must never meet; as an Amount does not know its own,
// that is the caller's to keep.
//
// The currency table is ISO 4217 and only grows: a currency that ended stays,
// for its orders are still refunded, and a code never changes its decimals.
//
// All functions are pure and safe for concurrent use. Standard library only:
// it counts as core, and everybody may import it.
package money
