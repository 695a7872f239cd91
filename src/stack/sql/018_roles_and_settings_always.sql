-- BYPASSRLS, which Supabase lets `postgres` give and PostgreSQL 15 keeps to superusers. Who has it sees all rows of the tables
-- that it may read, which `postgres` does itself: it is no way out of the database.
create or replace function _bailey.set_bypassrls(altered text, bypasses boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  role_altered pg_roles := (select r from pg_roles r where r.rolname = altered);
begin
  perform _bailey.require_session_of_project();
  if role_altered.oid is null then
    raise undefined_object using message = format('role "%s" does not exist', altered);
  elsif role_altered.rolbypassrls = bypasses and not role_altered.rolsuper then
    return;
  elsif role_altered.rolsuper or altered ~ '^pg_' or altered in (
      'anon', 'authenticated', 'authenticator', 'dashboard_user', 'postgres', 'service_role', 'supabase_admin',
      'supabase_auth_admin') then
    raise insufficient_privilege using message = format('the attributes of role "%s" are not a project''s', altered);
  end if;
  execute format('alter role %I %s', altered, case when bypasses then 'bypassrls' else 'nobypassrls' end);
end
$$;
revoke all on function _bailey.set_bypassrls from public;
grant execute on function _bailey.set_bypassrls to postgres;

-- Of those that hosted Supabase lets `postgres` set besides, these bring nothing of a statement into the server's log.
grant set on parameter log_replication_commands, log_temp_files, track_functions, wal_compression to postgres;

-- The settings that only the superuser may set; PostgreSQL shows some of these to nobody else.
create or replace function _bailey.settings_of_superuser() returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform _bailey.require_session_of_project();
  return query select name from pg_settings where context in ('superuser', 'superuser-backend')
    and not has_parameter_privilege('postgres', name, 'set');
end
$$;
revoke all on function _bailey.settings_of_superuser from public;
grant execute on function _bailey.settings_of_superuser to postgres;
