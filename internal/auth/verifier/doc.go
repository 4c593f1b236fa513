// Package verifier checks access tokens against an OpenID Connect issuer.
//
// A token is valid if its signature is RS256 or ES256 by a key of the issuer, its
// issuer is exactly the configured one, its audience contains auth.Audience, it
// has a subject, its type is a JWT or an access token, and now is between nbf and
// exp and not before iat, with 60 seconds of leeway. Everything else is
// auth.ErrUnauthenticated; the reason goes into the error for the log and must
// not reach the client.
//
// Keys are fetched when first needed and again when a token names an unknown key,
// but at most once in ten seconds, so that forged tokens cannot make this process
// hammer the issuer. The last good keys are kept while the issuer is unreachable.
// If there never were any, every token is auth.ErrUnavailable: never open.
//
// It is safe for concurrent use and starts no goroutine that outlives a call. The
// daemon packages of the services import it; everybody else knows auth.Verifier.
package verifier
