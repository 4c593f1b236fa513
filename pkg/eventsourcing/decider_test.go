package eventsourcing_test

import (
	"testing"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
)

func TestBankAccount(t *testing.T) {
	eventsourcingtest.Run(t, account, []eventsourcingtest.Case[AccountCommand, AccountEvent]{
		{Name: "a deposit is recorded", When: Deposit{5}, Then: []AccountEvent{Deposited{5}}},
		{Name: "the last cent can be withdrawn", Given: []AccountEvent{Deposited{5}}, When: Withdraw{5}, Then: []AccountEvent{Withdrawn{5}}},
		{Name: "more than there is cannot", Given: []AccountEvent{Deposited{5}, Withdrawn{1}}, When: Withdraw{5}, Err: ErrOverdrawn},
	})
}
