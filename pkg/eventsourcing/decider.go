package eventsourcing

// Decider is the functional core of one kind of aggregate. C and E are usually sealed interfaces.
//
// Decide must be a function of its arguments: no clock, no ids, no I/O; what it needs to know is in the command. Evolve must not
// change its argument: a state may be shared, so maps and slices are copied before they are changed.
type Decider[C, E, S any] struct {
	Initial func() S                // before anything happened
	Decide  func(C, S) ([]E, error) // intent → facts, or a refusal; no facts and no error: nothing to do
	Evolve  func(S, E) S            // folds one fact; never fails
}

// Fold is the state after events.
func (d Decider[C, E, S]) Fold(s S, events ...E) S {
	for _, e := range events {
		s = d.Evolve(s, e)
	}
	return s
}
