package pgsink

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Schema creates the tables, in the connection's search path, where they are missing. Services copy it into a migration.
const Schema = `
create table if not exists consumer_offset (
  consumer    text        not null,
  topic       text        not null,
  part        int         not null,
  next_offset bigint      not null,
  epoch       bigint      not null,             -- grows with every claim: the last claimant wins
  owner       text        not null,
  updated_at  timestamptz not null default now(),
  last_id     text        not null default '',  -- id of the message before next_offset
  primary key (consumer, topic, part)
);
create table if not exists consumer_stream (
  consumer  text   not null,
  stream    text   not null,
  version   bigint not null,                    -- last one applied
  last_id   text   not null,
  last_hash bytea  not null,                    -- of its type and data
  primary key (consumer, stream)
);
create table if not exists parked_record (
  consumer   text        not null,
  topic      text        not null,
  part       int         not null,
  off        bigint      not null,
  key        text        not null,              -- a record without a readable key has one made of its offset
  stream     text        not null,
  version    bigint      not null,
  headers    jsonb       not null,
  value      bytea       not null,              -- may hold secrets: gone once the record is released
  reason     text        not null,
  error      text        not null,
  attempts   int         not null,
  first_seen timestamptz not null default now(),
  retry      boolean     not null default false, -- the owner of the partition is to try again
  discard    text        not null default '',    -- why an operator gave it up
  primary key (consumer, topic, part, off)
);
create index if not exists parked_record_key on parked_record (consumer, topic, part, key);
create index if not exists parked_record_retry on parked_record (consumer, topic, part) where retry;
create table if not exists discarded_record (
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
`

// DB is what pools, connections and transactions of pgx have in common.
type DB interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

const (
	sqlTimeouts = `select set_config('lock_timeout', '1s', true), set_config('statement_timeout', '2s', true),
set_config('idle_in_transaction_session_timeout', $1, true)`

	sqlClaim = `insert into consumer_offset (consumer, topic, part, next_offset, epoch, owner) values ($1, $2, $3, 0, 1, $4)
on conflict (consumer, topic, part) do update set epoch = consumer_offset.epoch + 1, owner = excluded.owner
returning epoch, next_offset, last_id`

	sqlAdvance = `update consumer_offset set next_offset = $6, last_id = $7, updated_at = now()
where consumer = $1 and topic = $2 and part = $3 and epoch = $4 and next_offset = $5`

	sqlFence = `select 1 from consumer_offset where consumer = $1 and topic = $2 and part = $3 and epoch = $4 and next_offset = $5`

	sqlStreams = `select stream, version, last_id, last_hash from consumer_stream where consumer = $1 and stream = any($2)`

	sqlParkedKeys = `select distinct key from parked_record where consumer = $1 and topic = $2 and part = $3 and key = any($4)`

	sqlSaveStreams = `insert into consumer_stream (consumer, stream, version, last_id, last_hash)
select $1, * from unnest($2::text[], $3::bigint[], $4::text[], $5::bytea[])
on conflict (consumer, stream) do update set version = excluded.version, last_id = excluded.last_id, last_hash = excluded.last_hash`

	sqlPark = `insert into parked_record (consumer, topic, part, off, key, stream, version, headers, value, reason, error, attempts)
select $1, $2, $3, * from unnest($4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::jsonb[], $9::bytea[], $10::text[], $11::text[], $12::int[])
on conflict do nothing`

	sqlCountParked = `select count(*) from parked_record where consumer = $1`

	sqlRelease = `update parked_record set retry = true where consumer = $1 and topic = $2 and part = $3 and key = any($4)`

	sqlReleased = `select distinct key from parked_record where consumer = $1 and topic = $2 and part = $3 and retry limit 100`

	sqlReleaseTypes = `update parked_record set retry = true where consumer = $1 and topic = $2 and part = $3 and key in (
select key from parked_record where consumer = $1 and topic = $2 and part = $3 and reason = $4 and headers->>'ce_type' = any($5))`

	sqlUnknownTypes = `select distinct coalesce(headers->>'ce_type', '') from parked_record
where consumer = $1 and topic = $2 and part = $3 and reason = $4`

	sqlParked = `select off, key, stream, version, headers, value, reason, error, attempts, discard from parked_record
where consumer = $1 and topic = $2 and part = $3 and key = $4 order by off`

	sqlUnpark = `delete from parked_record where consumer = $1 and topic = $2 and part = $3 and off = any($4)`

	sqlDiscarded = `insert into discarded_record (consumer, topic, part, off, key, stream, version, reason)
select consumer, topic, part, off, key, stream, version, discard from parked_record
where consumer = $1 and topic = $2 and part = $3 and off = any($4) and discard <> ''`

	sqlStuck = `update parked_record set retry = false,
reason = case when off = $5 then $6 when reason = 'invalid' then reason else 'behind' end,
error = case when off = $5 then $7 when reason = 'invalid' then error else '' end,
attempts = attempts + case when off = $5 then 1 else 0 end
where consumer = $1 and topic = $2 and part = $3 and key = $4`
)
