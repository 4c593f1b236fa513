package verifier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	refreshEvery = 10 * time.Second // at most
	firstEvery   = time.Second      // at most, while there are no keys at all
	maxAge       = 15 * time.Minute // of keys before they are fetched again
	maxReply     = 1 << 20          // bytes
)

// keySet has the issuer's keys, the last good ones.
type keySet struct {
	issuer, url string // url is "" until discovery
	client      *http.Client
	now         func() time.Time

	refreshing sync.Mutex // held by whoever fetches; guards url
	mu         sync.Mutex // guards the rest, never held while fetching
	keys       []jose.JSONWebKey
	fetched    time.Time // when keys came
	tried      time.Time // when it was last tried
}

// noKeysKey leads to a *bool that VerifySignature sets if there is no key at all.
type noKeysKey struct{}

// VerifySignature returns the payload of jwt if a key of the issuer has signed it.
func (s *keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	jws, err := jose.ParseSigned(jwt, algorithms)
	if err != nil {
		return nil, fmt.Errorf("parse token: %w", err)
	}
	if len(jws.Signatures) != 1 {
		return nil, errors.New("not exactly one signature")
	}
	known, age := s.current()
	if payload, ok := verify(jws, known); ok && age < maxAge {
		return payload, nil
	}
	fresh, err := s.refresh(ctx)
	if payload, ok := verify(jws, fresh); ok {
		return payload, nil // also with old keys, if the issuer is away
	}
	if len(fresh) == 0 {
		if noKeys, ok := ctx.Value(noKeysKey{}).(*bool); ok {
			*noKeys = true
		}
	}
	if err != nil {
		return nil, fmt.Errorf("keys of the issuer: %w", err)
	}
	return nil, errors.New("no key of the issuer has signed this")
}

func verify(jws *jose.JSONWebSignature, keys []jose.JSONWebKey) ([]byte, bool) {
	head := jws.Signatures[0].Header
	for i := range keys {
		k := &keys[i]
		if head.KeyID != "" && k.KeyID != head.KeyID || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != head.Algorithm {
			continue
		}
		if payload, err := jws.Verify(k); err == nil {
			return payload, true
		}
	}
	return nil, false
}

func (s *keySet) current() ([]jose.JSONWebKey, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys, s.now().Sub(s.fetched)
}

// refresh fetches the keys unless that was tried a moment ago. Callers that come
// meanwhile wait for the one who fetches. It returns the keys there are.
func (s *keySet) refresh(ctx context.Context) ([]jose.JSONWebKey, error) {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	s.mu.Lock()
	now, keys := s.now(), s.keys
	pause := refreshEvery
	if len(keys) == 0 {
		pause = firstEvery
	}
	wait := !s.tried.IsZero() && now.Sub(s.tried) < pause
	if !wait {
		s.tried = now
	}
	s.mu.Unlock()
	if wait {
		return keys, nil
	}
	// The keys are for all who wait, so the caller who came first must not take
	// them away by hanging up. The client's timeout bounds the fetch.
	fetched, err := s.fetch(context.WithoutCancel(ctx))
	if err != nil {
		return keys, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.fetched = fetched, now
	return fetched, nil
}

func (s *keySet) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	if s.url == "" {
		var found struct {
			Issuer  string `json:"issuer"`
			JWKSURI string `json:"jwks_uri"`
		}
		if err := s.get(ctx, strings.TrimSuffix(s.issuer, "/")+"/.well-known/openid-configuration", &found); err != nil {
			return nil, fmt.Errorf("discovery: %w", err)
		}
		if found.Issuer != s.issuer || found.JWKSURI == "" {
			return nil, errors.New("discovery: the document is of another issuer, or names no keys")
		}
		s.url = found.JWKSURI
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, s.url, &set); err != nil {
		return nil, err
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var k jose.JSONWebKey
		// A kind of key that we cannot read, or a symmetric one, is not for us.
		if k.UnmarshalJSON(raw) == nil && k.IsPublic() && k.Valid() {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the key set has no usable key")
	}
	return keys, nil
}

func (s *keySet) get(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
