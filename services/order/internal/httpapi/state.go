package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type stateInput struct {
	ID          string    `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	AtVersion   int64     `query:"version" minimum:"1" doc:"As it was at this version"`
	At          time.Time `query:"at" doc:"As it was recorded at this moment"`
	IfNoneMatch string    `header:"If-None-Match"`
}

func (s *server) getState(ctx context.Context, in *stateInput) (*orderOutput, error) {
	res, err := s.state(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := unchanged(in.IfNoneMatch, res.Version); err != nil {
		return nil, err
	}
	out := orderAnswer(http.StatusOK, "", res)
	out.Caching = webapi.ReadCaching
	return out, nil
}

func (s *server) state(ctx context.Context, in *stateInput) (app.Result, error) {
	by, id := auth.From(ctx), order.ID(in.ID)
	switch {
	case in.AtVersion != 0 && !in.At.IsZero():
		return app.Result{}, problem.At(problem.BadRequest, "query.at", "expected a version or a moment, not both")
	case in.AtVersion != 0:
		return s.app.StateAtVersion(ctx, by, id, in.AtVersion)
	case !in.At.IsZero():
		return s.app.StateAt(ctx, by, id, in.At)
	}
	return s.app.State(ctx, by, id)
}
