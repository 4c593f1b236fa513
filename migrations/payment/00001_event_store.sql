-- The event store: streams of events, snapshots of long ones, and the checkpoints of its readers.
-- Why json and not jsonb: half the server's work per event, and the bytes stay as they were written.
-- Locks: new tables only, so none that anybody waits for. Works beside the previous release: there is none.

-- +goose Up
create table events (
  global_position bigint      generated always as identity primary key, -- cache 1: never raise it, positions follow commits
  recorded_at     timestamptz not null default now(),
  stream_id       uuid        not null,
  event_id        uuid        not null,
  version         int         not null check (version > 0),
  schema_version  smallint    not null default 1,
  stream_type     text        not null,
  event_type      text        not null,
  data            json        not null,
  metadata        json        not null,
  unique (stream_id, version)
);

create table snapshots (
  stream_id      uuid        primary key,
  version        int         not null,
  schema_version smallint    not null,
  state          json        not null,
  taken_at       timestamptz not null default now()
);

create table subscriptions (
  name       text        primary key,
  position   bigint      not null default 0,
  updated_at timestamptz not null default now()
);

-- +goose StatementBegin
create function append_only() returns trigger language plpgsql as
  $$ begin raise exception 'events is append-only' using errcode = '42501'; end $$;
-- +goose StatementEnd
create trigger no_change before update or delete on events for each row execute function append_only();
create trigger no_truncate before truncate on events for each statement execute function append_only();
