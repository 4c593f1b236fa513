package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var update = flag.Bool("update", false, "write golden files that are missing")

// samples has every event with every field set.
func samples() []payment.Event {
	at := time.Date(2026, 3, 1, 10, 0, 0, 123456000, time.UTC)
	h := payment.Head{PaymentID: pay, OrderID: order, OccurredAt: at}
	ship := payment.ShipmentID("55555555-5555-5555-8555-555555555555")
	return []payment.Event{
		payment.Requested{
			Head: h, Attempt: 1, Gateway: "fake", CustomerID: "c1", Amount: 10000, Currency: "EUR", OpID: auth1,
			IdempotencyKey: payment.Key(pay, payment.OpAuthorize, auth1), PaymentMethodToken: "tok_ok",
		},
		payment.AuthorizationStarted{Head: h, OpID: auth1},
		payment.OperationRequested{
			Head: h, Op: payment.OpCapture, OpID: cap1, Amount: 6000, IdempotencyKey: payment.Key(pay, payment.OpCapture, cap1),
			CaptureID: cap1, ShipmentID: ship, RefundID: ref1,
		},
		payment.Authorized{
			Head: h, Attempt: 1, OpID: auth1, Amount: 10000, GatewayRef: "a1", AuthorizedAt: at, ExpiresAt: at.Add(time.Hour),
			Card: &payment.Card{Brand: "visa", Last4: "4242"}, Source: payment.SourceCall,
		},
		payment.Declined{
			Head: h, Attempt: 1, OpID: auth1, DeclineCode: "insufficient_funds", DeclineClass: payment.Soft, Message: "no", Source: payment.SourceLookup,
		},
		payment.OutcomeUnknown{Head: h, Op: payment.OpAuthorize, OpID: auth1, ErrorClass: "timeout"},
		payment.Captured{Head: h, CaptureID: cap1, ShipmentID: ship, Amount: 6000, GatewayRef: "c1", CapturedAt: at, Source: payment.SourceCall},
		payment.CaptureFailed{Head: h, CaptureID: cap1, ShipmentID: ship, Amount: 6000, Code: "refused"},
		payment.Voided{Head: h, OpID: void1, Amount: 4000, VoidedAt: at, Source: payment.SourceManual},
		payment.VoidFailed{Head: h, OpID: void1, Code: "refused"},
		payment.Refunded{Head: h, RefundID: ref1, Amount: 1000, GatewayRef: "r1", RefundedAt: at, Source: payment.SourceCall},
		payment.RefundFailed{Head: h, RefundID: ref1, Amount: 1000, Code: "refused"},
		payment.AuthorizationExpired{Head: h, Amount: 4000, ExpiredAt: at},
		payment.SentToManualReview{Head: h, Op: payment.OpRefund, OpID: ref1, Reason: payment.ReasonKeyWindow},
		payment.ReviewClosed{Head: h, Op: payment.OpRefund, OpID: ref1, Note: "seen"},
	}
}

// TestStoredShapes compares what is written today with what was written when an event first came to be. A
// golden file is never changed: a new shape is a new schema with a file of its own.
func TestStoredShapes(t *testing.T) {
	codec := app.NewCodec()
	seen := map[string]bool{}
	for _, e := range samples() {
		name, schema, data, err := codec.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		seen[name] = true
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, data, "", "  "); err != nil {
			t.Fatal(err)
		}
		pretty.WriteByte('\n')
		path := filepath.Join("testdata", "events", fmt.Sprintf("%s.%d.json", name, schema))
		golden, err := os.ReadFile(path)
		if os.IsNotExist(err) && *update {
			err = os.WriteFile(path, pretty.Bytes(), 0o644)
			golden = pretty.Bytes()
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(golden, pretty.Bytes()) {
			t.Errorf("%s is written as\n%s\nand was written as\n%s", name, pretty.Bytes(), golden)
		}
	}
	for _, name := range codec.Names() {
		if !seen[name] {
			t.Errorf("%s has no sample", name)
		}
	}
}

func TestEveryShapeEverStoredIsReadable(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) < 15 {
		t.Fatalf("got %d golden files (%v), want 15 or more", len(files), err)
	}
	codec := app.NewCodec()
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(path), ".json")
		dot := strings.LastIndex(base, ".")
		var schema int
		if _, err := fmt.Sscan(base[dot+1:], &schema); err != nil {
			t.Fatal(err)
		}
		fact, err := codec.Decode(es.Event{EventType: base[:dot], Data: data, Metadata: es.Metadata{SchemaVersion: schema}})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if payment.About(fact).PaymentID != pay {
			t.Errorf("%s: lost its payment", path)
		}
	}
}
