package order

func decideCancel(c Cancel, r *recorder) error {
	switch r.state.Status {
	case StatusCancelled:
		return nil
	case StatusCompleted, StatusExpired:
		return ErrStatus
	case StatusDraft, StatusPlaced, StatusPaymentFailed, StatusConfirmed:
	}
	if r.state.count(func(l Line) int { return l.Shipped }) > 0 {
		return ErrShipped
	}
	e := Cancelled{
		Head: r.head(), ReasonCode: c.ReasonCode, Note: c.Note, Lines: []LineGross{}, Released: r.state.OpenReservations(),
	}
	if r.state.IsPlaced() {
		for _, l := range r.state.Lines {
			if n := l.Shippable(); n > 0 {
				e.Lines = append(e.Lines, l.fromEnd(n))
			}
		}
	}
	r.record(e)
	return nil
}

// fromEnd is the worth of n more units called off: they count from the end.
func (l Line) fromEnd(n int) LineGross {
	u, end := l.units(), l.Quantity-l.Cancelled
	return LineGross{LineID: l.LineID, Quantity: n, Gross: u.F(end) - u.F(end-n)}
}

func decideCancelLines(c CancelLines, r *recorder) error {
	if r.state.Status != StatusConfirmed {
		return ErrStatus
	}
	lines, err := r.state.shippable(c.Lines)
	if err != nil {
		return err
	}
	e := LinesCancelled{Head: r.head(), ReasonCode: c.ReasonCode, Note: c.Note, Lines: []LineGross{}, Released: []SKUQuantity{}}
	cancelled := 0
	for i, l := range lines {
		n := c.Lines[i].Quantity
		cancelled += n
		e.Lines = append(e.Lines, l.fromEnd(n))
		e.Released = append(e.Released, SKUQuantity{SKU: l.SKU, Quantity: n})
	}
	shipped := r.state.count(func(l Line) int { return l.Shipped })
	if shipped == 0 && cancelled == r.state.count(Line.Shippable) {
		return decideCancel(Cancel{Cause: c.Cause, ReasonCode: c.ReasonCode, Note: c.Note}, r)
	}
	r.record(e)
	r.complete()
	return nil
}

// shippable is the lines that units are named of, each line once and no more
// units than can still be shipped.
func (s State) shippable(named []LineQuantity) ([]Line, error) {
	lines, err := s.named(named)
	if err != nil {
		return nil, err
	}
	exceeds := false
	limits := make([]LineMax, len(lines))
	for i, l := range lines {
		limits[i] = LineMax{LineID: l.LineID, Maximum: l.Shippable()}
		exceeds = exceeds || named[i].Quantity > l.Shippable()
	}
	if exceeds {
		return nil, &ExceedsShippableError{Lines: limits}
	}
	return lines, nil
}

// named is the lines that units are named of, each line once and at least a unit.
func (s State) named(units []LineQuantity) ([]Line, error) {
	if len(units) == 0 {
		return nil, ErrInvalid
	}
	lines := make([]Line, 0, len(units))
	seen := make(map[LineID]bool, len(units))
	for _, n := range units {
		if n.Quantity < 1 || seen[n.LineID] {
			return nil, ErrInvalid
		}
		seen[n.LineID] = true
		l, ok := s.Line(n.LineID)
		if !ok {
			return nil, ErrNotFound
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// decideMarkBackordered compares with the number that was recorded, not with what
// is backordered now: shipped units are covered without a word.
func decideMarkBackordered(c MarkBackordered, r *recorder) error {
	switch r.state.Status {
	case StatusDraft:
		return ErrStatus
	case StatusCompleted, StatusCancelled, StatusExpired:
		return nil
	case StatusPlaced, StatusPaymentFailed, StatusConfirmed:
	}
	l, ok := r.state.LineOf(c.SKU)
	switch {
	case !ok:
		return ErrNotFound
	case c.Quantity < 0:
		return ErrInvalid
	case c.Quantity == l.Uncovered:
		return nil
	}
	r.record(LinesBackordered{Head: r.head(), Lines: []LineQuantity{{LineID: l.LineID, Quantity: c.Quantity}}})
	return nil
}

func decideAddNote(c AddNote, r *recorder) error {
	if c.Note == "" {
		return ErrInvalid
	}
	r.record(NoteAdded{Head: r.head(), Note: c.Note})
	return nil
}
