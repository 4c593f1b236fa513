package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// NewLine is a product and how many units of it.
type NewLine struct {
	SKU      string `json:"sku" maxLength:"64"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"999"`
}

// createBody has no price: the book decides.
type createBody struct {
	Currency      string    `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217"`
	Lines         []NewLine `json:"lines,omitempty" maxItems:"200" doc:"A product at most once"`
	Address       *Address  `json:"shipping_address,omitempty"`
	DiscountCodes []string  `json:"discount_codes,omitempty" maxItems:"20"`
	CustomerID    string    `json:"customer_id,omitempty" maxLength:"255" doc:"Staff must say whose order it is"`
	Channel       string    `json:"channel,omitempty" enum:"web,api"`
	Submit        bool      `json:"submit,omitempty" doc:"Place it at once"`
	Token         string    `json:"payment_method_token,omitempty" maxLength:"255"`
	ExpectedTotal *Money    `json:"expected_total,omitempty" doc:"The total that the customer has seen"`
}

type createInput struct {
	webapi.Keyed
	Body createBody
}

type orderOutput struct {
	Status int
	Head
	Body Order
}

func (s *server) create(ctx context.Context, in *createInput) (*orderOutput, error) {
	n, err := in.Body.parse()
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, 0, in.Body)
	if err != nil {
		return nil, err
	}
	n.ID = order.ID(ids.Order(a.By.Key(), in.Key()))
	res, err := s.app.Draft(ctx, a, n)
	if err != nil {
		return nil, about(err, in.Body.Lines)
	}
	return orderAnswer(http.StatusCreated, orderPath(n.ID), res), nil
}

// parse is the order that the body asks for.
func (b createBody) parse() (app.NewOrder, error) {
	n := app.NewOrder{CustomerID: order.CustomerID(b.CustomerID), Channel: order.Channel(b.Channel)}
	var err error
	if n.Currency, err = parseCurrency(b.Currency, "body.currency"); err != nil {
		return n, err
	}
	if n.Lines, err = parseLines(b.Lines); err != nil {
		return n, err
	}
	if n.DiscountCodes, err = parseCodes(b.DiscountCodes); err != nil {
		return n, err
	}
	if b.Address != nil {
		to, err := b.Address.parse("body.shipping_address")
		if err != nil {
			return n, err
		}
		n.Address = &to
	}
	submit, err := submission(b.Token, b.ExpectedTotal)
	if err != nil {
		return n, err
	}
	if submit.Currency != "" && submit.Currency != n.Currency {
		return n, app.ErrOtherCurrency
	}
	if b.Submit {
		n.Submit = &submit
	}
	return n, nil
}

func parseLines(lines []NewLine) ([]app.LineRequest, error) {
	out := make([]app.LineRequest, len(lines))
	seen := map[order.SKU]bool{}
	for i, l := range lines {
		at := fmt.Sprintf("body.lines[%d].sku", i)
		sku, err := parseSKU(l.SKU, at)
		if err != nil {
			return nil, err
		}
		out[i] = app.LineRequest{SKU: order.SKU(sku), Quantity: l.Quantity}
		if seen[out[i].SKU] {
			return nil, problem.At(problem.ValidationFailed, at, "expected each product once")
		}
		seen[out[i].SKU] = true
	}
	return out, nil
}

func parseCodes(codes []string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for i, raw := range codes {
		at := fmt.Sprintf("body.discount_codes[%d]", i)
		code, err := parseCode(raw, at)
		if err != nil {
			return nil, err
		}
		if seen[code] {
			return nil, problem.At(problem.ValidationFailed, at, "expected each code once")
		}
		seen[code] = true
		out = append(out, code)
	}
	return out, nil
}

// submission is what placing needs from the client.
func submission(token string, expected *Money) (app.Submit, error) {
	if err := checkToken(token); err != nil {
		return app.Submit{}, err
	}
	out := app.Submit{PaymentMethodToken: token}
	if expected == nil {
		return out, nil
	}
	total, err := amountOf(expected.Amount, "body.expected_total.amount")
	if err != nil {
		return out, err
	}
	if out.Currency, err = parseCurrency(expected.Currency, "body.expected_total.currency"); err != nil {
		return out, err
	}
	out.ExpectedTotal = &total
	return out, nil
}

// checkToken accepts a token of the payment provider, and never a card number.
func checkToken(token string) error {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, token)
	number := len(digits) >= 12 && len(digits) <= 19 && strings.Trim(digits, "0123456789") == ""
	printable := strings.IndexFunc(token, func(r rune) bool { return r < '!' || r > '~' }) < 0
	if number || !printable {
		return problem.At(problem.ValidationFailed, "body.payment_method_token", "expected a token of the payment provider")
	}
	return nil
}

func orderPath(id order.ID) string { return "/v1/orders/" + string(id) }

// orderAnswer is the order at the version a command reached.
func orderAnswer(status int, location string, res app.Result) *orderOutput {
	return &orderOutput{
		Status: status,
		Head:   Head{ETag: webapi.ETag(res.Version), Location: location, Replayed: replayed(res.Repeated)},
		Body:   orderOf(res.State, res.Version),
	}
}

// about says which lines of the body a refusal is about.
func about(err error, lines []NewLine) error {
	p := problemOf(err)
	if p == nil {
		return err
	}
	skus := skusIn(err)
	if len(skus) == 0 {
		return p
	}
	p.Errors = nil
	for i, l := range lines {
		if message, ok := skus[strings.ToUpper(l.SKU)]; ok {
			p.WithErrors(problem.Detail{Location: fmt.Sprintf("body.lines[%d].sku", i), Message: message})
		}
	}
	return p
}
