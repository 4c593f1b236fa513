// Package auth says who is asking: the Principal, its roles, and how both travel
// in a context.
//
// A principal is identified by (issuer, subject) and by nothing else: no header
// beside the token, no parameter, no address. Roles come from the token too; the
// role admin may do all that staff may do. A principal without any role may do
// nothing.
//
// This package is what use cases and adapters share. It imports only the standard
// library and checks no token: the subpackage verifier does that against an OpenID
// Connect issuer, and the subpackage devissuer is such an issuer for development.
// What a role may do is written where the rule belongs, in the use cases; whether
// an order is the caller's own is checked where its stream is loaded.
//
// Any package but the cores may import it.
package auth
