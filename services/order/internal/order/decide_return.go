package order

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
)

// ReturnWindow is how long after its delivery a unit can be returned.
const ReturnWindow = 30 * 24 * time.Hour

func decideRequestReturn(c RequestReturn, r *recorder) error {
	if err := r.returns(); err != nil {
		return err
	}
	units := make([]LineQuantity, len(c.Lines))
	for i, l := range c.Lines {
		units[i] = LineQuantity{LineID: l.LineID, Quantity: l.Quantity}
	}
	lines, err := r.state.named(units)
	if err != nil {
		return err
	}
	exceeds, tooLate := false, false
	limits := make([]LineMax, len(lines))
	for i, l := range lines {
		there, inWindow := r.state.returnable(l), r.state.inWindow(l, c.At)
		limits[i] = LineMax{LineID: l.LineID, Maximum: there}
		exceeds = exceeds || units[i].Quantity > there
		tooLate = tooLate || units[i].Quantity > inWindow
	}
	switch {
	case exceeds:
		return &ExceedsReturnableError{Lines: limits}
	case tooLate && (!c.Override || c.Note == ""):
		return ErrWindow
	}
	r.record(ReturnRequested{
		Head: r.head(), ReturnID: ReturnID(ids.Return(string(r.state.ID), string(c.CommandID), 0)), Lines: slices.Clone(c.Lines), Note: c.Note,
	})
	return nil
}

// returns is ErrStatus if the order is in no status to have returns.
func (r *recorder) returns() error {
	if r.state.Status != StatusConfirmed && r.state.Status != StatusCompleted {
		return ErrStatus
	}
	return nil
}

// returnable is how many units are with the customer and in no return.
func (s State) returnable(l Line) int {
	open := 0
	for _, r := range s.Returns {
		for _, b := range r.Lines {
			if b.LineID == l.LineID && r.open() {
				open += b.Quantity - b.Received
			}
		}
	}
	return l.Delivered - l.Returned - open
}

// open says whether units of the return are still expected.
func (r Return) open() bool { return r.Status != ReturnIsRejected && r.Status != ReturnIsClosed }

// inWindow is how many units were delivered lately, less those in returns that
// were requested since. A rejected return and what never arrived count for nothing.
func (s State) inWindow(l Line, now time.Time) int {
	units, since := 0, now
	for _, p := range s.Shipments {
		if p.Status != ParcelDelivered || !now.Before(p.DeliveredAt.Add(ReturnWindow)) {
			continue
		}
		for _, n := range p.Lines {
			if n.LineID == l.LineID {
				units += n.Quantity
				if p.DeliveredAt.Before(since) {
					since = p.DeliveredAt
				}
			}
		}
	}
	for _, r := range s.Returns {
		for _, b := range r.Lines {
			if b.LineID == l.LineID && !r.RequestedAt.Before(since) && r.Status != ReturnIsRejected {
				units -= b.Quantity - b.Missing
			}
		}
	}
	return units
}

// Returnable is how many units of a line can be returned at now, the window
// included.
func (s State) Returnable(l Line, now time.Time) int {
	return max(0, min(s.returnable(l), s.inWindow(l, now)))
}

// inStep is the return, if it has come to one of these steps.
func (r *recorder) inStep(id ReturnID, steps ...ReturnStatus) (Return, error) {
	if err := r.returns(); err != nil {
		return Return{}, err
	}
	back, ok := r.state.Return(id)
	switch {
	case !ok:
		return Return{}, ErrNotFound
	case !slices.Contains(steps, back.Status):
		return Return{}, ErrStatus
	}
	return back, nil
}

func decideApproveReturn(c ApproveReturn, r *recorder) error {
	back, err := r.inStep(c.ReturnID, ReturnIsRequested)
	if err != nil {
		return err
	}
	r.record(ReturnApproved{Head: r.head(), ReturnID: back.ID, Note: c.Note})
	return nil
}

func decideRejectReturn(c RejectReturn, r *recorder) error {
	back, err := r.inStep(c.ReturnID, ReturnIsRequested)
	if err != nil {
		return err
	}
	r.record(ReturnRejected{Head: r.head(), ReturnID: back.ID, Note: c.Note})
	return nil
}

// decideReceiveReturn never fails for money: what goes back to the customer is
// for settling to say.
func decideReceiveReturn(c ReceiveReturn, r *recorder) error {
	back, err := r.inStep(c.ReturnID, ReturnIsApproved, ReturnIsReceived)
	if err != nil {
		return err
	}
	units := make([]LineQuantity, len(c.Lines))
	for i, n := range c.Lines {
		units[i] = LineQuantity{LineID: n.LineID, Quantity: n.Quantity}
		if n.Disposition != Restock && n.Disposition != Scrap {
			return ErrInvalid
		}
	}
	lines, err := r.state.named(units)
	if err != nil {
		return err
	}
	exceeds := false
	limits := make([]LineMax, len(lines))
	e := ReturnReceived{Head: r.head(), ReturnID: back.ID, Refund: c.Refund == nil || *c.Refund, ReceivedAt: c.At}
	for i, l := range lines {
		n := c.Lines[i].Quantity
		limits[i] = LineMax{LineID: l.LineID, Maximum: back.expected(l.LineID)}
		exceeds = exceeds || n > limits[i].Maximum
		e.Lines = append(e.Lines, ReceivedLine{
			LineID: l.LineID, Quantity: n, Gross: l.units().Span(l.Returned, l.Returned+n).Gross, Disposition: c.Lines[i].Disposition,
		})
	}
	if exceeds {
		return &ExceedsReturnableError{Lines: limits}
	}
	r.record(e)
	if back, _ = r.state.Return(back.ID); len(back.missing()) == 0 {
		r.record(ReturnClosed{Head: r.head(), ReturnID: back.ID, Missing: []LineQuantity{}})
	}
	return nil
}

// expected is how many units of a line have not arrived yet.
func (r Return) expected(id LineID) int {
	l := r.line(id)
	return l.Quantity - l.Received
}

// missing is what has not arrived yet.
func (r Return) missing() []LineQuantity {
	missing := []LineQuantity{}
	for _, l := range r.Lines {
		if n := l.Quantity - l.Received; n > 0 {
			missing = append(missing, LineQuantity{LineID: l.LineID, Quantity: n})
		}
	}
	return missing
}

func decideCloseReturn(c CloseReturn, r *recorder) error {
	back, err := r.inStep(c.ReturnID, ReturnIsApproved, ReturnIsReceived)
	if err != nil {
		return err
	}
	r.record(ReturnClosed{Head: r.head(), ReturnID: back.ID, Missing: back.missing()})
	return nil
}
