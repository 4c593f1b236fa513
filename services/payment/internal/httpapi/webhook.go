package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// skew is how old or early the timestamp of a webhook may be.
const skew = 5 * time.Minute

type webhookInput struct {
	Timestamp string `header:"Gateway-Timestamp" doc:"Unix seconds"`
	Signature string `header:"Gateway-Signature" doc:"Hex of HMAC-SHA-256 over the timestamp, a dot and the raw body"`
	RawBody   []byte `contentType:"application/json"`
}

// webhook has the key looked up that the hint names. Hints about keys that are not ours are accepted and
// forgotten: the sender can do nothing about them.
func (s *server) webhook(ctx context.Context, in *webhookInput) (*struct{}, error) {
	if !s.signed(in) {
		return nil, problem.New(problem.Unauthenticated, "The signature does not fit.")
	}
	var hint struct {
		Key string `json:"key"`
	}
	if json.Unmarshal(in.RawBody, &hint) != nil {
		return nil, problem.New(problem.BadRequest, "The body is no hint.")
	}
	id, _, op, ok := payment.ParseKey(hint.Key)
	if !ok {
		return nil, nil
	}
	return nil, s.Jobs.LookUp(ctx, id, op)
}

func (s *server) signed(in *webhookInput) bool {
	seconds, err := strconv.ParseInt(in.Timestamp, 10, 64)
	if err != nil || s.WebhookSecret == "" || s.Now().Sub(time.Unix(seconds, 0)).Abs() > skew {
		return false
	}
	got, err := hex.DecodeString(in.Signature)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(s.WebhookSecret))
	mac.Write([]byte(in.Timestamp + "."))
	mac.Write(in.RawBody)
	return hmac.Equal(got, mac.Sum(nil))
}
