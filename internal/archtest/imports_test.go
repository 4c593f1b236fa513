package archtest

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// rule binds the files of some packages to what they may import.
type rule struct {
	name  string
	why   string
	tests bool                            // binds _test.go files, too
	binds func(dir string) bool           // which folders
	may   func(dir, imported string) bool // whether a file of dir may import it
}

var cores = []string{
	"services/order/internal/order", "services/order/internal/product", "services/order/internal/stock",
	"services/payment/internal/payment", "services/query/internal/view",
}

var pure = []string{"internal/money", "internal/ids"}

var apps = []string{"services/order/internal/app", "services/payment/internal/app"}

var daemons = []string{"services/order/orderd", "services/payment/paymentd", "services/query/queryd"}

var adapterNames = []string{"httpapi", "consumer", "publish", "jobs", "gateway", "projection", "readstore"}

// service returns the name of the service a folder belongs to.
func service(dir string) string {
	rest, ok := strings.CutPrefix(dir, "services/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// adapter returns the name of the adapter a folder is or lies in.
func adapter(dir string) string {
	_, rest, ok := strings.Cut(dir, "/internal/")
	if !ok || service(dir) == "" {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if slices.Contains(adapterNames, name) {
		return name
	}
	return ""
}

func onlyIn(driver string, folders ...string) func(dir, imported string) bool {
	return func(dir, imported string) bool {
		return !strings.HasPrefix(imported, driver) || under(dir, folders...) || slices.Contains(folders, adapter(dir))
	}
}

func everywhere(string) bool { return true }

var rules = []rule{
	{
		name:  "cores are pure",
		why:   "a decision is a function of its arguments: no clock, no I/O, nothing but the standard library, money and ids",
		binds: func(dir string) bool { return under(dir, cores...) || under(dir, pure...) },
		may: func(dir, imported string) bool {
			if standard(imported) {
				return !under(imported, "net", "os", "database/sql", "crypto/rand", "log", "context", "math/rand", "io/fs", "net/http", "syscall")
			}
			l, ok := local(imported)
			return ok && (slices.Contains(pure, l) || (dir == "services/query/internal/view" && under(l, "contracts")))
		},
	},
	{
		name:  "app knows cores and the root of eventsourcing",
		why:   "use cases outlive drivers and wire shapes",
		binds: func(dir string) bool { return slices.Contains(apps, dir) },
		may: func(dir, imported string) bool {
			if standard(imported) {
				return !under(imported, "net/http", "database/sql")
			}
			l, ok := local(imported)
			sameService := ok && service(l) == service(dir) && under(l, cores...)
			return sameService || l == "pkg/eventsourcing" || under(l, "internal/money", "internal/ids", "internal/auth")
		},
	},
	{
		name:  "adapters do not know one another",
		why:   "a change of driver stays in one folder",
		binds: func(dir string) bool { return adapter(dir) != "" },
		may: func(dir, imported string) bool {
			l, ok := local(imported)
			return !ok || adapter(l) == "" || adapter(l) == adapter(dir)
		},
	},
	{
		name:  "services do not know one another",
		why:   "they meet on topics and in contracts/",
		tests: true,
		binds: func(dir string) bool { return service(dir) != "" },
		may: func(dir, imported string) bool {
			l, ok := local(imported)
			return !ok || service(l) == "" || service(l) == service(dir)
		},
	},
	{
		name:  "contracts are data",
		why:   "a contract drags nothing into its readers",
		binds: func(dir string) bool { return under(dir, "contracts") },
		may: func(_, imported string) bool {
			l, ok := local(imported)
			return standard(imported) || (ok && under(l, "contracts"))
		},
	},
	{
		name:  "pkg is for strangers",
		why:   "two libraries that know nothing of this shop",
		binds: func(dir string) bool { return under(dir, "pkg") },
		may: func(_, imported string) bool {
			l, ok := local(imported)
			return !ok || under(l, "pkg")
		},
	},
	{
		name:  "roots of pkg need the standard library alone",
		why:   "drivers live below them",
		binds: func(dir string) bool { return dir == "pkg/eventsourcing" || dir == "pkg/messaging" },
		may:   func(_, imported string) bool { return standard(imported) },
	},
	{
		name:  "kafka-go only in its adapter",
		why:   "the client is replaceable because one folder knows it",
		binds: everywhere,
		may:   onlyIn("github.com/segmentio/kafka-go", "pkg/messaging/kafka"),
	},
	{
		name:  "huma only at the edge",
		why:   "use cases do not know HTTP",
		binds: everywhere,
		may:   onlyIn("github.com/danielgtaylor/huma", "httpapi", "internal/problem", "internal/webapi", "internal/apigen"),
	},
	{
		name:  "internal/daemon only in daemons",
		why:   "it wires a process; what can be tested without one does not know it",
		tests: true,
		binds: everywhere,
		may: func(dir, imported string) bool {
			l, ok := local(imported)
			return !ok || l != "internal/daemon" || dir == l || slices.Contains(daemons, dir)
		},
	},
	{
		name:  "River only in jobs",
		why:   "what waits or calls outside is one folder per service; migrate makes its tables, a daemon starts its client",
		binds: everywhere,
		may:   onlyIn("github.com/riverqueue/river", "jobs", "migrations", "services/order/orderd", "services/payment/paymentd"),
	},
	{
		name: "test parts stay in tests",
		why:  "an embedded broker or a fault injector never reaches a service binary",
		binds: func(dir string) bool {
			return !under(dir, "e2e", "bench", "internal/devstack", "internal/kafkatest", "internal/pgtest", "internal/fakegateway", "internal/load", "internal/check", "internal/archtest") && !strings.HasSuffix(path.Base(dir), "test")
		},
		may: func(dir, imported string) bool {
			for _, driver := range []string{"github.com/testcontainers", "github.com/Shopify/toxiproxy", "github.com/anishathalye/porcupine", "pgregory.net/rapid", "github.com/twmb/franz-go", "github.com/fergusstrange/embedded-postgres", "go.uber.org/goleak"} {
				if strings.HasPrefix(imported, driver) {
					return false
				}
			}
			l, ok := local(imported)
			switch {
			case !ok:
				return true
			case under(l, "internal/devstack", "internal/load", "internal/check", "internal/fakegateway"):
				return under(dir, "cmd")
			case under(l, "internal/pgtest", "internal/kafkatest", "internal/failpoint/arm"):
				return false
			}
			return true
		},
	},
}

func TestImports(t *testing.T) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			bound := 0
			for _, f := range files(t) {
				if (f.test && !r.tests) || !r.binds(f.dir) {
					continue
				}
				bound++
				for _, imported := range f.imports {
					if !r.may(f.dir, imported) {
						t.Errorf("%s imports %s: %s", f.path, imported, r.why)
					}
				}
			}
			if bound == 0 {
				t.Errorf("the rule binds no file: was a folder renamed?")
			}
		})
	}
}
