-- The views, once per side by the same statements, so that the sides cannot differ, and how far their consumers came.
-- Why json and not jsonb: a detail is written whole and read whole, never searched. Why one row per order for list and detail: one upsert.
-- Each list has an index that ends in its sort key and the id, the key its cursors go on from.
-- Row security is the second net under the queries' own conditions: query_read sees one customer's rows, query_staff all.
-- Locks: new tables only. Works beside the previous release: there is none.

-- +goose Up
-- +goose StatementBegin
do $sides$
declare
  side text;
  path text := current_setting('search_path');
begin
  foreach side in array array['view_a', 'view_b'] loop
    perform set_config('search_path', side, true);
    execute $ddl$
      create table orders (
        order_id           uuid        primary key,
        version            bigint      not null,
        order_number       text        not null,
        customer_id        text        not null,
        channel            text        not null,
        status             text        not null,
        payment_status     text        not null,
        fulfillment_status text        not null,
        currency           text        not null,
        grand_total        bigint      not null,
        captured           bigint      not null,
        refunded           bigint      not null,
        line_count         int         not null,
        created_at         timestamptz not null,
        placed_at          timestamptz,
        sorted_at          timestamptz not null, -- placed_at, of a draft created_at
        updated_at         timestamptz not null,
        auth_expires_at    timestamptz,
        doc                json        not null  -- the detail, and what the next events need beyond it
      );
      create index orders_placed       on orders (sorted_at, order_id);
      create index orders_updated      on orders (updated_at, order_id);
      create index orders_customer     on orders (customer_id, sorted_at, order_id);
      create index orders_status       on orders (status, sorted_at, order_id);
      create index orders_payment      on orders (payment_status, sorted_at, order_id);
      create index orders_fulfillment  on orders (fulfillment_status, sorted_at, order_id);
      create index orders_currency     on orders (currency, grand_total, order_id);

      create table timeline (
        order_id           uuid        not null,
        version            bigint      not null,
        event_id           uuid        not null,
        type               text        not null,
        occurred_at        timestamptz not null,
        actor              text        not null,
        before_status      text,                 -- null for the first event, as are the next two
        before_payment     text,
        before_fulfillment text,
        after_status       text        not null,
        after_payment      text        not null,
        after_fulfillment  text        not null,
        summary            text        not null,
        data               json        not null, -- the event without its payment method token
        primary key (order_id, version)
      );

      create table payments (
        payment_id       uuid        primary key,
        order_id         uuid        not null,
        version          bigint      not null,
        customer_id      text        not null,
        status           text        not null,
        operation_status text        not null,
        requested_at     timestamptz not null,
        visible          boolean     not null,   -- false until payment.requested has come
        doc              json        not null
      );
      create index payments_requested on payments (requested_at, payment_id);
      create index payments_order     on payments (order_id, requested_at, payment_id);
      create index payments_customer  on payments (customer_id, requested_at, payment_id);
      create index payments_status    on payments (status, requested_at, payment_id);

      create table products (
        sku          text        primary key collate "C",
        version      bigint      not null,
        name         text        not null,
        discontinued boolean     not null,
        currencies   text[]      not null,
        doc          json        not null
      );

      create table stock (
        sku      text   primary key collate "C",
        version  bigint not null,
        on_hand  bigint not null,
        reserved bigint not null
      );

      alter table orders enable row level security;
      alter table orders force row level security;
      create policy own     on orders for select to query_read using (customer_id = nullif(current_setting('app.customer', true), ''));
      create policy staff   on orders for select to query_staff, kontor_audit using (true);
      create policy project on orders to query_project, current_user using (true) with check (true);

      alter table timeline enable row level security;
      alter table timeline force row level security;
      create policy own     on timeline for select to query_read using (exists (select from orders o where o.order_id = timeline.order_id));
      create policy staff   on timeline for select to query_staff, kontor_audit using (true);
      create policy project on timeline to query_project, current_user using (true) with check (true);

      alter table payments enable row level security;
      alter table payments force row level security;
      create policy own     on payments for select to query_read using (customer_id = nullif(current_setting('app.customer', true), ''));
      create policy staff   on payments for select to query_staff, kontor_audit using (true);
      create policy project on payments to query_project, current_user using (true) with check (true);

      alter table products enable row level security;
      alter table products force row level security;
      create policy anybody on products for select to query_read, query_staff, kontor_audit using (true);
      create policy project on products to query_project, current_user using (true) with check (true);

      alter table stock enable row level security;
      alter table stock force row level security;
      create policy staff   on stock for select to query_staff, kontor_audit using (true); -- none for query_read: no customer sees stock
      create policy project on stock to query_project, current_user using (true) with check (true);
    $ddl$;
  end loop;
  perform set_config('search_path', path, true);
end
$sides$;
-- +goose StatementEnd

create table consumer_offset (
  consumer    text        not null,
  topic       text        not null,
  part        int         not null,
  next_offset bigint      not null,
  epoch       bigint      not null,
  owner       text        not null,
  updated_at  timestamptz not null default now(),
  last_id     text        not null default '',
  primary key (consumer, topic, part)
);
create table consumer_stream (
  consumer  text   not null,
  stream    text   not null,
  version   bigint not null,
  last_id   text   not null,
  last_hash bytea  not null,
  primary key (consumer, stream)
);
create table parked_record (
  consumer   text        not null,
  topic      text        not null,
  part       int         not null,
  off        bigint      not null,
  key        text        not null,
  stream     text        not null,
  version    bigint      not null,
  headers    jsonb       not null,
  value      bytea       not null, -- may hold a payment method token: gone once the record is released
  reason     text        not null,
  error      text        not null,
  attempts   int         not null,
  first_seen timestamptz not null default now(),
  retry      boolean     not null default false,
  discard    text        not null default '',
  primary key (consumer, topic, part, off)
);
create index parked_record_key on parked_record (consumer, topic, part, key);
create index parked_record_retry on parked_record (consumer, topic, part) where retry;
create table discarded_record (
  consumer     text        not null,
  topic        text        not null,
  part         int         not null,
  off          bigint      not null,
  key          text        not null,
  stream       text        not null,
  version      bigint      not null,
  reason       text        not null,
  discarded_at timestamptz not null default now()
);
