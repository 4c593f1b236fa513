package front

import "testing"

func TestEveryMethodAndPathBelongsToOneService(t *testing.T) {
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/v1/orders", Query},
		{"HEAD", "/v1/orders", Query},
		{"POST", "/v1/orders", Order},
		{"GET", "/v1/orders/o1", Query},
		{"DELETE", "/v1/orders/o1", Order},
		{"GET", "/v1/orders/o1/timeline", Query},
		{"GET", "/v1/orders/o1/stream", Query},
		{"GET", "/v1/orders/o1/state", Order},
		{"GET", "/v1/orders/o1/changes", Order},
		{"GET", "/v1/orders/o1/payments", Payment},
		{"POST", "/v1/orders/o1/payments", Order},
		{"POST", "/v1/orders/o1/place", Order},
		{"PATCH", "/v1/orders/o1/lines/l1", Order},
		{"GET", "/v1/stream/orders", Query},
		{"GET", "/v1/customers/c1/summary", Query},
		{"GET", "/v1/attention", Query},
		{"GET", "/v1/products", Query},
		{"GET", "/v1/products/SKU", Order},
		{"GET", "/v1/products/SKU/prices", Order},
		{"PUT", "/v1/products/SKU/price", Order},
		{"GET", "/v1/stock", Query},
		{"GET", "/v1/stock/SKU", Order},
		{"POST", "/v1/stock/SKU/receipts", Order},
		{"PUT", "/v1/discounts/CODE", Order},
		{"GET", "/v1/stats/funnel", Query},
		{"GET", "/v1/payments", Query},
		{"POST", "/v1/payments", Order},
		{"GET", "/v1/payments/p1", Payment},
		{"POST", "/v1/payments/p1/operations/o/reconcile", Payment},
		{"POST", "/v1/webhooks/gateway", Payment},
		{"GET", "/openapi/order.json", Order},
		{"GET", "/openapi/query-3.0.yaml", Query},
		{"GET", "/console/", Query},
		{"GET", "/console/orders", Query},
		{"GET", "/consoles", ""},
		{"GET", "/docs", ""},
		{"GET", "/v1", ""},
		{"GET", "/v1/orders//timeline", Order},
		{"GET", "/metrics", ""},
		{"GET", "/debug/pprof/", ""},
	} {
		if got := serviceFor(c.method, c.path); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.path, got, c.want)
		}
	}
}
