-- Every view exists twice, in the schemas view_a and view_b: one side is live, the other is being rebuilt or rests. view_live says
-- which side readers of a consumer's views take, so a rebuild needs no DDL and its end is one update.
-- Locks: new schemas and one new table only. Works beside the previous release: there is none.

-- +goose Up
create schema view_a;
create schema view_b;
create table view_live (
  consumer text        primary key,
  side     text        not null check (side in ('a', 'b')),
  since    timestamptz not null default now()
);
insert into view_live (consumer, side) values ('query.orders', 'a'), ('query.payments', 'a'), ('query.catalog', 'a');
