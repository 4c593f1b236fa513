package order

// stamped is the event with the axes after its append: the only thing that
// Decide learns of an event when all others are known. It closes the set.

func (e Drafted) stamped(a Axes) Event               { e.After = a; return e }
func (e LineAdded) stamped(a Axes) Event             { e.After = a; return e }
func (e LineRemoved) stamped(a Axes) Event           { e.After = a; return e }
func (e LineQuantityChanged) stamped(a Axes) Event   { e.After = a; return e }
func (e DiscountApplied) stamped(a Axes) Event       { e.After = a; return e }
func (e DiscountRemoved) stamped(a Axes) Event       { e.After = a; return e }
func (e ShippingAddressSet) stamped(a Axes) Event    { e.After = a; return e }
func (e Placed) stamped(a Axes) Event                { e.After = a; return e }
func (e Confirmed) stamped(a Axes) Event             { e.After = a; return e }
func (e Expired) stamped(a Axes) Event               { e.After = a; return e }
func (e Cancelled) stamped(a Axes) Event             { e.After = a; return e }
func (e LinesCancelled) stamped(a Axes) Event        { e.After = a; return e }
func (e LinesBackordered) stamped(a Axes) Event      { e.After = a; return e }
func (e Completed) stamped(a Axes) Event             { e.After = a; return e }
func (e NoteAdded) stamped(a Axes) Event             { e.After = a; return e }
func (e PaymentAuthorized) stamped(a Axes) Event     { e.After = a; return e }
func (e PaymentDeclined) stamped(a Axes) Event       { e.After = a; return e }
func (e PaymentRetryRequested) stamped(a Axes) Event { e.After = a; return e }
func (e CaptureRequested) stamped(a Axes) Event      { e.After = a; return e }
func (e PaymentCaptured) stamped(a Axes) Event       { e.After = a; return e }
func (e PaymentCaptureFailed) stamped(a Axes) Event  { e.After = a; return e }
func (e PaymentVoidRequested) stamped(a Axes) Event  { e.After = a; return e }
func (e PaymentVoided) stamped(a Axes) Event         { e.After = a; return e }
func (e PaymentVoidFailed) stamped(a Axes) Event     { e.After = a; return e }
func (e AuthorizationExpired) stamped(a Axes) Event  { e.After = a; return e }
func (e LatePaymentDetected) stamped(a Axes) Event   { e.After = a; return e }
func (e PaymentReview) stamped(a Axes) Event         { e.After = a; return e }
func (e PaymentReviewClosed) stamped(a Axes) Event   { e.After = a; return e }
func (e ShipmentDispatched) stamped(a Axes) Event    { e.After = a; return e }
func (e ShipmentDelivered) stamped(a Axes) Event     { e.After = a; return e }
func (e TrackingCorrected) stamped(a Axes) Event     { e.After = a; return e }
func (e ShipmentClosed) stamped(a Axes) Event        { e.After = a; return e }
func (e ReturnRequested) stamped(a Axes) Event       { e.After = a; return e }
func (e ReturnApproved) stamped(a Axes) Event        { e.After = a; return e }
func (e ReturnRejected) stamped(a Axes) Event        { e.After = a; return e }
func (e ReturnReceived) stamped(a Axes) Event        { e.After = a; return e }
func (e ReturnClosed) stamped(a Axes) Event          { e.After = a; return e }
func (e RefundRequested) stamped(a Axes) Event       { e.After = a; return e }
func (e RefundSettled) stamped(a Axes) Event         { e.After = a; return e }
func (e RefundFailed) stamped(a Axes) Event          { e.After = a; return e }
