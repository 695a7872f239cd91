-- What is taken from extensions of the superuser's: what would reach a file, or run something as the superuser. Done when one
-- is made, and for those that an earlier Bailey has made at every start.
create or replace function _bailey.close_extension(extension text) returns void
language plpgsql set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
declare
  -- What its script has made, and not what a project has added to it since.
  routines oid[] := array(
    select p.oid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = extension
    join pg_proc p on p.oid = d.objid join pg_roles r on r.oid = p.proowner and r.rolsuper
    where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_proc'::regclass and d.deptype = 'e');
  relations oid[] := array(
    select c.oid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = extension
    join pg_class c on c.oid = d.objid and c.relkind in ('r', 'p', 'v', 'm', 'f') join pg_roles r on r.oid = c.relowner and r.rolsuper
    where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_class'::regclass and d.deptype = 'e');
  everybody text := 'public' || (select string_agg(format(', %I', rolname), '') from pg_roles where not rolsuper);
  writing text := 'insert, update, delete, truncate'
    || case when current_setting('server_version_num')::int4 >= 170000 then ', maintain' else '' end;
  closed regprocedure;
  relation regclass;
begin
  -- Nothing of it does as the superuser what anybody asks.
  for closed in select oid from pg_proc where oid = any (routines) and prosecdef loop
    execute format('alter routine %s security invoker', closed);
  end loop;

  -- Nobody has a trigger on its tables, to which the superuser may write, nor a foreign key to them, which is checked as the
  -- superuser. Nor does anybody write to them: that comes of the defaults of the schema `public` and of no script. In a schema that
  -- is the extension's own `postgres` does (topology), for its functions do no more than their caller may.
  for relation in select oid from pg_class where oid = any (relations) loop
    execute format('revoke trigger, references on %s from %s cascade', relation, everybody);
    if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = n.nspowner
               where c.oid = relation and not r.rolsuper) then
      execute format('revoke %s on %s from %s cascade', writing, relation, everybody);
    end if;
  end loop;

  -- PROJ opens whatever file its texts name (`+init=`, `+nadgrids=`). PostGIS hands it such a text from its callers, or from this
  -- table. PostgreSQL 15 lets `postgres` give itself the right to write to every table, so it takes a trigger.
  if extension = 'postgis' then
    for closed in
      select oid from pg_proc
      where oid = any (routines) and proname ~ 'transform' and 'text'::regtype::oid = any (proargtypes::oid[])
    loop
      execute format('revoke execute on function %s from %s cascade', closed, everybody);
    end loop;
    for relation in select oid from pg_class where oid = any (relations) and relname = 'spatial_ref_sys' loop
      execute format('revoke %s on %s from %s cascade', writing, relation, everybody);
      execute format('create or replace trigger _bailey_refuse_writing before insert or update or delete on %s'
                     ' for each statement execute function _bailey.refuse_writing()', relation);
      execute format('alter table %s enable always trigger _bailey_refuse_writing', relation);
    end loop;
  end if;

  -- They write a file (of one fixed name, beside the data) and start a worker that does.
  if extension = 'pg_prewarm' then
    for closed in select oid from pg_proc where oid = any (routines) and proname ~ '^autoprewarm' loop
      execute format('revoke execute on function %s from %s cascade', closed, everybody);
    end loop;
  end if;

  -- An earlier Bailey made it. Its functions hand GDAL the names of files and addresses in more ways than one can list; what is
  -- stored stays, and can be dumped.
  if extension = 'postgis_raster' then
    for closed in select oid from pg_proc where oid = any (routines) loop
      execute format('revoke execute on routine %s from %s cascade', closed, everybody);
    end loop;
  end if;
end
$$;
revoke all on function _bailey.close_extension from public;

create or replace function _bailey.refuse_writing() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise insufficient_privilege using message = format('nobody writes to %s: its texts may name files', tg_relid::regclass);
end
$$;
revoke all on function _bailey.refuse_writing from public;

do $$
declare
  present text;
begin
  for present in
    select extname from pg_catalog.pg_extension
    where extname in (select _bailey.extensions_made()) or extname = 'postgis_raster'
  loop
    perform _bailey.close_extension(present);
  end loop;
end
$$;

-- PostGIS knows that table by a name that it keeps for the whole session, also when its schema has got another name since or
-- it has itself been made anew elsewhere. So its schema keeps its name, and there is no other table of that name beside it.
create or replace function _bailey.refuse_tables_of_postgis() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  home oid := (select extnamespace from pg_extension where extname = 'postgis');
  -- A transaction that reads as of its beginning does not see what has been made since.
  sees_all boolean := current_setting('transaction_isolation') = 'read committed';
  taken regclass;
begin
  if home is null and sees_all then
    return;
  elsif not _bailey_events.is_session_of_project()
        and exists (select from pg_roles where rolname = current_user and rolsuper) then
    return;
  end if;
  select c.oid into taken from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relname = 'spatial_ref_sys' and not r.rolsuper;
  if taken is not null then
    raise insufficient_privilege using message = format('the name of %s is for PostGIS''s own table', taken);
  elsif tg_tag <> 'ALTER SCHEMA' then
    return;
  elsif not sees_all then
    raise feature_not_supported using message = 'a schema is altered in a transaction that is read committed';
  elsif exists (select from pg_event_trigger_ddl_commands() where objid = home) then
    raise insufficient_privilege using message = format('the schema %s keeps its name: PostGIS is in it', home::regnamespace);
  end if;
end
$$;
revoke all on function _bailey.refuse_tables_of_postgis from public;
drop event trigger if exists _bailey_refuse_tables_of_postgis;
create event trigger _bailey_refuse_tables_of_postgis on ddl_command_end
  execute function _bailey.refuse_tables_of_postgis();
alter event trigger _bailey_refuse_tables_of_postgis enable always;

-- A foreign server's or user's options name files that libpq then opens as us, and `sslkey` a library that it loads.
create or replace function _bailey.refuse_files_of_servers() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
declare
  option text;
begin
  perform _bailey.require_session_of_project();
  for option in
    select split_part(entry, '=', 1)
    from pg_event_trigger_ddl_commands() c
    left join pg_foreign_server s on c.classid = 'pg_foreign_server'::regclass and s.oid = c.objid
    left join pg_user_mapping m on c.classid = 'pg_user_mapping'::regclass and m.oid = c.objid,
    unnest(coalesce(s.srvoptions, m.umoptions)) as entry
  loop
    if option ~ '^(ssl|service|passfile)|file' and option not in ('sslmode', 'sslcompression', 'sslsni', 'sslcertmode') then
      raise insufficient_privilege using message = format('the option "%s" names a file of this machine', option);
    end if;
  end loop;
end
$$;
revoke all on function _bailey.refuse_files_of_servers from public;
drop event trigger if exists _bailey_refuse_files_of_servers;
create event trigger _bailey_refuse_files_of_servers on ddl_command_end
  when tag in ('CREATE SERVER', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
  execute function _bailey.refuse_files_of_servers();
alter event trigger _bailey_refuse_files_of_servers enable always;
