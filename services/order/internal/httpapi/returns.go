package httpapi

import (
	"context"
	"net/http"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type returnInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Lines []struct {
			LineID     string `json:"line_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
			Quantity   int    `json:"quantity" minimum:"1" maximum:"999"`
			ReasonCode string `json:"reason_code" enum:"unwanted,damaged,wrong_item,other"`
		} `json:"lines" minItems:"1" maxItems:"200"`
		Note string `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *server) requestReturn(ctx context.Context, in *returnInput) (*orderOutput, error) {
	lines, seen := make([]order.ReturnLine, len(in.Body.Lines)), map[string]bool{}
	for i, l := range in.Body.Lines {
		if seen[l.LineID] {
			return nil, twice(i)
		}
		seen[l.LineID] = true
		lines[i] = order.ReturnLine{LineID: order.LineID(l.LineID), Quantity: l.Quantity, ReasonCode: order.ReturnReason(l.ReasonCode)}
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	res, err := s.app.RequestReturn(ctx, a, order.ID(in.ID), lines, text(in.Body.Note))
	if err != nil {
		return nil, err
	}
	return orderAnswer(http.StatusCreated, orderPath(res.State.ID), res), nil
}

// ReturnNote is what may be said to a decision on a return.
type ReturnNote struct {
	Note string `json:"note,omitempty" maxLength:"500"`
}

type decideReturnInput struct {
	ID       string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ReturnID string `path:"return_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body *ReturnNote
}

func (in *decideReturnInput) note() ReturnNote {
	if in.Body == nil {
		return ReturnNote{}
	}
	return ReturnNote{Note: text(in.Body.Note)}
}

func (s *server) approveReturn(ctx context.Context, in *decideReturnInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.note())
	if err != nil {
		return nil, err
	}
	return edited(s.app.ApproveReturn(ctx, a, order.ID(in.ID), order.ReturnID(in.ReturnID), in.note().Note))
}

func (s *server) rejectReturn(ctx context.Context, in *decideReturnInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.note())
	if err != nil {
		return nil, err
	}
	return edited(s.app.RejectReturn(ctx, a, order.ID(in.ID), order.ReturnID(in.ReturnID), in.note().Note))
}

type receiveReturnInput struct {
	ID       string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ReturnID string `path:"return_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Lines []struct {
			LineID      string `json:"line_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
			Quantity    int    `json:"quantity" minimum:"1" maximum:"999"`
			Disposition string `json:"disposition" enum:"restock,scrap"`
		} `json:"lines" minItems:"1" maxItems:"200"`
		Refund *bool `json:"refund,omitempty" doc:"Default: true"`
	}
}

func (s *server) receiveReturn(ctx context.Context, in *receiveReturnInput) (*orderOutput, error) {
	lines, seen := make([]order.Received, len(in.Body.Lines)), map[string]bool{}
	for i, l := range in.Body.Lines {
		if seen[l.LineID] {
			return nil, twice(i)
		}
		seen[l.LineID] = true
		lines[i] = order.Received{LineID: order.LineID(l.LineID), Quantity: l.Quantity, Disposition: order.Disposition(l.Disposition)}
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.ReceiveReturn(ctx, a, order.ID(in.ID), order.ReturnID(in.ReturnID), lines, in.Body.Refund))
}

type closeReturnInput struct {
	ID       string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ReturnID string `path:"return_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body *struct{}
}

func (s *server) closeReturn(ctx context.Context, in *closeReturnInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), struct{}{})
	if err != nil {
		return nil, err
	}
	return edited(s.app.CloseReturn(ctx, a, order.ID(in.ID), order.ReturnID(in.ReturnID)))
}
