package ids

import "testing"

const (
	anOrder   = "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01"
	aCommand  = "b0a1c2d3-0000-5001-8001-000000000001"
	aPayment  = "b0a1c2d3-0000-5004-8004-000000000004"
	anEvent   = "01960000-0000-7000-8000-000000000001"
	principal = "https://id.example.org|c-1"
)

// derived are all kinds of ids and what they were when they were first stored.
// A value that changes here loses every stored id of its kind.
var derived = []struct{ name, got, want string }{
	{"order", Order(principal, "k-1"), "f6ce38d8-b767-5a29-9f2c-7ce00a614c17"},
	{"movement", Movement(principal, "k-1"), "9c63f65f-ceeb-52ab-972e-81eb36cfb0f9"},
	{"command", Command(principal, "k-1"), "6c43546c-7a02-5fd2-aa9d-90e652ac69cf"},
	{"line", Line(anOrder, "TEA-01"), "670e8554-c423-5546-bafc-562c64cc6050"},
	{"payment 1", Payment(anOrder, 1), "0150fd5a-baf5-5b0e-8bd5-8fc3ee7748d3"},
	{"payment 2", Payment(anOrder, 2), "0eb098cc-553d-53e7-ba56-1f1f5326b171"},
	{"shipment", Shipment(anOrder, aCommand, 0), "96c0cfeb-d4eb-57e4-8293-196d3916759a"},
	{"return", Return(anOrder, aCommand, 0), "ea1614d9-5de0-50eb-89e4-c8a38ed87894"},
	{"refund", Refund(anOrder, aCommand, 0), "6f2eea48-0905-5a4c-9536-cd4aacc07c00"},
	{"refund, second", Refund(anOrder, aCommand, 1), "91ed28f1-8ff4-5779-816d-f32c2133d26b"},
	{"capture", Capture(anOrder, aCommand, 0), "10e10613-4dae-52e3-8a70-333d3243df33"},
	{"discount", Discount(anOrder, aCommand, 0), "7b2acea9-b2d3-59d2-be6c-740858aaead2"},
	{"stock stream", StockStream("TEA-01"), "097b3f4f-2cfe-5e80-b23d-287fa62110cd"},
	{"product stream", ProductStream("TEA-01"), "0fdfb1f5-41ae-5418-9e21-f258c1ba155d"},
	{"discount stream", DiscountStream("TEA-01"), "7e023160-9027-5538-b007-f177e32b41e9"},
	{"price", Price("TEA-01", "EUR", aCommand), "5b2b3d46-a3db-5ff3-b377-53379ead6adc"},
	{"operation", Operation(aPayment, "void", 1), "6a501044-58f8-5fbb-86c8-78d32914241d"},
	{"command for", CommandFor(anEvent, "k"), "8c4fcd95-54c9-53a7-8313-8fd1fe8477d2"},
	{"timer", Timer(anEvent, "k"), "436cb792-fe8a-5f2f-8330-fe69da3a3da6"},
}

func TestDerivedIDsArePinned(t *testing.T) {
	for _, tt := range derived {
		if tt.got != tt.want {
			t.Errorf("%s = %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestNoTwoKindsMeet(t *testing.T) {
	seen := map[string]string{}
	for _, tt := range derived {
		if other, ok := seen[tt.got]; ok {
			t.Errorf("%s and %s are both %s", tt.name, other, tt.got)
		}
		if !Valid(tt.got) || tt.got[14] != '5' {
			t.Errorf("%s = %s is no UUIDv5", tt.name, tt.got)
		}
		seen[tt.got] = tt.name
	}
}
