package httpapi

import (
	"context"
	"slices"
	"strings"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

type timelineInput struct {
	ID   string   `path:"id" maxLength:"64" doc:"The order_id"`
	Type []string `query:"type" maxItems:"40" doc:"Types of events, such as order.placed"`
	Sort string   `query:"sort" enum:"version,-version" default:"version"`
	Paging
	Waiting
}

// TimelinePage is a page of what happened to an order.
type TimelinePage struct {
	Items []view.Entry `json:"items"`
	Next  string       `json:"next,omitempty" doc:"Cursor of the next page"`
}

type timelineOutput struct {
	Freshness
	Body TimelinePage
}

func (s *server) getTimeline(ctx context.Context, in *timelineInput) (*timelineOutput, error) {
	if err := orderID(in.ID, "path.id"); err != nil {
		return nil, err
	}
	for _, typ := range in.Type {
		if _, known := orderv1.Types[typ]; !known {
			return nil, problem.At(problem.BadRequest, "query.type", "expected types of orders.v1")
		}
	}
	wish, applied, err := in.wish()
	if err != nil {
		return nil, err
	}
	ask := view.TimelineQuery{Types: in.Type, Paging: in.by(in.Sort)}
	page, version, err := s.Views.Timeline(ctx, auth.From(ctx), in.ID, ask, wish)
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{Freshness: s.fresh(version, applied), Body: TimelinePage{Items: page.Items, Next: page.Next}}
	out.ETag = "" // a page is not the order
	return out, nil
}

// listed returns the values of a comma list, or a problem if one is not known.
func listed(name string, values, known []string) ([]string, error) {
	for _, v := range values {
		if !slices.Contains(known, v) {
			return nil, problem.At(problem.BadRequest, "query."+name, "expected some of "+strings.Join(known, ", "))
		}
	}
	return values, nil
}
