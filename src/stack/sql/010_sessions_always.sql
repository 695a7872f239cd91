-- In whose session what happens. Code of a project comes to run in sessions of the superuser as well, though never with its
-- rights: autovacuum computes the expressions of indexes, as the owner of the table. There `session_user` is the superuser.
do $$
begin
  -- One that a project has made would be the project's to fill.
  if exists (select from pg_catalog.pg_namespace n join pg_catalog.pg_roles r on r.oid = n.nspowner
             where n.nspname = '_bailey_events' and not r.rolsuper) then
    raise insufficient_privilege using message = 'the schema _bailey_events is not Bailey''s; rename it';
  end if;
end
$$;
create schema if not exists _bailey_events;
grant usage on schema _bailey_events to public;

-- Whether somebody has logged in to this session, who is no superuser. Nobody has to one of PostgreSQL's own. Who has may be
-- another than `session_user`, whom a superuser may set.
create or replace function _bailey_events.is_session_of_project() returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from pg_stat_get_activity(pg_backend_pid()) a join pg_roles r on r.oid = a.usesysid
                 where not r.rolsuper)
     and exists (select from pg_roles where rolname = session_user and not rolsuper)
$$;

-- Every function that runs as the superuser calls this before anything else. Who calls such a function cannot be asked for in
-- it: to PostgreSQL, `current_user` there is the superuser, and `session_user` has logged in, which may be long ago and another.
-- What is known is that it may call it; and that only `postgres` may. So rights are looked at for that role.
create or replace function _bailey.require_session_of_project() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if _bailey_events.is_session_of_project() is distinct from true then
    raise insufficient_privilege using message = 'this is for sessions of the project''s logins, not for a superuser''s';
  end if;
end
$$;
revoke all on function _bailey.require_session_of_project from public;
