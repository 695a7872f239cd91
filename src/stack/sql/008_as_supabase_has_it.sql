-- What the migrations of an ordinary Supabase project take for granted. A database made by an earlier Bailey gets this
-- too and may have some of it already.

-- Realtime's publication: tables are added to it by migrations.
do $$
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
    alter publication supabase_realtime owner to postgres;
  end if;
end
$$;

-- ALTER DATABASE postgres SET … is for its owner. That gives no setting only a superuser may set.
alter database postgres owner to postgres;

-- ALTER ROLE authenticator SET pgrst.… and ALTER DATABASE postgres SET "app.settings.…": PostgreSQL grants such names
-- one by one. From version 16 on, altering a role takes the admin option on it as well.
do $$
declare parameter text;
begin
  foreach parameter in array array[
    'app.settings.jwt_exp', 'app.settings.jwt_secret', 'pgrst.client_error_verbosity', 'pgrst.db_aggregates_enabled',
    'pgrst.db_anon_role', 'pgrst.db_extra_search_path', 'pgrst.db_hoisted_tx_settings', 'pgrst.db_max_rows',
    'pgrst.db_plan_enabled', 'pgrst.db_pre_request', 'pgrst.db_prepared_statements', 'pgrst.db_root_spec',
    'pgrst.db_schemas', 'pgrst.db_timezone_enabled', 'pgrst.db_tx_end', 'pgrst.jwt_aud',
    'pgrst.jwt_cache_max_entries', 'pgrst.jwt_cache_max_lifetime', 'pgrst.jwt_role_claim_key', 'pgrst.jwt_secret',
    'pgrst.jwt_secret_is_base64', 'pgrst.log_level', 'pgrst.log_query', 'pgrst.openapi_mode',
    'pgrst.openapi_security_active', 'pgrst.openapi_server_proxy_uri', 'pgrst.server_cors_allowed_origins',
    'pgrst.server_timing_enabled', 'pgrst.server_trace_header'] loop
    execute format('grant set on parameter %I to postgres', parameter);
  end loop;
end
$$;
grant authenticator to postgres with admin option;
