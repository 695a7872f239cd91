-- Event triggers, which Supabase lets `postgres` make and PostgreSQL keeps to superusers, because such a function runs as
-- whoever changes the schema: the superuser at a start, and in the script of an extension. Nothing of the project's runs
-- there. What PostgreSQL calls is a function of ours that asks first for whom; the project's source is the body of another
-- one, called as any function is, so that no way of writing it reaches over the question. An event trigger has three:
--
--   trigger_<oid>  what fires: asks, then calls
--   run_<oid>      belongs to the owner of the project's function, and runs as the owner if that is SECURITY DEFINER;
--                  it is called by the first alone
--   body_<oid>     the project's source and its SET clauses

-- Whose commands fire none: a superuser's, who may be the current user (the script of an extension) or whose session it is
-- (RESET ROLE makes one of whoever runs in it); and, as on Supabase, the roles it has made itself. Nor do the commands that
-- _bailey.refuse_files_of_servers is still to judge: the project's function might use such a server before.
create or replace function _bailey_events.passes_over(tag text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select tag in ('CREATE SERVER', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
    or current_user in ('anon', 'authenticated', 'service_role', 'authenticator', 'supabase_auth_admin', 'dashboard_user')
    or not _bailey_events.is_session_of_project()
    or exists (select from pg_roles where rolsuper and rolname = current_user)
$$;

-- Brings the functions of an event trigger up to the project's function, on which it depends.
create or replace function _bailey.refresh_event_trigger(refreshed oid) returns void
language plpgsql set search_path = pg_catalog, pg_temp set check_function_bodies = on as $$
declare
  source record;
begin
  select p.oid, p.oid::regprocedure as name, p.prosecdef, p.prorettype, r.rolname, r.rolsuper, l.lanname
    into strict source
    from pg_depend d join pg_proc p on p.oid = d.refobjid join pg_roles r on r.oid = p.proowner
    join pg_language l on l.oid = p.prolang
    where d.classid = 'pg_event_trigger'::regclass and d.objid = refreshed and d.refclassid = 'pg_proc'::regclass;
  if source.prorettype <> 'event_trigger'::regtype then
    raise invalid_object_definition using message = format('function %s must return type event_trigger', source.name);
  elsif source.rolsuper then
    raise insufficient_privilege using message = format('function %s is a superuser''s', source.name);
  elsif source.lanname <> 'plpgsql' then
    raise feature_not_supported
      using message = format('the function of an event trigger must be written in PL/pgSQL: %s', source.name);
  end if;

  -- An event trigger's function is called by nobody but PostgreSQL, so whoever it calls knows that there is an event, and
  -- which. The names are whole: the path is the caller's, which the project's function may mean.
  execute format($f$
    create or replace function _bailey_events.trigger_%1$s() returns event_trigger language plpgsql as $t$
    declare
      done boolean;
    begin
      if _bailey_events.passes_over(tg_tag) then
        return;
      end if;
      done := _bailey_events.run_%1$s(tg_event, tg_tag);
    end
    $t$;
    create or replace function _bailey_events.run_%1$s(tg_event text, tg_tag text) returns boolean
    language plpgsql as $t$
    declare
      callers text;
    begin
      get diagnostics callers = pg_context;
      callers := pg_catalog.split_part(callers, E'\n', 2);
      if not pg_catalog.starts_with(callers, 'PL/pgSQL function _bailey_events.trigger_%1$s() line ')
         and not pg_catalog.starts_with(callers, 'PL/pgSQL function "_bailey_events"."trigger_%1$s"() line ') then
        raise insufficient_privilege using message = 'only an event trigger calls this';
      end if;
      perform _bailey_events.body_%1$s(tg_event, tg_tag);
      return true;
    end
    $t$;
    create or replace function _bailey_events.body_%1$s(tg_event text, tg_tag text) returns void
    language plpgsql as 'begin end'$f$, refreshed);
  execute format('alter function _bailey_events.run_%s(text, text) security %s', refreshed,
                 case when source.prosecdef then 'definer' else 'invoker' end);
  execute format('alter function _bailey_events.run_%s(text, text) owner to %I', refreshed, source.rolname);
  -- As it stands in the catalog: there is nothing to quote, and it is compiled by who runs it.
  update pg_proc body set prosrc = p.prosrc, proconfig = p.proconfig from pg_proc p
  where p.oid = source.oid and body.oid = format('_bailey_events.body_%s(text, text)', refreshed)::regprocedure;

  -- They go with it.
  insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
  select 'pg_proc'::regclass, oid, 0, 'pg_event_trigger'::regclass, refreshed, 0, 'a' from pg_proc
  where pronamespace = '_bailey_events'::regnamespace
    and proname in ('trigger_' || refreshed, 'run_' || refreshed, 'body_' || refreshed);
end
$$;
revoke all on function _bailey.refresh_event_trigger from public;

-- CREATE EVENT TRIGGER name ON event WHEN TAG IN (tags) EXECUTE FUNCTION executed. The event trigger is `postgres`'s, who
-- may alter and drop it; the function cannot be dropped without it.
create or replace function _bailey.create_event_trigger(name text, event text, tags text[], executed regprocedure)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
declare
  made oid;
begin
  perform _bailey.require_session_of_project();
  if not has_function_privilege('postgres', executed, 'execute') then
    raise insufficient_privilege using message = format('permission denied for function %s', executed);
  end if;
  create function _bailey_events.trigger_new() returns event_trigger language plpgsql as 'begin end';
  execute format('create event trigger %I on %I %s execute function _bailey_events.trigger_new()', name, event,
                 (select 'when tag in (' || string_agg(quote_literal(tag), ', ') || ')' from unnest(tags) as tag));
  select oid into strict made from pg_event_trigger where evtname = create_event_trigger.name::name;
  update pg_depend set refobjid = executed
  where classid = 'pg_event_trigger'::regclass and objid = made and refclassid = 'pg_proc'::regclass;
  execute format('alter function _bailey_events.trigger_new() rename to trigger_%s', made);
  perform _bailey.refresh_event_trigger(made);

  -- There is no command for this: PostgreSQL gives one to superusers only.
  update pg_event_trigger set evtowner = 'postgres'::regrole where oid = made;
  insert into pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
  select oid, 'pg_event_trigger'::regclass, made, 0, 'pg_authid'::regclass, 'postgres'::regrole, 'o'
  from pg_database where datname = current_database();
end
$$;
revoke all on function _bailey.create_event_trigger from public;
grant execute on function _bailey.create_event_trigger to postgres;

-- What a project makes of its function later, its event triggers do: from the next such change on, when this one is made in a
-- session of the superuser's.
create or replace function _bailey.refresh_event_triggers() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  refreshed oid;
begin
  if not _bailey_events.is_session_of_project() then
    return;
  end if;
  for refreshed in
    select t.oid from pg_event_trigger_ddl_commands() c
    join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = c.objid
                    and d.classid = 'pg_event_trigger'::regclass
    join pg_event_trigger t on t.oid = d.objid join pg_proc p on p.oid = t.evtfoid
    where c.classid = 'pg_proc'::regclass and p.pronamespace = '_bailey_events'::regnamespace
  loop
    perform _bailey.refresh_event_trigger(refreshed);
  end loop;
end
$$;
revoke all on function _bailey.refresh_event_triggers from public;
drop event trigger if exists _bailey_refresh_event_triggers;
create event trigger _bailey_refresh_event_triggers on ddl_command_end
  when tag in ('CREATE FUNCTION', 'ALTER FUNCTION', 'ALTER ROUTINE')
  execute function _bailey.refresh_event_triggers();
alter event trigger _bailey_refresh_event_triggers enable always;
