package money

// Units is a line as the sum of its units: what shipments capture, and what
// returns and refunds give back, is the worth of a span of units. Spans that
// cover the line sum exactly to it, however they are cut. Gross is at least 0,
// and Tax is from 0 to Gross.
type Units struct {
	Gross    Amount
	Tax      Amount
	Quantity int
}

// F is the worth of the first k units, ⌊gross × k / quantity⌋. It never falls,
// F(0) is 0 and F(quantity) is gross; k outside of that range counts as its end.
func (u Units) F(k int) Amount {
	switch {
	case k <= 0:
		return 0
	case k >= u.Quantity:
		return u.Gross
	}
	return share(u.Gross, int64(k), int64(u.Quantity))
}

// T is the tax in F(k), ⌊F(k) × tax / gross⌋; 0 if gross is 0.
func (u Units) T(k int) Amount {
	return u.TaxIn(u.F(k))
}

// TaxIn is the tax in the first amount of the line, ⌊amount × tax / gross⌋: for
// a cut that goes through a unit. It is 0 if gross is 0.
func (u Units) TaxIn(amount Amount) Amount {
	switch {
	case amount <= 0 || u.Gross <= 0:
		return 0
	case amount >= u.Gross:
		return u.Tax
	}
	return share(amount, int64(u.Tax), int64(u.Gross))
}

// Span is what the units a+1 … b are worth: F(b) - F(a), with the tax in it.
func (u Units) Span(a, b int) Split {
	gross, tax := u.F(b)-u.F(a), u.T(b)-u.T(a)
	return Split{Net: gross - tax, Tax: tax, Gross: gross}
}

// share is ⌊a × num / den⌋ where num is at most den, so that it always fits.
func share(a Amount, num, den int64) Amount {
	q, _ := divide(a, num, den)
	return Amount(q.quotient)
}
