-- What Supabase's `postgres` may besides, and what follows from it here.

grant pg_read_all_data, pg_signal_backend to postgres;

-- `session_replication_role = replica` loads data without firing triggers and checks of foreign keys.
grant set on parameter log_lock_waits, log_min_messages, session_replication_role, track_io_timing to postgres;

-- So triggers that must fire say so. Their functions run in whatever session changes the schema, the superuser's too.
do $$
declare
  watch record;
begin
  for watch in select evtname, evtfoid::regprocedure as function from pg_catalog.pg_event_trigger
               where evtname in ('pgrst_ddl_watch', 'pgrst_drop_watch') loop
    execute format('alter function %s set search_path = pg_catalog, pg_temp', watch.function);
    execute format('alter event trigger %I enable always', watch.evtname);
  end loop;
end
$$;

-- The superuser's commands mean PostgreSQL's own functions and operators, not what a project puts into its schemas.
alter role supabase_admin set search_path = pg_catalog, pg_temp;
