package money

// wholeBP is 100 % in basis points.
const wholeBP = 10_000

// Split is an amount and the tax in it: Gross = Net + Tax, always.
type Split struct {
	Net   Amount
	Tax   Amount
	Gross Amount
}

// Tax splits a base that has its tax of rateBP basis points included, or gets
// it on top. It is meant to be called once per line, as it rounds.
func Tax(base Amount, rateBP int, included bool) (Split, error) {
	if included {
		return TaxIncluded(base, rateBP)
	}
	return TaxOnTop(base, rateBP)
}

// TaxIncluded takes the tax out of base: gross = base, tax = round(base × r /
// (10000 + r)).
func TaxIncluded(base Amount, rateBP int) (Split, error) {
	if rateBP < 0 {
		return Split{}, ErrOutOfRange
	}
	tax, err := MulDiv(base, int64(rateBP), wholeBP+int64(rateBP))
	if err != nil {
		return Split{}, err
	}
	net, err := base.Sub(tax)
	if err != nil {
		return Split{}, err
	}
	return Split{Net: net, Tax: tax, Gross: base}, nil
}

// TaxOnTop puts the tax on base: net = base, tax = round(base × r / 10000).
func TaxOnTop(base Amount, rateBP int) (Split, error) {
	tax, err := Percent(base, rateBP)
	if err != nil {
		return Split{}, err
	}
	gross, err := base.Add(tax)
	if err != nil {
		return Split{}, err
	}
	return Split{Net: base, Tax: tax, Gross: gross}, nil
}

// Percent is bp basis points of base, rounded half away from zero.
func Percent(base Amount, bp int) (Amount, error) {
	if bp < 0 {
		return 0, ErrOutOfRange
	}
	return MulDiv(base, int64(bp), wholeBP)
}
