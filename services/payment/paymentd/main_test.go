package paymentd_test

import (
	"testing"

	"github.com/kontor-dev/kontor/internal/kafkatest"
)

func TestMain(m *testing.M) { kafkatest.Closing(m).Run() }
