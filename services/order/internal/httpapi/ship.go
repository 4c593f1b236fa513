package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type shipInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Lines    []LineUnits `json:"lines" minItems:"1" maxItems:"200"`
		Carrier  string      `json:"carrier" minLength:"1" maxLength:"40"`
		Tracking string      `json:"tracking_number" minLength:"1" maxLength:"64"`
	}
}

func (s *server) ship(ctx context.Context, in *shipInput) (*orderOutput, error) {
	lines, err := parseUnits(in.Body.Lines)
	if err != nil {
		return nil, err
	}
	by, err := tracking(in.Body.Carrier, in.Body.Tracking)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	res, err := s.app.Ship(ctx, a, order.ID(in.ID), lines, by)
	if err != nil {
		return nil, err
	}
	return orderAnswer(http.StatusCreated, orderPath(res.State.ID), res), nil
}

type parcelInput struct {
	ID         string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ShipmentID string `path:"shipment_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body *struct{}
}

func (s *server) deliver(ctx context.Context, in *parcelInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), struct{}{})
	if err != nil {
		return nil, err
	}
	return edited(s.app.Deliver(ctx, a, order.ID(in.ID), order.ShipmentID(in.ShipmentID)))
}

type trackingInput struct {
	ID         string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ShipmentID string `path:"shipment_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatch
	Body struct {
		Carrier  string `json:"carrier" minLength:"1" maxLength:"40"`
		Tracking string `json:"tracking_number" minLength:"1" maxLength:"64"`
	}
}

func (s *server) correctTracking(ctx context.Context, in *trackingInput) (*orderOutput, error) {
	by, err := tracking(in.Body.Carrier, in.Body.Tracking)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.CorrectTracking(ctx, a, order.ID(in.ID), order.ShipmentID(in.ShipmentID), by))
}

type closeShipmentInput struct {
	ID         string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	ShipmentID string `path:"shipment_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Reason  string `json:"reason" enum:"lost,returned_to_sender"`
		Restock *bool  `json:"restock,omitempty" doc:"Default: only what was returned to the sender"`
		Refund  *bool  `json:"refund,omitempty" doc:"Default: true"`
	}
}

func (s *server) closeShipment(ctx context.Context, in *closeShipmentInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return accepted(s.app.CloseShipment(ctx, a, order.ID(in.ID), order.ShipmentID(in.ShipmentID), app.Closing{
		Reason: order.CloseReason(in.Body.Reason), Restock: in.Body.Restock, Refund: in.Body.Refund,
	}))
}

// tracking is how a parcel is followed, as it is stored.
func tracking(carrier, number string) (app.Tracking, error) {
	t := app.Tracking{Carrier: text(carrier), Number: text(number)}
	if t.Carrier == "" || t.Number == "" {
		return t, problem.At(problem.ValidationFailed, "body.tracking_number", "expected a carrier and its number")
	}
	return t, nil
}

// parseUnits refuses a line that is named twice.
func parseUnits(lines []LineUnits) ([]order.LineQuantity, error) {
	out := make([]order.LineQuantity, len(lines))
	seen := map[string]bool{}
	for i, l := range lines {
		if seen[l.LineID] {
			return nil, twice(i)
		}
		seen[l.LineID] = true
		out[i] = order.LineQuantity{LineID: order.LineID(l.LineID), Quantity: l.Quantity}
	}
	return out, nil
}

func twice(i int) error {
	return problem.At(problem.ValidationFailed, fmt.Sprintf("body.lines[%d].line_id", i), "expected each line once")
}
