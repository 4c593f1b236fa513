package paymentd_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/kafkatest"
)

// quiet closes the connections that tests opened by http.DefaultClient.
type quiet struct{ *testing.M }

func (q quiet) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	return q.M.Run()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(kafkatest.Closing(quiet{m}))
}
