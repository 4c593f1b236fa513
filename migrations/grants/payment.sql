-- What the roles may do in the database of the payment service. Events are written once and never changed; the trigger is the second net.
revoke all on schema public from public;
revoke all on all functions in schema public, river from public;
do $$ begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to payment_app, kontor_audit', current_database());
  -- The longest that a statement may take which names no shorter time itself. Per database: roles belong to the whole server.
  execute format('alter role payment_app in database %I set statement_timeout = ''10s''', current_database());
  execute format('alter role payment_app in database %I set lock_timeout = ''5s''', current_database());
  execute format('alter role payment_app in database %I set idle_in_transaction_session_timeout = ''10s''', current_database());
  execute format('alter role kontor_audit in database %I set default_transaction_read_only = on', current_database());
end $$;
grant usage on schema public, river to payment_app;
grant select on schema_migrations to payment_app;
grant select, insert on events to payment_app;
grant select, insert, update on snapshots, subscriptions, consumer_offset, consumer_stream to payment_app;
grant select, insert, update, delete on parked_record, discarded_record to payment_app;
grant select, insert, update, delete on all tables in schema river to payment_app;
revoke insert, update, delete on river.river_migration from payment_app;
grant usage, select on all sequences in schema river to payment_app;
grant execute on all functions in schema river to payment_app;
grant usage on schema public, river to kontor_audit;
grant select on all tables in schema public, river to kontor_audit;
