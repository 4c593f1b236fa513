package front

import (
	"net/http"
	"strings"
)

// The services behind front.
const (
	Order   = "order"
	Payment = "payment"
	Query   = "query"
)

// route gives a method and a path pattern to a service. A segment in braces
// matches any one segment, a last segment of ... everything below.
type route struct {
	method, pattern, service string
}

// routes are tried from top to bottom; what matches none below /v1 is order's.
var routes = []route{
	{"GET", "/v1/orders", Query},
	{"GET", "/v1/orders/{id}", Query},
	{"GET", "/v1/orders/{id}/timeline", Query},
	{"GET", "/v1/orders/{id}/stream", Query},
	{"GET", "/v1/stream/...", Query},
	{"GET", "/v1/customers/...", Query},
	{"GET", "/v1/attention", Query},
	{"GET", "/v1/products", Query},
	{"GET", "/v1/stock", Query},
	{"GET", "/v1/stats/...", Query},
	{"GET", "/v1/payments", Query},

	{"GET", "/v1/orders/{id}/payments", Payment},
	{"*", "/v1/payments/...", Payment},
	{"*", "/v1/webhooks/...", Payment},

	{"*", "/v1/...", Order},

	{"GET", "/openapi/order...", Order},
	{"GET", "/openapi/payment...", Payment},
	{"GET", "/openapi/query...", Query},
	{"GET", "/console", Query},
	{"GET", "/console/...", Query},
}

// serviceFor returns who has a method and path; "" if nobody.
func serviceFor(method, path string) string {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, r := range routes {
		if (r.method == "*" || r.method == method) && matches(r.pattern, path) {
			return r.service
		}
	}
	return ""
}

// readBeside reports whether a path that order refuses for its method can be read
// from another service.
func readBeside(path string) bool {
	s := serviceFor(http.MethodGet, path)
	return s != "" && s != Order
}

func matches(pattern, path string) bool {
	if prefix, open := strings.CutSuffix(pattern, "..."); open {
		if base, slash := strings.CutSuffix(prefix, "/"); slash && path == base {
			return false // /v1/payments itself is a route of its own
		}
		return strings.HasPrefix(path, prefix)
	}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, w := range want {
		if strings.HasPrefix(w, "{") {
			if got[i] == "" {
				return false
			}
			continue
		}
		if w != got[i] {
			return false
		}
	}
	return true
}
