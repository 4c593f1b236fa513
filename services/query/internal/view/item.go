package view

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// OrderItem is an order as lists show it.
type OrderItem struct {
	OrderID     string `json:"order_id" format:"uuid"`
	OrderNumber string `json:"order_number"`
	CustomerID  string `json:"customer_id"`
	Channel     string `json:"channel"`
	Axes
	Currency      money.Currency `json:"currency"`
	GrandTotal    money.Money    `json:"grand_total"`
	Captured      money.Money    `json:"captured"`
	Refunded      money.Money    `json:"refunded"`
	LineCount     int            `json:"line_count"`
	CreatedAt     time.Time      `json:"created_at"`
	PlacedAt      *time.Time     `json:"placed_at,omitempty"`
	UpdatedAt     time.Time      `json:"updated_at"`
	AuthExpiresAt *time.Time     `json:"auth_expires_at,omitempty" doc:"Of the newest live authorization"`
	Version       int64          `json:"version"`
}

// Item returns what lists show of the order.
func (s OrderState) Item() OrderItem {
	o := s.Order
	return OrderItem{
		OrderID: o.OrderID, OrderNumber: o.OrderNumber, CustomerID: o.CustomerID, Channel: o.Channel, Axes: o.Axes,
		Currency: o.Currency, GrandTotal: o.GrandTotal, Captured: o.Captured, Refunded: o.Refunded, LineCount: len(o.Lines),
		CreatedAt: o.CreatedAt, PlacedAt: o.PlacedAt, UpdatedAt: o.UpdatedAt, AuthExpiresAt: s.AuthExpiresAt(), Version: o.Version,
	}
}

// SortedAt is where o stands in a list by the time of placing: a draft stands at its creation.
func (o Order) SortedAt() time.Time {
	if o.PlacedAt != nil {
		return *o.PlacedAt
	}
	return o.CreatedAt
}

// AuthExpiresAt is when the newest authorization that still holds money ends; nil if none does.
func (s OrderState) AuthExpiresAt() (at *time.Time) {
	newest := -1
	for _, p := range s.Payments {
		if book := s.Books[p.PaymentID]; p.Status == "authorized" && book.Held > book.Captured && p.Attempt > newest {
			at, newest = p.AuthExpiresAt, p.Attempt
		}
	}
	return at
}
