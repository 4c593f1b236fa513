-- What the roles may do in the database of the query service: one writes views, two read them, customers' reads under row security.
revoke all on schema public from public;
grant usage on schema public, view_a, view_b to query_project, query_read, query_staff, kontor_audit;
grant select on schema_migrations to query_project, query_read, query_staff;
grant select, insert, update, delete on all tables in schema view_a, view_b to query_project;
grant select, insert, update, delete on consumer_offset, consumer_stream, parked_record, discarded_record to query_project;
grant select, update on view_live to query_project;
grant usage, select on all sequences in schema view_a, view_b to query_project;
grant select on all tables in schema view_a, view_b to query_read, query_staff, kontor_audit;
grant select on view_live, consumer_offset, consumer_stream to query_read, query_staff;
grant select on all tables in schema public to kontor_audit;
alter role query_read set default_transaction_read_only = on;
alter role query_staff set default_transaction_read_only = on;
