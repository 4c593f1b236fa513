package pgsink

import "time"

// WithIdle sets how long a session may sleep in a transaction.
func (cfg Config) WithIdle(d time.Duration) Config {
	cfg.idle = d
	return cfg
}

// Hurry makes the next Idle look for released keys.
func Hurry(c any) {
	switch c := c.(type) {
	case *txClaim:
		c.looked = time.Time{}
	case *eachClaim:
		c.looked = time.Time{}
	}
}
