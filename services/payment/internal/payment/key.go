package payment

import (
	"fmt"
	"strings"
)

// Key is the idempotency key of an operation: {payment_id}:{op}:{op_id}. It is state: changing it makes new
// operations of old ones.
func Key(p ID, op Op, id OpID) string { return fmt.Sprintf("%s:%s:%s", p, op, id) }

// ParseKey takes apart what [Key] made. ok is false for anything else.
func ParseKey(key string) (p ID, op Op, id OpID, ok bool) {
	parts := strings.Split(key, ":")
	if len(parts) != 3 || parts[0] == "" || parts[2] == "" {
		return "", "", "", false
	}
	switch op = Op(parts[1]); op {
	case OpAuthorize, OpCapture, OpVoid, OpRefund:
		return ID(parts[0]), op, OpID(parts[2]), true
	default:
		return "", "", "", false
	}
}
