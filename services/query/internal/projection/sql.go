package projection

// {view} is the schema of the side. Versions guard every upsert, so that no row ever goes back.
const (
	sqlLoadOrders   = `select order_id::text, doc from {view}.orders where order_id = any($1::text[]::uuid[])`
	sqlLoadPayments = `select payment_id::text, doc from {view}.payments where payment_id = any($1::text[]::uuid[])`
	sqlLoadProducts = `select sku, doc from {view}.products where sku = any($1::text[])`
	sqlLoadStock    = `select sku, json_build_object('sku', sku, 'version', version, 'on_hand', on_hand, 'reserved', reserved, 'available', on_hand - reserved)
from {view}.stock where sku = any($1::text[])`

	sqlUpsertOrders = `insert into {view}.orders as o (order_id, version, order_number, customer_id, channel, status, payment_status, fulfillment_status,
  currency, grand_total, captured, refunded, line_count, created_at, placed_at, sorted_at, updated_at, auth_expires_at, doc)
select order_id::uuid, version, order_number, customer_id, channel, status, payment_status, fulfillment_status,
  currency, grand_total, captured, refunded, line_count, created_at, placed_at, sorted_at, updated_at, auth_expires_at, doc::json
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
  $11::bigint[], $12::bigint[], $13::int[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[],
  $18::timestamptz[], $19::text[])
  as n (order_id, version, order_number, customer_id, channel, status, payment_status, fulfillment_status, currency, grand_total,
    captured, refunded, line_count, created_at, placed_at, sorted_at, updated_at, auth_expires_at, doc)
on conflict (order_id) do update set version = excluded.version, order_number = excluded.order_number, customer_id = excluded.customer_id,
  channel = excluded.channel, status = excluded.status, payment_status = excluded.payment_status,
  fulfillment_status = excluded.fulfillment_status, currency = excluded.currency, grand_total = excluded.grand_total,
  captured = excluded.captured, refunded = excluded.refunded, line_count = excluded.line_count, placed_at = excluded.placed_at,
  sorted_at = excluded.sorted_at, updated_at = excluded.updated_at, auth_expires_at = excluded.auth_expires_at, doc = excluded.doc
where o.version < excluded.version`

	sqlAppendTimeline = `insert into {view}.timeline (order_id, version, event_id, type, occurred_at, actor, before_status, before_payment,
  before_fulfillment, after_status, after_payment, after_fulfillment, summary, data)
select order_id::uuid, version, event_id::uuid, type, occurred_at, actor, before_status, before_payment,
  before_fulfillment, after_status, after_payment, after_fulfillment, summary, data::json
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
  as n (order_id, version, event_id, type, occurred_at, actor, before_status, before_payment, before_fulfillment,
    after_status, after_payment, after_fulfillment, summary, data)
on conflict do nothing`

	sqlUpsertPayments = `insert into {view}.payments as p (payment_id, order_id, version, customer_id, status, operation_status, requested_at, visible, doc)
select payment_id::uuid, order_id::uuid, version, customer_id, status, operation_status, requested_at, visible, doc::json
from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::boolean[], $9::text[])
  as n (payment_id, order_id, version, customer_id, status, operation_status, requested_at, visible, doc)
on conflict (payment_id) do update set version = excluded.version, customer_id = excluded.customer_id, status = excluded.status,
  operation_status = excluded.operation_status, requested_at = excluded.requested_at, visible = excluded.visible, doc = excluded.doc
where p.version < excluded.version`

	sqlUpsertProducts = `insert into {view}.products as p (sku, version, name, discontinued, currencies, doc)
select sku, version, name, discontinued, string_to_array(currencies, ','), doc::json
from unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[], $5::text[], $6::text[])
  as n (sku, version, name, discontinued, currencies, doc)
on conflict (sku) do update set version = excluded.version, name = excluded.name, discontinued = excluded.discontinued,
  currencies = excluded.currencies, doc = excluded.doc
where p.version < excluded.version`

	sqlUpsertStock = `insert into {view}.stock as s (sku, version, on_hand, reserved)
select sku, version, on_hand, reserved
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as n (sku, version, on_hand, reserved)
on conflict (sku) do update set version = excluded.version, on_hand = excluded.on_hand, reserved = excluded.reserved
where s.version < excluded.version`

	sqlNotify = `select pg_notify($1, payload) from unnest($2::text[]) as payload`
)
