package verifier

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
)

// A verified token is trusted without another look at its signature for cacheFor at most, and never beyond its end: so a key that the issuer
// withdraws counts for a minute more. Checking a signature costs more than all else that a command does before it is decided.
const (
	cacheFor  = time.Minute
	cacheSize = 10_000 // tokens; when it is full it begins anew
)

// cache remembers verified tokens by their hash. Refused ones are not remembered: they would push out the others.
type cache struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]verified
}

type verified struct {
	principal auth.Principal
	until     time.Time
}

func (c *cache) get(token string, now time.Time) (auth.Principal, bool) {
	key := sha256.Sum256([]byte(token))
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.tokens[key]
	if !ok || !now.Before(v.until) {
		return auth.Principal{}, false
	}
	return v.principal, true
}

func (c *cache) put(token string, p auth.Principal, now, expires time.Time) {
	until := now.Add(cacheFor)
	if end := expires.Add(leeway); end.Before(until) {
		until = end
	}
	key := sha256.Sum256([]byte(token))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens == nil || len(c.tokens) >= cacheSize {
		c.tokens = make(map[[sha256.Size]byte]verified)
	}
	c.tokens[key] = verified{p, until}
}
