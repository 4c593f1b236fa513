package httpapi

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Address is where an order goes. postal_code and region are needed where the
// country has them.
type Address struct {
	Name       string `json:"name" minLength:"1" maxLength:"120"`
	Line1      string `json:"line1" minLength:"1" maxLength:"120"`
	Line2      string `json:"line2,omitempty" maxLength:"120"`
	PostalCode string `json:"postal_code,omitempty" maxLength:"16"`
	City       string `json:"city" minLength:"1" maxLength:"80"`
	Region     string `json:"region,omitempty" maxLength:"80"`
	Country    string `json:"country" pattern:"^[A-Z]{2}$" doc:"ISO 3166-1 alpha-2, or XK"`
	Email      string `json:"email" minLength:"3" maxLength:"254"`
	Phone      string `json:"phone,omitempty" maxLength:"32"`
}

func addressOf(a order.Address) Address {
	return Address{
		Name: a.Name, Line1: a.Line1, Line2: a.Line2, PostalCode: a.PostalCode, City: a.City, Region: a.Region, Country: a.Country,
		Email: a.Email, Phone: a.Phone,
	}
}

// parse is the address as it is stored, or every field that is not acceptable.
func (a Address) parse(at string) (order.Address, error) {
	out := order.Address{
		Name: text(a.Name), Line1: text(a.Line1), Line2: text(a.Line2), PostalCode: text(a.PostalCode), City: text(a.City),
		Region: text(a.Region), Country: a.Country, Email: text(a.Email), Phone: text(a.Phone),
	}
	var wrong []problem.Detail
	complain := func(bad bool, field, message string) {
		if bad {
			wrong = append(wrong, problem.Detail{Location: at + "." + field, Message: message})
		}
	}
	complain(out.Name == "", "name", "expected a name")
	complain(out.Line1 == "", "line1", "expected a street or a box")
	complain(out.City == "", "city", "expected a city")
	complain(!countries[out.Country], "country", "expected a country of ISO 3166-1")
	complain(!isEmail(out.Email), "email", "expected an e-mail address")
	complain(out.PostalCode == "" && needsPostalCode[out.Country], "postal_code", "expected a postal code for this country")
	complain(out.Region == "" && needsRegion[out.Country], "region", "expected a region for this country")
	if len(wrong) > 0 {
		return order.Address{}, problem.New(problem.ValidationFailed, "").WithErrors(wrong...)
	}
	return out, nil
}

// isEmail sorts out what can be no address; only a mail can tell the rest.
func isEmail(s string) bool {
	local, host, found := strings.Cut(s, "@")
	return found && local != "" && host != "" && !strings.Contains(host, "@") && len(s) <= 254 && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, unicode.IsSpace)
}
