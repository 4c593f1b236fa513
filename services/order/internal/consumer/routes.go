package consumer

import (
	"context"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Name is under which offsets are kept. This name is state: another one reads
// every payment again.
const Name = "order.payments"

// UseCases is what messages set off; [app.App] has it.
type UseCases interface {
	Record(ctx context.Context, ask app.Ask, id order.ID, f app.Fact) (app.Result, error)
}

type consumer struct{ app UseCases }

// Routes hands the messages of payments.v1 to the use cases.
func Routes(uc UseCases, middleware ...messaging.Middleware) *messaging.Router {
	c := &consumer{app: uc}
	r := messaging.NewRouter(middleware...)
	messaging.On(r, paymentv1.TypeAuthorized, c.onAuthorized)
	messaging.On(r, paymentv1.TypeDeclined, c.onDeclined)
	messaging.On(r, paymentv1.TypeCaptured, c.onCaptured)
	messaging.On(r, paymentv1.TypeCaptureFailed, c.onCaptureFailed)
	messaging.On(r, paymentv1.TypeVoided, c.onVoided)
	messaging.On(r, paymentv1.TypeVoidFailed, c.onVoidFailed)
	messaging.On(r, paymentv1.TypeRefunded, c.onRefunded)
	messaging.On(r, paymentv1.TypeRefundFailed, c.onRefundFailed)
	messaging.On(r, paymentv1.TypeAuthorizationExpired, c.onAuthorizationExpired)
	messaging.On(r, paymentv1.TypeManualReview, c.onManualReview)
	messaging.On(r, paymentv1.TypeReviewClosed, c.onReviewClosed)
	return r
}
