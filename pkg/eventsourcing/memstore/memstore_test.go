package memstore_test

import (
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

func TestStore(t *testing.T) {
	eventsourcingtest.TestStore(t, func(*testing.T) es.Store { return memstore.New(nil) })
}
