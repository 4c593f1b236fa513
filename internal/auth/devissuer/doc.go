// Package devissuer is an OpenID Connect issuer for development: it gives a token
// to whoever asks for one, for any subject and any roles.
//
// It has what services need to verify tokens the way they do in production
// (discovery, a key set, ES256 signatures) and what people need to get one (Mint,
// and a token endpoint). Its key is kept in a file, so that tokens outlive a
// restart, or lives in memory.
//
// It protects nothing. internal/front mounts it in development only, services
// trust it only with AUTH_MODE=dev, and with ENV=prod both refuse to start.
package devissuer
