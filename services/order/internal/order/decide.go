package order

import "time"

// Decide turns a command into the events it leads to, or refuses it. No events
// and no error: there is nothing to do. Every error is a [Refusal].
func Decide(c Command, s State) ([]Event, error) {
	c = c.at(cut(c.cause().At))
	_, creates := c.(Draft)
	if !creates && !s.Exists() {
		if isFact(c) {
			return nil, ErrImpossible
		}
		return nil, ErrNotFound
	}
	r := &recorder{cause: c.cause(), before: s, state: s}
	if err := decide(c, r); err != nil {
		return nil, err
	}
	if len(r.events) == 0 {
		return nil, nil
	}
	r.settle()
	return r.stamped(), nil
}

// decide is one function per command; they record what follows from it.
func decide(c Command, r *recorder) error {
	if isFact(c) {
		return decideFact(c, r)
	}
	switch c := c.(type) {
	case Draft:
		return decideDraft(c, r)
	case AddLine:
		return decideAddLine(c, r)
	case ChangeQuantity:
		return decideChangeQuantity(c, r)
	case RemoveLine:
		return decideRemoveLine(c, r)
	case ApplyDiscount:
		return decideApplyDiscount(c, r)
	case RemoveDiscount:
		return decideRemoveDiscount(c, r)
	case SetAddress:
		return decideSetAddress(c, r)
	case Place:
		return decidePlace(c, r)
	case ExpireDraft:
		return decideExpireDraft(c, r)
	case Cancel:
		return decideCancel(c, r)
	case CancelLines:
		return decideCancelLines(c, r)
	case MarkBackordered:
		return decideMarkBackordered(c, r)
	case AddNote:
		return decideAddNote(c, r)
	case RetryPayment:
		return decideRetryPayment(c, r)
	case ExpirePayment:
		return decideExpirePayment(c, r)
	case RequestCapture:
		return decideRequestCapture(c, r)
	case RequestRefund:
		return decideRequestRefund(c, r)
	}
	return decideGoods(c, r)
}

// decideGoods is decide for parcels and returns.
func decideGoods(c Command, r *recorder) error {
	switch c := c.(type) {
	case Dispatch:
		return decideDispatch(c, r)
	case MarkDelivered:
		return decideMarkDelivered(c, r)
	case CorrectTracking:
		return decideCorrectTracking(c, r)
	case CloseShipment:
		return decideCloseShipment(c, r)
	case RequestReturn:
		return decideRequestReturn(c, r)
	case ApproveReturn:
		return decideApproveReturn(c, r)
	case RejectReturn:
		return decideRejectReturn(c, r)
	case ReceiveReturn:
		return decideReceiveReturn(c, r)
	case CloseReturn:
		return decideCloseReturn(c, r)
	}
	panic("order: unknown command")
}

// decideFact is decide for what the payment service tells.
func decideFact(c Command, r *recorder) error {
	switch c := c.(type) {
	case RecordAuthorization:
		return decideRecordAuthorization(c, r)
	case RecordDecline:
		return decideRecordDecline(c, r)
	case RecordCapture:
		return decideRecordCapture(c, r)
	case RecordCaptureFailed:
		return decideRecordCaptureFailed(c, r)
	case RecordVoid:
		return decideRecordVoid(c, r)
	case RecordVoidFailed:
		return decideRecordVoidFailed(c, r)
	case RecordRefund:
		return decideRecordRefund(c, r)
	case RecordRefundFailed:
		return decideRecordRefundFailed(c, r)
	case RecordAuthExpired:
		return decideRecordAuthExpired(c, r)
	case RecordReview:
		return decideRecordReview(c, r)
	case RecordReviewClosed:
		return decideRecordReviewClosed(c, r)
	}
	panic("order: unknown fact")
}

// isFact says whether the command is told by the payment service.
func isFact(c Command) bool {
	switch c.(type) {
	case RecordAuthorization, RecordDecline, RecordCapture, RecordCaptureFailed, RecordVoid, RecordVoidFailed,
		RecordRefund, RecordRefundFailed, RecordAuthExpired, RecordReview, RecordReviewClosed:
		return true
	}
	return false
}

// cut is t as it is stored.
func cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
