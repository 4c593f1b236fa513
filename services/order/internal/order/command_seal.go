package order

import "time"

// at is the command with its time cut to what is stored: microseconds, in UTC.
// It closes the set.
func (c Draft) at(t time.Time) Command               { c.At = t; return c }
func (c AddLine) at(t time.Time) Command             { c.At = t; return c }
func (c ChangeQuantity) at(t time.Time) Command      { c.At = t; return c }
func (c RemoveLine) at(t time.Time) Command          { c.At = t; return c }
func (c ApplyDiscount) at(t time.Time) Command       { c.At = t; return c }
func (c RemoveDiscount) at(t time.Time) Command      { c.At = t; return c }
func (c SetAddress) at(t time.Time) Command          { c.At = t; return c }
func (c Place) at(t time.Time) Command               { c.At = t; return c }
func (c ExpireDraft) at(t time.Time) Command         { c.At = t; return c }
func (c Cancel) at(t time.Time) Command              { c.At = t; return c }
func (c CancelLines) at(t time.Time) Command         { c.At = t; return c }
func (c MarkBackordered) at(t time.Time) Command     { c.At = t; return c }
func (c AddNote) at(t time.Time) Command             { c.At = t; return c }
func (c RetryPayment) at(t time.Time) Command        { c.At = t; return c }
func (c ExpirePayment) at(t time.Time) Command       { c.At = t; return c }
func (c RequestCapture) at(t time.Time) Command      { c.At = t; return c }
func (c RequestRefund) at(t time.Time) Command       { c.At = t; return c }
func (c RecordAuthorization) at(t time.Time) Command { c.At = t; return c }
func (c RecordDecline) at(t time.Time) Command       { c.At = t; return c }
func (c RecordCapture) at(t time.Time) Command       { c.At = t; return c }
func (c RecordCaptureFailed) at(t time.Time) Command { c.At = t; return c }
func (c RecordVoid) at(t time.Time) Command          { c.At = t; return c }
func (c RecordVoidFailed) at(t time.Time) Command    { c.At = t; return c }
func (c RecordRefund) at(t time.Time) Command        { c.At = t; return c }
func (c RecordRefundFailed) at(t time.Time) Command  { c.At = t; return c }
func (c RecordAuthExpired) at(t time.Time) Command   { c.At = t; return c }
func (c RecordReview) at(t time.Time) Command        { c.At = t; return c }
func (c RecordReviewClosed) at(t time.Time) Command  { c.At = t; return c }
func (c Dispatch) at(t time.Time) Command            { c.At = t; return c }
func (c MarkDelivered) at(t time.Time) Command       { c.At = t; return c }
func (c CorrectTracking) at(t time.Time) Command     { c.At = t; return c }
func (c CloseShipment) at(t time.Time) Command       { c.At = t; return c }
func (c RequestReturn) at(t time.Time) Command       { c.At = t; return c }
func (c ApproveReturn) at(t time.Time) Command       { c.At = t; return c }
func (c RejectReturn) at(t time.Time) Command        { c.At = t; return c }
func (c ReceiveReturn) at(t time.Time) Command       { c.At = t; return c }
func (c CloseReturn) at(t time.Time) Command         { c.At = t; return c }
