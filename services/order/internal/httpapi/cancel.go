package httpapi

import (
	"context"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type cancelInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		ReasonCode string `json:"reason_code" enum:"customer,inventory,fraud,declined,staff,other"`
		Note       string `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *server) cancel(ctx context.Context, in *cancelInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return settled(s.app.Cancel(ctx, a, order.ID(in.ID), order.CancelReason(in.Body.ReasonCode), text(in.Body.Note)))
}

type cancelLinesInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Lines      []LineUnits `json:"lines" minItems:"1" maxItems:"200"`
		ReasonCode string      `json:"reason_code" enum:"customer,inventory,fraud,declined,staff,other"`
		Note       string      `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *server) cancelLines(ctx context.Context, in *cancelLinesInput) (*orderOutput, error) {
	lines, err := parseUnits(in.Body.Lines)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return settled(s.app.CancelLines(ctx, a, order.ID(in.ID), lines, order.CancelReason(in.Body.ReasonCode), text(in.Body.Note)))
}
