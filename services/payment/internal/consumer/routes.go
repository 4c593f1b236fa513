package consumer

import (
	"context"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Name is under which offsets are kept. This name is state: another one reads every order again.
const Name = "payment.orders"

// UseCases is what messages set off; [app.App] has it.
type UseCases interface {
	RequestPayment(ctx context.Context, meta es.Metadata, r app.PaymentRequest) error
	RequestCapture(ctx context.Context, meta es.Metadata, c payment.RequestCapture) error
	RequestVoid(ctx context.Context, meta es.Metadata, c payment.RequestVoid) error
	RequestRefund(ctx context.Context, meta es.Metadata, c payment.RequestRefund) error
}

type consumer struct{ app UseCases }

// Routes hands the messages of orders.v1 to the use cases.
func Routes(uc UseCases, middleware ...messaging.Middleware) *messaging.Router {
	c := &consumer{app: uc}
	r := messaging.NewRouter(middleware...)
	messaging.On(r, orderv1.TypePlaced, c.onPlaced)
	messaging.On(r, orderv1.TypePaymentRetryRequested, c.onRetryRequested)
	messaging.On(r, orderv1.TypeCaptureRequested, c.onCaptureRequested)
	messaging.On(r, orderv1.TypePaymentVoidRequested, c.onVoidRequested)
	messaging.On(r, orderv1.TypeRefundRequested, c.onRefundRequested)
	return r
}
