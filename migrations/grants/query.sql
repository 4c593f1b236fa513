-- What the roles may do in the database of the query service: one writes views, two read them, customers' reads under row security.
revoke all on schema public from public;
do $$ declare role text; begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to query_project, query_read, query_staff, kontor_audit', current_database());
  -- The longest that a statement may take which names no shorter time itself. Per database: roles belong to the whole server.
  foreach role in array array['query_project', 'query_read', 'query_staff'] loop
    execute format('alter role %I in database %I set statement_timeout = ''10s''', role, current_database());
    execute format('alter role %I in database %I set lock_timeout = ''5s''', role, current_database());
    execute format('alter role %I in database %I set idle_in_transaction_session_timeout = ''10s''', role, current_database());
  end loop;
  foreach role in array array['query_read', 'query_staff', 'kontor_audit'] loop
    execute format('alter role %I in database %I set default_transaction_read_only = on', role, current_database());
  end loop;
end $$;
grant usage on schema public, view_a, view_b to query_project, query_read, query_staff, kontor_audit;
grant select on schema_migrations to query_project, query_read, query_staff;
grant select, insert, update, delete on all tables in schema view_a, view_b to query_project;
grant select, insert, update, delete on consumer_offset, consumer_stream, parked_record, discarded_record to query_project;
grant select, update on view_live to query_project;
grant usage, select on all sequences in schema view_a, view_b to query_project;
grant select on all tables in schema view_a, view_b to query_read, query_staff, kontor_audit;
grant select on view_live, consumer_offset, consumer_stream to query_read, query_staff;
grant select on all tables in schema public to kontor_audit;
