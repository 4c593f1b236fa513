package auth

import (
	"slices"
	"strconv"
)

// Role is a set of permissions that an issuer grants to a subject.
type Role string

// The roles. Customer is the only one that is not staff.
const (
	Customer  Role = "customer"
	Support   Role = "support"
	Warehouse Role = "warehouse"
	Finance   Role = "finance"
	Admin     Role = "admin"
)

// Roles lists all roles, customer first.
func Roles() []Role { return []Role{Customer, Support, Warehouse, Finance, Admin} }

// Principal is a caller whose token was verified. The zero Principal is nobody.
type Principal struct {
	Issuer, Subject string
	Roles           []Role
}

// Has reports whether p may do what r may do. An admin may do what any staff role
// may do, but is no customer.
func (p Principal) Has(r Role) bool {
	if slices.Contains(p.Roles, r) {
		return true
	}
	return r != Customer && slices.Contains(p.Roles, Admin)
}

// HasAny reports whether p has at least one of roles.
func (p Principal) HasAny(roles ...Role) bool { return slices.ContainsFunc(roles, p.Has) }

// IsStaff reports whether p has a role other than customer.
func (p Principal) IsStaff() bool { return p.HasAny(Support, Warehouse, Finance, Admin) }

// IsCustomer reports whether p has the role customer.
func (p Principal) IsCustomer() bool { return p.Has(Customer) }

// IsZero reports whether p is nobody.
func (p Principal) IsZero() bool { return p.Subject == "" }

// Customer returns the customer id that p acts as: its subject. It is "" for a
// principal without the role customer, so that nothing belongs to it.
func (p Principal) Customer() string {
	if !p.IsCustomer() {
		return ""
	}
	return p.Subject
}

// Owns reports whether something of customerID is p's own.
func (p Principal) Owns(customerID string) bool {
	return customerID != "" && p.Customer() == customerID
}

// Actor returns how events name p: "staff:<subject>" or "customer:<subject>".
func (p Principal) Actor() string {
	if p.IsStaff() {
		return "staff:" + p.Subject
	}
	return "customer:" + p.Subject
}

// Key returns a string that no other principal has, for ids derived from who is
// asking. It does not depend on the roles.
func (p Principal) Key() string {
	return strconv.Itoa(len(p.Issuer)) + ":" + p.Issuer + p.Subject
}
