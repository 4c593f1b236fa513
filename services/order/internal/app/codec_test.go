package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

var update = flag.Bool("update", false, "write the golden files that are missing")

const golden = "testdata/events"

// TestStoredShapes holds every stored event to its golden files, which are append-only: what is there must decode
// for ever and is written again byte for byte. A field that no golden file has needs one more of them: name.schema+word.json.
func TestStoredShapes(t *testing.T) {
	orders := []order.Event{
		order.Drafted{}, order.LineAdded{}, order.LineRemoved{}, order.LineQuantityChanged{}, order.DiscountApplied{}, order.DiscountRemoved{},
		order.ShippingAddressSet{}, order.Placed{}, order.Confirmed{}, order.Expired{}, order.Cancelled{}, order.LinesCancelled{},
		order.LinesBackordered{}, order.Completed{}, order.NoteAdded{}, order.PaymentAuthorized{}, order.PaymentDeclined{},
		order.PaymentRetryRequested{}, order.CaptureRequested{}, order.PaymentCaptured{}, order.PaymentCaptureFailed{},
		order.PaymentVoidRequested{}, order.PaymentVoided{}, order.PaymentVoidFailed{}, order.AuthorizationExpired{},
		order.LatePaymentDetected{}, order.PaymentReview{}, order.PaymentReviewClosed{}, order.ShipmentDispatched{},
		order.ShipmentDelivered{}, order.TrackingCorrected{}, order.ShipmentClosed{}, order.ReturnRequested{}, order.ReturnApproved{},
		order.ReturnRejected{}, order.ReturnReceived{}, order.ReturnClosed{}, order.RefundRequested{}, order.RefundSettled{}, order.RefundFailed{},
	}
	var files []string
	files = append(files, shapes(t, app.OrderEvents, orders)...)
	files = append(files, shapes(t, app.ProductEvents, []product.Event{
		product.Listed{}, product.PriceChanged{}, product.Renamed{}, product.TaxChanged{}, product.Discontinued{},
	})...)
	files = append(files, shapes(t, app.DiscountEvents, []product.DiscountEvent{product.DiscountDefined{}, product.DiscountWithdrawn{}})...)
	files = append(files, shapes(t, app.StockEvents, []stock.Event{
		stock.Received{}, stock.Reserved{}, stock.Released{}, stock.Shipped{}, stock.Adjusted{},
	})...)
	files = append(files, shapes(t, app.MovementEvents, []stock.MovementBooked{{}})...)
	all, err := filepath.Glob(filepath.Join(golden, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if !slices.Contains(files, file) {
			t.Errorf("%s belongs to no event: a stored name is for ever", file)
		}
	}
}

// shapes checks the events of one codec and returns their golden files.
func shapes[E any](t *testing.T, codec *es.Codec[E], events []E) []string {
	t.Helper()
	if got := len(codec.Names()); got != len(events) {
		t.Errorf("%d names are registered, %d events are tested", got, len(events))
	}
	var files []string
	for _, zero := range events {
		sample := fill(reflect.TypeOf(zero), "").Interface().(E)
		name, schema, data, err := codec.Encode(sample)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Join(golden, fmt.Sprintf("%s.%d", name, schema))
		if _, err := os.Stat(base + ".json"); os.IsNotExist(err) && *update {
			writeGolden(t, base+".json", data)
		}
		own, err := filepath.Glob(base + "*.json")
		if err != nil || len(own) == 0 {
			t.Errorf("%s has no golden file: go test -update writes it", name)
			continue
		}
		known := map[string]bool{}
		for _, file := range own {
			files = append(files, file)
			paths(decodes(t, codec, file, name, schema), "", known)
		}
		today := map[string]bool{}
		paths(data, "", today)
		for path := range today {
			if !known[path] {
				t.Errorf("%s has a field %s that no golden file has: write one more file", name, path)
			}
		}
	}
	return files
}

// decodes reads a golden file as a stored event and checks that it is written again as it was.
func decodes[E any](t *testing.T, codec *es.Codec[E], file, name string, schema int) []byte {
	t.Helper()
	indented, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stored bytes.Buffer
	if err := json.Compact(&stored, indented); err != nil {
		t.Fatal(err)
	}
	e, err := codec.Decode(es.Event{EventType: name, Data: stored.Bytes(), Metadata: es.Metadata{SchemaVersion: schema}})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if _, _, again, err := codec.Encode(e); err != nil || !bytes.Equal(again, stored.Bytes()) {
		t.Errorf("%s is written as %s, %v", file, again, err)
	}
	return stored.Bytes()
}

func writeGolden(t *testing.T, file string, data []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(golden, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(indented.Bytes(), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fill is a value of a type with every field set, always to the same, and fields of other names to others.
func fill(typ reflect.Type, name string) reflect.Value {
	v := reflect.New(typ).Elem()
	switch {
	case typ == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 10, len(name), 0, 123456000, time.UTC)))
	case typ.Kind() == reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(fill(typ.Elem(), name))
	case typ.Kind() == reflect.Struct:
		for i := range typ.NumField() {
			v.Field(i).Set(fill(typ.Field(i).Type, typ.Field(i).Name))
		}
	case typ.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, fill(typ.Elem(), name)))
	case typ.Kind() == reflect.String:
		v.SetString(strings.ToLower(name) + " ü")
	case typ.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		n := int64(len(name))
		for _, c := range name {
			n = n*31%9973 + int64(c)
		}
		v.SetInt(n)
	default:
		panic("no sample of " + typ.String())
	}
	return v
}

// paths notes the path of every value in JSON.
func paths(data []byte, at string, into map[string]bool) {
	var object map[string]json.RawMessage
	var array []json.RawMessage
	into[at] = true
	switch {
	case json.Unmarshal(data, &object) == nil:
		for key, value := range object {
			paths(value, at+"."+key, into)
		}
	case json.Unmarshal(data, &array) == nil:
		for _, value := range array {
			paths(value, at+"[]", into)
		}
	}
}
