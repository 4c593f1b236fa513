package payment

// decideExpire ends what is held when its time is over, after the operations that are open: the gateway
// may have let them through in time.
func decideExpire(c ExpireAuthorization, s State) ([]Event, error) {
	rest := s.Rest()
	switch _, open := s.Current(); {
	case rest == 0:
		return nil, nil
	case c.At.Before(s.ExpiresAt):
		return nil, ErrNotDue
	case open:
		return nil, ErrOperationOpen
	}
	return []Event{AuthorizationExpired{Head: s.head(c.At), Amount: rest, ExpiredAt: s.ExpiresAt}}, nil
}
