-- How far the consumer of payments.v1 came, what it has seen of each stream, and the records that wait for an operator. The same tables as
-- pgsink.Schema; a test compares the two.
-- Locks: new tables only, so none that anybody waits for. Works beside the previous release, which does not use them.

-- +goose Up
create table consumer_offset (
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
create table consumer_stream (
  consumer  text   not null,
  stream    text   not null,
  version   bigint not null,                    -- last one applied
  last_id   text   not null,
  last_hash bytea  not null,                    -- of its type and data
  primary key (consumer, stream)
);
create table parked_record (
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
