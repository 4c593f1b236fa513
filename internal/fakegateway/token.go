package fakegateway

import "time"

// Payment method tokens. What is not listed is declined for good as "unknown_token".
const (
	TokenOK                  = "tok_ok"                    // succeeds
	TokenDeclinedFunds       = "tok_declined_funds"        // soft decline
	TokenDeclinedStolen      = "tok_declined_stolen"       // hard decline
	TokenSlow                = "tok_slow_5s"               // answers after 5 s
	TokenAuthExpires         = "tok_auth_expires_2s"       // the authorization expires after 2 s
	TokenWrongAmount         = "tok_wrong_amount"          // the answer names another amount
	TokenTimeoutThenOK       = "tok_timeout_then_ok"       // executes, hangs; the repeat answers
	TokenTimeoutThenDeclined = "tok_timeout_then_declined" // hangs; the repeat declines
	TokenResetAfterCharge    = "tok_reset_after_charge"    // executes, cuts the connection
	Token500ThenOK           = "tok_500_then_ok"           // 500 without effect, then succeeds
	TokenNever               = "tok_never"                 // never answers, never found
	TokenCaptureSlow         = "tok_capture_slow_5s"       // captures answer after 5 s
	TokenRefundSlow          = "tok_refund_slow_5s"        // refunds answer after 5 s
	TokenCaptureFails        = "tok_capture_fails"         // every capture fails for good
	TokenCapture500ThenOK    = "tok_capture_500_then_ok"   // capture: 500, then succeeds
	TokenRefundFails         = "tok_refund_fails"          // refunds fail for good
	TokenRefundNever         = "tok_refund_never"          // refunds never answer, never found
	TokenDupWebhook          = "tok_dup_webhook"           // every webhook three times
	TokenWebhookFirst        = "tok_webhook_first"         // the webhook comes before the reply
)

// known says which tokens there are, and which are declined from the first moment.
var known = map[string]Reply{
	TokenOK: {}, TokenSlow: {}, TokenAuthExpires: {}, TokenWrongAmount: {}, TokenTimeoutThenOK: {},
	TokenDeclinedFunds:       {Effect: EffectDeclined, Code: "insufficient_funds", Class: "soft"},
	TokenDeclinedStolen:      {Effect: EffectDeclined, Code: "stolen_card", Class: "hard"},
	TokenTimeoutThenDeclined: {Effect: EffectDeclined, Code: "do_not_honor", Class: "soft"},
	TokenResetAfterCharge:    {}, Token500ThenOK: {}, TokenNever: {}, TokenCaptureSlow: {}, TokenRefundSlow: {},
	TokenCaptureFails: {}, TokenCapture500ThenOK: {}, TokenRefundFails: {}, TokenRefundNever: {},
	TokenDupWebhook: {}, TokenWebhookFirst: {},
}

// behave is the reply of a token to the (seen+1)-th request with one key.
func behave(op, token string, seen int, slow time.Duration) Reply {
	switch op {
	case opAuthorize:
		return behaveAuthorize(token, seen == 0, slow)
	case opCapture:
		return behaveCapture(token, seen == 0, slow)
	case opRefund:
		return behaveRefund(token, slow)
	default:
		return Reply{}
	}
}

func behaveAuthorize(token string, first bool, slow time.Duration) Reply {
	r, ok := known[token]
	if !ok {
		return Reply{Effect: EffectDeclined, Code: "unknown_token", Class: "hard"}
	}
	switch token {
	case TokenSlow:
		r.DelayMS = slow.Milliseconds()
	case TokenWrongAmount:
		r.WrongAmount = true
	case TokenNever:
		r = Reply{Effect: EffectNone, Answer: AnswerHang}
	case TokenTimeoutThenOK, TokenTimeoutThenDeclined:
		if first {
			r.Answer = AnswerHang
		}
	case TokenResetAfterCharge:
		if first {
			r.Answer = AnswerReset
		}
	case Token500ThenOK:
		if first {
			r = Reply{Effect: EffectNone, Status: 500}
		}
	}
	return r
}

func behaveCapture(token string, first bool, slow time.Duration) Reply {
	switch {
	case token == TokenCaptureFails:
		return Reply{Effect: EffectFailed, Code: "capture_refused"}
	case token == TokenCaptureSlow:
		return Reply{DelayMS: slow.Milliseconds()}
	case token == TokenCapture500ThenOK && first:
		return Reply{Effect: EffectNone, Status: 500}
	default:
		return Reply{}
	}
}

func behaveRefund(token string, slow time.Duration) Reply {
	switch token {
	case TokenRefundFails:
		return Reply{Effect: EffectFailed, Code: "refund_refused"}
	case TokenRefundSlow:
		return Reply{DelayMS: slow.Milliseconds()}
	case TokenRefundNever:
		return Reply{Effect: EffectNone, Answer: AnswerHang}
	default:
		return Reply{}
	}
}
