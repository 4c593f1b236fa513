package eventsourcing_test

import (
	"context"
	"errors"
	"fmt"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

// Account is the state of a bank account: only what a decision asks for.
type Account struct{ Balance int64 }

// AccountCommand is what somebody wants.
type AccountCommand interface{ accountCommand() }

type (
	Deposit  struct{ Amount int64 }
	Withdraw struct{ Amount int64 }
)

func (Deposit) accountCommand()  {}
func (Withdraw) accountCommand() {}

// AccountEvent is what happened.
type AccountEvent interface{ accountEvent() }

type (
	Deposited struct{ Amount int64 }
	Withdrawn struct{ Amount int64 }
)

func (Deposited) accountEvent() {}
func (Withdrawn) accountEvent() {}

var ErrOverdrawn = errors.New("the account does not hold that much")

var account = es.Decider[AccountCommand, AccountEvent, Account]{
	Initial: func() Account { return Account{} },
	Decide: func(c AccountCommand, a Account) ([]AccountEvent, error) {
		switch c := c.(type) {
		case Deposit:
			return []AccountEvent{Deposited(c)}, nil
		case Withdraw:
			if c.Amount > a.Balance {
				return nil, ErrOverdrawn
			}
			return []AccountEvent{Withdrawn(c)}, nil
		}
		return nil, fmt.Errorf("unknown command %T", c)
	},
	Evolve: func(a Account, e AccountEvent) Account {
		switch e := e.(type) {
		case Deposited:
			a.Balance += e.Amount
		case Withdrawn:
			a.Balance -= e.Amount
		}
		return a
	},
}

// A bank account: deposit, withdraw, refuse to overdraw, and rebuild the state from nothing but the events.
func Example_bankAccount() {
	codec := es.NewCodec[AccountEvent]()
	es.Register[Deposited](codec, "account.deposited", 1)
	es.Register[Withdrawn](codec, "account.withdrawn", 1)

	ctx, store := context.Background(), memstore.New(nil)
	accounts := es.NewHandler("account", store, account, codec, es.Options{})
	on := es.Call{AggregateID: "ada"}

	for _, c := range []AccountCommand{Deposit{100}, Withdraw{30}, Withdraw{90}} {
		res, err := accounts.Handle(ctx, on, c)
		fmt.Printf("%T%v: %v, error: %v\n", c, c, res.Events, err)
	}

	rebuilt := es.NewHandler("account", store, account, codec, es.Options{}) // knows nothing
	res, err := rebuilt.Load(ctx, "ada")
	fmt.Printf("version %d, balance %d, error: %v\n", res.Version, res.State.Balance, err)
	// Output:
	// eventsourcing_test.Deposit{100}: [{100}], error: <nil>
	// eventsourcing_test.Withdraw{30}: [{30}], error: <nil>
	// eventsourcing_test.Withdraw{90}: [], error: the account does not hold that much
	// version 2, balance 70, error: <nil>
}
