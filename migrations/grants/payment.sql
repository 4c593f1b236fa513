-- What the roles may do in the database of the payment service. Events are written once and never changed; the trigger is the second net.
revoke all on schema public from public;
grant usage on schema public, river to payment_app;
grant select on schema_migrations to payment_app;
grant select, insert on events to payment_app;
grant select, insert, update on snapshots, subscriptions, consumer_offset, consumer_stream to payment_app;
grant select, insert, update, delete on parked_record, discarded_record to payment_app;
grant select, insert, update, delete on all tables in schema river to payment_app;
grant usage, select on all sequences in schema river to payment_app;
grant execute on all functions in schema river to payment_app;
alter role payment_app set statement_timeout = '10s';
grant usage on schema public, river to kontor_audit;
grant select on all tables in schema public, river to kontor_audit;
