package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
)

// Mode says which issuer a service trusts.
type Mode string

// The modes.
const (
	ModeOIDC Mode = "oidc" // an OpenID Connect issuer
	ModeDev  Mode = "dev"  // the development issuer of front: everybody may be anybody
)

// Audience is what the aud claim of every token must contain.
const Audience = "kontor"

// Config says whose tokens are valid. It is meant to be embedded in a service's
// configuration with envPrefix:"AUTH_".
type Config struct {
	Mode       Mode   `env:"MODE" envDefault:"oidc" doc:"oidc, or dev to trust the development issuer of front"`
	Issuer     string `env:"ISSUER" doc:"issuer of access tokens, compared exactly"`
	JWKSURL    string `env:"JWKS_URL" doc:"where its keys are; found by discovery if empty"`
	RolesClaim string `env:"ROLES_CLAIM" envDefault:"roles" doc:"claim with the roles; dots lead into objects"`
	DevRemote  bool   `env:"DEV_REMOTE" envDefault:"false" doc:"with dev, listen beyond loopback too"`
}

// Validate returns every problem of c at once, for a service that listens on
// listen ("host:port") in the environment env ("prod" forbids the mode dev).
func (c Config) Validate(env, listen string) error {
	var errs []error
	switch c.Mode {
	case ModeOIDC:
	case ModeDev:
		if env == "prod" {
			errs = append(errs, errors.New("AUTH_MODE=dev lets everybody be anybody: it is refused with ENV=prod"))
		}
		if !c.DevRemote && !isLoopback(listen) {
			errs = append(errs, fmt.Errorf("AUTH_MODE=dev listens on loopback only, not on %q; AUTH_DEV_REMOTE=true allows it", listen))
		}
	default:
		errs = append(errs, fmt.Errorf("AUTH_MODE is oidc or dev, not %q", c.Mode))
	}
	if u, err := url.Parse(c.Issuer); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		errs = append(errs, errors.New("AUTH_ISSUER must be an http or https URL"))
	} else if env == "prod" && u.Scheme != "https" {
		errs = append(errs, errors.New("AUTH_ISSUER must be https with ENV=prod"))
	}
	return errors.Join(errs...)
}

// Warning returns what a service says at every start in mode dev, else "".
func (c Config) Warning() string {
	if c.Mode != ModeDev {
		return ""
	}
	return "AUTH_MODE=dev: anybody who reaches this port can be anybody; for development only"
}

func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
