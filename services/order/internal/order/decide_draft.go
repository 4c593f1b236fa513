package order

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
)

// What an order may hold.
const (
	MaxLines    = 200
	MaxQuantity = 999
)

// DraftLife is how long a draft lives after its last event.
const DraftLife = 30 * 24 * time.Hour

func decideDraft(c Draft, r *recorder) error {
	if r.state.Exists() {
		return ErrStatus
	}
	lines, err := c.lines()
	if err != nil {
		return err
	}
	bought := cart{lines: lines, shipping: c.Shipping}
	if bought.discounts, err = c.discounts(bought); err != nil {
		return err
	}
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	if c.Address != nil {
		address := *c.Address
		c.Address = &address
	}
	r.record(Drafted{
		Head: Head{OrderID: c.OrderID, OccurredAt: c.At}, Totals: totals, OrderNumber: c.OrderNumber, CustomerID: c.CustomerID,
		Currency: c.Currency, Channel: c.Channel, Lines: lines, Discounts: bought.discounts, ShippingAddress: c.Address,
	})
	if c.Submit == nil {
		return nil
	}
	prices := make([]Price, len(c.Lines))
	for i, l := range c.Lines {
		prices[i] = l.Price
	}
	return place(Place{Cause: c.Cause, Prices: prices, Offers: c.Offers, Shipping: c.Shipping, Submit: *c.Submit}, r)
}

// lines are the lines of the draft, each product once.
func (c Draft) lines() ([]DraftLine, error) {
	if len(c.Lines) > MaxLines {
		return nil, ErrInvalid
	}
	lines := make([]DraftLine, 0, len(c.Lines))
	for _, n := range c.Lines {
		twice := slices.ContainsFunc(lines, func(l DraftLine) bool { return l.SKU == n.SKU })
		if twice || n.Quantity < 1 || n.Quantity > MaxQuantity {
			return nil, ErrInvalid
		}
		lines = append(lines, n.on(c.OrderID))
	}
	return lines, nil
}

// discounts are the discounts of the draft, each code once. One that does not
// hold refuses the draft.
func (c Draft) discounts(bought cart) ([]Discount, error) {
	discounts := make([]Discount, 0, len(c.Offers))
	for i, o := range c.Offers {
		if slices.ContainsFunc(discounts, func(d Discount) bool { return d.Code == o.Code }) {
			return nil, ErrInvalid
		}
		if !o.holds(c.At, c.Currency, bought) {
			return nil, without(bought, o.Code, discounts)
		}
		discounts = append(discounts, o.as(DiscountID(ids.Discount(string(c.OrderID), string(c.CommandID), i))))
	}
	return discounts, nil
}

// without is the refusal of a discount, with the totals of the cart without it.
func without(bought cart, code string, rest []Discount) error {
	bought.discounts = rest
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	return &DiscountError{DiscountCode: code, Totals: totals}
}

// on is the line of an order.
func (n NewLine) on(order ID) DraftLine {
	return DraftLine{
		LineID: LineID(ids.Line(string(order), string(n.SKU))), SKU: n.SKU, Name: n.Name, Quantity: n.Quantity,
		UnitPrice: n.UnitPrice, PriceID: n.PriceID, TaxRateBP: n.TaxRateBP, TaxIncluded: n.TaxIncluded,
	}
}

// as is the offer on an order.
func (o Offer) as(id DiscountID) Discount {
	return Discount{DiscountID: id, Code: o.Code, Kind: o.Kind, Value: o.Value, SKU: o.SKU}
}

// draft is the cart of a draft, for a change; ErrStatus if the order is none.
func (r *recorder) draft(shipping ShippingRate) (cart, error) {
	if r.state.Status != StatusDraft {
		return cart{}, ErrStatus
	}
	c := cart{lines: make([]DraftLine, len(r.state.Lines)), discounts: slices.Clone(r.state.Discounts), shipping: shipping}
	for i, l := range r.state.Lines {
		c.lines[i] = l.DraftLine
	}
	return c, nil
}

func (c cart) at(id LineID) int {
	return slices.IndexFunc(c.lines, func(l DraftLine) bool { return l.LineID == id })
}

func decideAddLine(c AddLine, r *recorder) error {
	bought, err := r.draft(c.Shipping)
	if err != nil {
		return err
	}
	if c.Line.Quantity < 1 || c.Line.Quantity > MaxQuantity {
		return ErrInvalid
	}
	line := c.Line.on(r.state.ID)
	if at := bought.at(line.LineID); at >= 0 {
		return changeQuantity(bought, at, bought.lines[at].Quantity+c.Line.Quantity, r)
	}
	if len(bought.lines) >= MaxLines {
		return ErrInvalid
	}
	bought.lines = append(bought.lines, line)
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	r.record(LineAdded{Head: r.head(), Totals: totals, Line: line})
	return nil
}

func decideChangeQuantity(c ChangeQuantity, r *recorder) error {
	bought, err := r.draft(c.Shipping)
	if err != nil {
		return err
	}
	at := bought.at(c.LineID)
	if at < 0 {
		return ErrNotFound
	}
	return changeQuantity(bought, at, c.Quantity, r)
}

// changeQuantity gives a line another quantity; the one it has changes nothing.
func changeQuantity(bought cart, at, quantity int, r *recorder) error {
	line := &bought.lines[at]
	old := line.Quantity
	switch {
	case quantity < 1 || quantity > MaxQuantity:
		return ErrInvalid
	case quantity == old:
		return nil
	}
	line.Quantity = quantity
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	r.record(LineQuantityChanged{Head: r.head(), Totals: totals, LineID: line.LineID, OldQuantity: old, Quantity: quantity})
	return nil
}

func decideRemoveLine(c RemoveLine, r *recorder) error {
	bought, err := r.draft(c.Shipping)
	if err != nil {
		return err
	}
	at := bought.at(c.LineID)
	if at < 0 {
		return ErrNotFound
	}
	bought.lines = slices.Delete(bought.lines, at, at+1)
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	r.record(LineRemoved{Head: r.head(), Totals: totals, LineID: c.LineID})
	return nil
}

func decideSetAddress(c SetAddress, r *recorder) error {
	switch {
	case r.state.Status != StatusDraft:
		return ErrStatus
	case r.state.ShippingAddress != nil && *r.state.ShippingAddress == c.Address:
		return nil
	}
	r.record(ShippingAddressSet{Head: r.head(), Totals: r.state.Totals, ShippingAddress: c.Address})
	return nil
}

func decideExpireDraft(c ExpireDraft, r *recorder) error {
	if r.state.Status != StatusDraft {
		return nil
	}
	if due := r.state.UpdatedAt.Add(DraftLife); c.At.Before(due) {
		return &NotDueError{DueAt: due}
	}
	r.record(Expired{Head: r.head(), Reason: DraftAbandoned, Released: []SKUQuantity{}})
	return nil
}
