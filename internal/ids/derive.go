package ids

import "strconv"

// The namespaces of the ids. They are state: changing one is a migration of
// every id of its kind.
const (
	namespaceOrder          = "a9a978d5-d5ec-46f6-8935-54b563d0d230"
	namespaceMovement       = "f17b1a55-e8b3-47a0-b72e-e4b505ba844d"
	namespaceLine           = "ed1b1dc0-95ee-48bb-9381-405256c9e206"
	namespacePayment        = "20a9cfb7-4039-4218-89a4-bee1cc9e9770"
	namespaceShipment       = "396dc37f-2ffb-474d-98d6-fbecd6b3793a"
	namespaceReturn         = "0e3516b4-00d2-46b3-98ef-614919bb8485"
	namespaceRefund         = "7e5a5602-81ef-484a-95f3-2459126ea95e"
	namespaceCapture        = "3eabeb69-ae0f-481e-a5c5-57dfecc7dd04"
	namespaceDiscount       = "703642be-8624-4d0e-9f41-67c2b43fa9a4"
	namespaceStockStream    = "91b1a8c0-584f-4921-a8c2-de3471b55f6b"
	namespaceProductStream  = "6ce75ad4-1ae7-4be5-bac0-4fb1ef5e4f0c"
	namespaceDiscountStream = "a3fd63e7-5b6d-4b5c-ba85-5acee3bf909c"
	namespacePrice          = "714a40e0-6a30-454c-b6d9-f711c94ab1af"
	namespaceOperation      = "9a21e6cb-3fe5-4f20-b995-d50aba68a9d8"
	namespaceCommand        = "d6d2130a-0ed7-495c-acea-02044ad910c5"
	namespaceCommandFor     = "ba1a23bf-8d71-4d66-80bb-1ea55900410c"
	namespaceTimer          = "5bb3df11-21d7-44de-af05-de81178d29c8"
)

// Order is the id of the order that the request with this Idempotency-Key of
// principal creates.
func Order(principal, key string) string {
	return v5(namespaceOrder, principal, key)
}

// Movement is the id of the stock movement that the request with this
// Idempotency-Key of principal books.
func Movement(principal, key string) string {
	return v5(namespaceMovement, principal, key)
}

// Line is the id of the only line of an order with this SKU.
func Line(orderID, sku string) string {
	return v5(namespaceLine, orderID, sku)
}

// Payment is the id of an attempt to pay an order: 1 is that of the placement.
func Payment(orderID string, attempt int) string {
	return v5(namespacePayment, orderID, strconv.Itoa(attempt))
}

// Shipment is the id of the ordinal-th shipment of an order that a command makes.
func Shipment(orderID, commandID string, ordinal int) string {
	return v5(namespaceShipment, orderID, commandID, strconv.Itoa(ordinal))
}

// Return is the id of the ordinal-th return of an order that a command requests.
func Return(orderID, commandID string, ordinal int) string {
	return v5(namespaceReturn, orderID, commandID, strconv.Itoa(ordinal))
}

// Refund is the id of the ordinal-th refund of an order that a command requests.
func Refund(orderID, commandID string, ordinal int) string {
	return v5(namespaceRefund, orderID, commandID, strconv.Itoa(ordinal))
}

// Capture is the id of the ordinal-th capture of an order that a command requests.
func Capture(orderID, commandID string, ordinal int) string {
	return v5(namespaceCapture, orderID, commandID, strconv.Itoa(ordinal))
}

// Discount is the id of the ordinal-th discount that a command puts on an order.
func Discount(orderID, commandID string, ordinal int) string {
	return v5(namespaceDiscount, orderID, commandID, strconv.Itoa(ordinal))
}

// StockStream is the id of the stream that holds the stock of a SKU.
func StockStream(sku string) string {
	return v5(namespaceStockStream, sku)
}

// ProductStream is the id of the stream that holds name, tax and prices of a SKU.
func ProductStream(sku string) string {
	return v5(namespaceProductStream, sku)
}

// DiscountStream is the id of the stream that says what a discount code is worth.
func DiscountStream(code string) string {
	return v5(namespaceDiscountStream, code)
}

// Price is the id of the price of a SKU in a currency that a command sets.
func Price(sku, currency, commandID string) string {
	return v5(namespacePrice, sku, currency, commandID)
}

// Operation is the id of the ordinal-th operation op (authorize, void) of a
// payment. Captures and refunds have the id of what asked for them.
func Operation(paymentID, op string, ordinal int) string {
	return v5(namespaceOperation, paymentID, op, strconv.Itoa(ordinal))
}

// Command is the id of the command in the request with this Idempotency-Key of
// principal. It differs from the ids of what the command creates.
func Command(principal, key string) string {
	return v5(namespaceCommand, principal, key)
}

// CommandFor is the id of the command to target that an event sets off: one of
// several from one event, or the outcome of an operation (op_id, "outcome"). The
// only command from a message has the id of the message instead.
func CommandFor(eventID, target string) string {
	return v5(namespaceCommandFor, eventID, target)
}

// Timer is the id of the command that a timer of this kind sends, armed by an event.
func Timer(eventID, kind string) string {
	return v5(namespaceTimer, eventID, kind)
}
