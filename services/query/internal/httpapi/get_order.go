package httpapi

import (
	"context"
	"strconv"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// Freshness is what every answer about one order says of the view.
type Freshness struct {
	ETag    string `header:"ETag" doc:"The version of the order in the view, in quotes"`
	Caching string `header:"Cache-Control"`
	Version string `header:"X-Read-Model-Version" doc:"The version of the order in the view"`
	Lag     string `header:"X-Read-Model-Lag-Ms" doc:"How far the views are behind the events, as far as this process knows"`
	Applied string `header:"Preference-Applied"`
}

func (s *server) fresh(version int64, applied string) Freshness {
	return Freshness{
		ETag: webapi.ETag(version), Caching: webapi.ReadCaching, Version: strconv.FormatInt(version, 10), Lag: s.lag(), Applied: applied,
	}
}

func (s *server) lag() string { return strconv.FormatInt(s.Lag().Milliseconds(), 10) }

type orderInput struct {
	ID          string `path:"id" maxLength:"64" doc:"The order_id"`
	IfNoneMatch string `header:"If-None-Match"`
	Waiting
}

type orderOutput struct {
	Freshness
	Body view.Order
}

func (s *server) getOrder(ctx context.Context, in *orderInput) (*orderOutput, error) {
	if err := orderID(in.ID, "path.id"); err != nil {
		return nil, err
	}
	wish, applied, err := in.wish()
	if err != nil {
		return nil, err
	}
	order, err := s.Views.Order(ctx, auth.From(ctx), in.ID, wish)
	if err != nil {
		return nil, err
	}
	if tag := webapi.ETag(order.Version); webapi.Matches(in.IfNoneMatch, tag) {
		return nil, webapi.NotModified(tag)
	}
	return &orderOutput{Freshness: s.fresh(order.Version, applied), Body: order}, nil
}
