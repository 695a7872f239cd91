-- Extensions that Supabase lets `postgres` make and PostgreSQL keeps to superusers. A definer's function makes them, and
-- whoever may call it is taken for an attacker: PostgreSQL runs an extension's script as the superuser, with the schema
-- it is made in on the search path, in the session of whoever asks.
drop function if exists _bailey.create_extension(text, text);

-- Those it makes. The script of each has been read, in the versions that docs/decisions/0007-extensions.md names, and what
-- each gives to others than superusers has been looked at: none of them opens a file that somebody names, runs a program,
-- or loads a library, once 016_extensions_closed_always.sql has taken what does from it; and the scripts write to no table but one that they have made. One that does may be handed a table
-- with a trigger, which then runs as the superuser: postgis_tiger_geocoder's empties tables of the schema `tiger`, with no
-- word of its own on whose they are. (address_standardizer_data_us's says CREATE TABLE IF NOT EXISTS, which PostgreSQL 15
-- refuses in a script when the table is there and not the extension's.)
-- postgis_tiger_geocoder, pgtap and pgjwt need no superuser: PostgreSQL runs their scripts as the project, and so they are
-- not here. Those PostgreSQL trusts (citext, pg_trgm, …) need none of this either.
-- Of Supabase's list these are not here besides: pg_hashids (it writes past its memory for a negative length, or for many
-- numbers in an alphabet of the caller's), pg_graphql (an event trigger of its calls a function at every role's CREATE and
-- DROP, which fails for all but `postgres` once it does not run as the superuser), pgmq and pg_partman (they have tables of
-- their own, and nobody has looked yet at who else may have made them), postgis_raster (GDAL opens files and addresses by their
-- names, in many places), dblink and http (a connection's `sslkey` names a library to load, a request's options name files), pljava, plcoffee, plls, pgroonga, pg_tle, wrappers (they load code),
-- pg_cron, pg_net, pg_repack, pg_stat_monitor, pgaudit, pgsodium, supabase_vault, timescaledb, orioledb (their libraries
-- must be preloaded, which a server of ours is not).
create or replace function _bailey.extensions_made() returns setof text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select unnest(array[
    'address_standardizer', 'address_standardizer_data_us', 'autoinc', 'bloom', 'dict_xsyn', 'earthdistance', 'hypopg',
    'index_advisor', 'insert_username', 'moddatetime', 'pg_jsonschema', 'pg_prewarm', 'pg_stat_statements',
    'pg_walinspect', 'pgrouting', 'pgrowlocks', 'pgstattuple', 'plpgsql_check', 'postgis', 'postgis_sfcgal',
    'postgis_topology', 'postgres_fdw', 'refint', 'rum', 'sslinfo', 'vector'])
$$;

-- Makes a role an extension's owner, as PostgreSQL makes it that of a trusted one: it may drop and comment on it; what
-- is in it stays the superuser's. There is no command for this.
create or replace function _bailey.give_extension(extension text, receiver name) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  given oid := (select oid from pg_extension where extname = extension);
begin
  update pg_extension set extowner = receiver::text::regrole where oid = given;
  delete from pg_shdepend where classid = 'pg_extension'::regclass and objid = given and deptype = 'o'
    and dbid = (select oid from pg_database where datname = current_database());
  insert into pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
  select oid, 'pg_extension'::regclass, given, 0, 'pg_authid'::regclass, receiver::text::regrole, 'o'
  from pg_database where datname = current_database();
end
$$;
revoke all on function _bailey.give_extension from public;

-- The commands that move the routines and operators of one schema that are not a superuser's to another. A script that
-- writes `a = b` may mean one of them, if it fits better than PostgreSQL's own. Made in one step: a name may hold anything.
create or replace function _bailey.moves_of_strangers(source text, destination text) returns setof text
language sql set search_path = pg_catalog, pg_temp as $$
  select format('alter routine %s set schema %I', p.oid::regprocedure, destination)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
  where n.nspname = source and not r.rolsuper
  union all
  select format('alter operator %s set schema %I', o.oid::regoperator, destination)
  from pg_operator o join pg_namespace n on n.oid = o.oprnamespace join pg_roles r on r.oid = o.oprowner
  where n.nspname = source and not r.rolsuper and o.oprcode::oid <> 0::oid
$$;
revoke all on function _bailey.moves_of_strangers from public;

-- Whether anything is in a schema. A temporary one's is what the session has made.
create or replace function _bailey.holds_anything(looked_into oid) returns boolean
language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = looked_into
                 and classid <> 'pg_default_acl'::regclass)
$$;
revoke all on function _bailey.holds_anything from public;

-- A schema that `postgres` may fill, and that is not PostgreSQL's or Bailey's, whoever may have been given rights there: what
-- the superuser calls by a name alone it finds in pg_catalog.
create or replace function _bailey.require_schema_of_project(schema text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- In a path "$user" means the schema that is called as the superuser is.
  if schema ~ '^(pg_|_bailey|information_schema$|\$user$)' or not has_schema_privilege('postgres', schema, 'create') then
    raise insufficient_privilege using message = format('permission denied for schema %s', schema);
  end if;
end
$$;
revoke all on function _bailey.require_schema_of_project from public;

-- Makes a schema that an extension names itself, for its script to find nothing in. One that is there already and empty is
-- replaced: whoever made it may have given rights on it.
create or replace function _bailey.make_schema_of_extension(extension text, schema text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  present record;
begin
  select n.oid, n.nspowner, r.rolsuper into present
    from pg_namespace n join pg_roles r on r.oid = n.nspowner where n.nspname = schema;
  if not has_database_privilege('postgres', current_database(), 'create') then
    raise insufficient_privilege using message = format('permission denied to create extension "%s"', extension);
  elsif present.oid is not null and not present.rolsuper and not pg_has_role('postgres', present.nspowner, 'usage') then
    raise insufficient_privilege using message = format('permission denied for schema %s', schema);
  elsif _bailey.holds_anything(present.oid) then
    raise object_not_in_prerequisite_state
      using message = format('the schema %s is not empty, and the extension %s fills it itself', schema, extension),
            hint = 'Move or drop what is in it.';
  elsif present.oid is not null then
    execute format('drop schema %I', schema);
  end if;
  execute format('create schema %I', schema);
end
$$;
revoke all on function _bailey.make_schema_of_extension from public;

-- The schemas that a search_path names, when it is nothing but a list of names: null for one that would be more than that
-- as a part of a command.
create or replace function _bailey.schemas_of_path(path text) returns name[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when path ~ '^ *(("[^"]*"|[a-z_][a-z0-9_]*)( *, *("[^"]*"|[a-z_][a-z0-9_]*))*)? *$' then
    array(select coalesce(name[1], name[2])::name from regexp_matches(path, '"([^"]*)"|([a-z_][a-z0-9_]*)', 'g') as name)
  end
$$;
revoke all on function _bailey.schemas_of_path from public;

-- The search_paths that a script may find: PostGIS adds its schema to the one that the session began with, or from 3.5 on
-- to the database's, which the session's role may have hidden, or to PostgreSQL's own.
create or replace function _bailey.paths_of_scripts() returns setof text
language sql set search_path = pg_catalog, pg_temp as $$
  select path from pg_settings, unnest(array[reset_val, boot_val]) as path where name = 'search_path'
  union all
  select regexp_replace(setting, '^search_path=', '')
  from pg_db_role_setting, unnest(setconfig) as setting
  where setting like 'search_path=%'
    and setdatabase in (0, (select oid from pg_database where datname = current_database()))
    and (setrole = 0 or setrole in (select oid from pg_roles where rolname in (session_user, current_user)))
$$;
revoke all on function _bailey.paths_of_scripts from public;

-- Makes an extension of that list, in the version PostgreSQL has as the default, and what it requires if `cascade` says
-- so; on the caller's own connection, so that it sees the schemas the caller's transaction has made and goes with it.
-- Returns the schemas that scripts have put on the session's path, which is then theirs; null when none has set it.
create or replace function _bailey.make_listed_extension(extension text, schema text, cascade boolean) returns name[]
language plpgsql
set search_path = pg_catalog, pg_temp set standard_conforming_strings = on set transform_null_equals = off
set lock_timeout = '10s' as $$
declare
  wanted record;
  requirement text;
  of_requirements text;
  path text;
  script_path name[];
  added name[];
  emptied text[] := '{}';
  home text;
  aside text;
  taken text;
  command text;
  made text;
begin
  if exists (select from pg_extension where extname = extension) then
    return null;
  end if;
  select v.requires::text[] as requires, coalesce(v.schema::text, make_listed_extension.schema) as home,
         v.schema is not null as fixed, v.relocatable
    into wanted
    from pg_available_extensions e
    join pg_available_extension_versions v on v.name = e.name and v.version = e.default_version
    where e.name = extension and e.name in (select _bailey.extensions_made());
  if wanted is null then
    raise insufficient_privilege using message = format('permission denied to create extension "%s"', extension);
  end if;
  if wanted.home is null then
    raise invalid_schema_name using message = 'no schema has been selected to create in';
  end if;
  -- A script that cannot be moved later has the name put into it, between quotes as well (plpgsql_check's, PostGIS's), where
  -- the rest of the name would be a command. PostgreSQL refuses such a name from 15.4 on.
  if not wanted.relocatable and wanted.home ~ '["$''\\]' then
    raise invalid_parameter_value
      using message = format('the extension %s is not made in a schema whose name has a quote, "$" or "\" in it', extension);
  end if;
  -- A script that sets a path of its own finds a temporary table or type before any other.
  if _bailey.holds_anything(pg_my_temp_schema()) then
    raise object_not_in_prerequisite_state
      using message = 'an extension is made in a session that has no temporary tables, types or functions',
            hint = 'Drop them first (DISCARD TEMP), or make the extension before them.';
  end if;
  if wanted.fixed then
    perform _bailey.make_schema_of_extension(extension, wanted.home);
  else
    perform _bailey.require_schema_of_project(wanted.home);
  end if;

  -- In a schema that the extension fills itself there is no place for another.
  of_requirements := case when wanted.fixed and schema = wanted.home then 'extensions' else schema end;
  foreach requirement in array coalesce(wanted.requires, '{}') loop
    if cascade and not exists (select from pg_extension where extname = requirement) then
      if of_requirements is null then
        raise invalid_schema_name using message = 'no schema has been selected to create in';
      elsif requirement in (select _bailey.extensions_made()) then
        added := added || _bailey.make_listed_extension(requirement, of_requirements, true);
      elsif exists (select from pg_available_extension_versions where name = requirement and trusted) then
        perform _bailey.require_schema_of_project(of_requirements);
        execute format('create extension %I with schema %I', requirement, of_requirements);
        perform _bailey.give_extension(requirement, 'postgres');
      end if;
      perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    end if;
  end loop;

  -- Nobody brings in a routine, operator, type or path from here on, and whoever is about to has finished: what is committed
  -- is seen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using message = 'an extension is made in a transaction that is read committed';
  end if;
  lock table pg_catalog.pg_proc, pg_catalog.pg_operator, pg_catalog.pg_type, pg_catalog.pg_namespace,
    pg_catalog.pg_db_role_setting in share row exclusive mode;
  for attempt in 1..200 loop  -- as long as lock_timeout
    exit when not exists (select from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted
                          and pid is distinct from pg_backend_pid());
    if attempt = 200 then
      raise lock_not_available using message = 'other transactions are changing the database; try again';
    end if;
    perform pg_sleep(0.05);
  end loop;

  script_path := array[wanted.home::name]
    || (select coalesce(array_agg(n.nspname), '{}') from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname::text = any (wanted.requires));
  if '$user' = any (script_path) then
    raise object_not_in_prerequisite_state
      using message = format('the extension %s requires one in the schema "$user", which in a path means another', extension),
            hint = 'Move that extension to another schema.';
  end if;
  -- PostGIS puts a path into commands as it stands, and that may be anything without a blank in it.
  script_path := script_path || array[session_user, current_user];  -- what "$user" means
  for path in select * from _bailey.paths_of_scripts() loop
    if _bailey.schemas_of_path(path) is null then
      raise insufficient_privilege
        using message = 'no extension is made under a search_path that is more than a list of names',
              detail = format('The search_path of the session, its role or the database is: %s', path);
    end if;
    script_path := script_path || _bailey.schemas_of_path(path);
  end loop;
  -- A type of an extension that it requires is meant by its name, and functions in C take what they are handed for it.
  select t.oid::regtype::text into taken
    from pg_extension e
    join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
    join pg_type meant on d.classid = 'pg_type'::regclass and d.objid = meant.oid
    join pg_type t on t.typname = meant.typname and t.oid <> meant.oid
    join pg_namespace n on n.oid = t.typnamespace and n.nspname = any (script_path)
    where e.extname::text = any (wanted.requires) limit 1;
  if taken is not null then
    raise object_not_in_prerequisite_state
      using message = format('the type %s would be taken for one that the extension %s requires', taken, extension);
  end if;
  for home in select distinct nspname::text from pg_namespace where nspname = any (script_path) loop
    continue when not exists (select from _bailey.moves_of_strangers(home, home));
    aside := '_bailey_aside_' || quote_ident(home)::regnamespace::oid;
    execute format('create schema %I', aside);  -- one that is there already is no work of ours, and ends this
    for command in select * from _bailey.moves_of_strangers(home, aside) loop
      execute command;
    end loop;
    emptied := emptied || home;
  end loop;
  execute format('create extension %I with schema %I', extension, wanted.home);
  -- A script's SET outlives the function it stands in, and this one.
  path := pg_catalog.current_setting('search_path');
  perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  if path <> 'pg_catalog, pg_temp' then
    added := added || wanted.home::name;
  end if;
  foreach home in array emptied loop
    aside := '_bailey_aside_' || quote_ident(home)::regnamespace::oid;
    for command in select * from _bailey.moves_of_strangers(aside, home) loop
      execute command;
    end loop;
    execute format('drop schema %I', aside);
  end loop;

  -- What it made belongs to the project as far as using it goes.
  perform _bailey.give_extension(extension, 'postgres');
  for made in
    select n.nspname from pg_namespace n
    where (wanted.fixed and n.nspname = wanted.home)
       or n.oid in (select d.objid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = extension
                    where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_namespace'::regclass and d.deptype = 'e')
  loop
    continue when not exists (select from pg_namespace n join pg_roles r on r.oid = n.nspowner
                              where n.nspname = made and r.rolsuper);
    execute format('grant usage on schema %I to postgres with grant option', made);
    execute format('grant select, insert, update, delete, truncate on all tables in schema %I to postgres'
                   ' with grant option', made);
    execute format('grant all on all sequences in schema %I to postgres with grant option', made);
    execute format('grant execute on all routines in schema %I to postgres with grant option', made);
  end loop;
  if extension = 'postgres_fdw' then
    grant usage on foreign data wrapper postgres_fdw to postgres with grant option;
  end if;
  perform _bailey.close_extension(extension);
  return added;
end
$$;
revoke all on function _bailey.make_listed_extension from public;

create or replace function _bailey.make_extension(extension text, schema text, cascade boolean) returns name[]
language plpgsql security definer set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
begin
  perform _bailey.require_session_of_project();
  return _bailey.make_listed_extension(extension, schema, cascade);
end
$$;
revoke all on function _bailey.make_extension from public;

-- The same for whoever asks, who finds what a script has put on the path behind what was there before, for as long as the
-- session lasts. PostgreSQL would leave them the script's own path, which hides what theirs has shown.
create or replace function _bailey.create_extension(extension text, schema text, cascade boolean) returns void
language plpgsql as $$
declare
  path pg_catalog.text := pg_catalog.current_setting('search_path');
  added pg_catalog.name[] := _bailey.make_extension(extension, schema, cascade);
  name pg_catalog.name;
begin
  if added is null then
    return;
  end if;
  perform pg_catalog.set_config('search_path', path, false);
  foreach name in array added loop
    continue when name operator(pg_catalog.=) any (pg_catalog.current_schemas(false));
    path := pg_catalog.concat_ws(', ', nullif(path, ''), pg_catalog.quote_ident(name));
    perform pg_catalog.set_config('search_path', path, false);
  end loop;
end
$$;
revoke all on function _bailey.create_extension(text, text, boolean) from public;

-- Those of the list that an extension requires, itself or through another, and that are not made yet.
create or replace function _bailey.requirements_to_make(extension text) returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
  with recursive required(name) as (
    select name from pg_available_extensions where name = extension
    union
    select unnest(v.requires)
    from required r
    join pg_available_extensions e on e.name = r.name
    join pg_available_extension_versions v on v.name = e.name and v.version = e.default_version
  )
  select name::text from required
  where name <> extension and name::text in (select _bailey.extensions_made())
    and name not in (select extname from pg_extension)
$$;
revoke all on function _bailey.requirements_to_make from public;
grant execute on function _bailey.create_extension(text, text, boolean), _bailey.make_extension(text, text, boolean),
  _bailey.extensions_made(), _bailey.requirements_to_make(text) to postgres;

-- ALTER EXTENSION … SET SCHEMA of an extension that `postgres` owns. What is in it is the superuser's, also in one that
-- PostgreSQL trusts; of one whose script has run as the project it is the project's, and so is the command. No script runs.
create or replace function _bailey.move_extension(extension text, schema text) returns void
language plpgsql as $$
begin
  if _bailey.move_extension_of_superuser(extension, schema) then
    return;
  end if;
  execute pg_catalog.format('alter extension %I set schema %I', extension, schema);
end
$$;
-- False, without having done anything, for one with something in it that is no superuser's. A project may add what it likes to
-- an extension that it owns; PostgreSQL moves that for who owns all of it.
create or replace function _bailey.move_extension_of_superuser(extension text, schema text) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp set standard_conforming_strings = on set lock_timeout = '10s' as $$
declare
  moved record;
begin
  perform _bailey.require_session_of_project();
  select oid, extowner into moved from pg_extension where extname = extension;
  if moved.oid is null then
    raise undefined_object using message = format('extension "%s" does not exist', extension);
  elsif not pg_has_role('postgres', moved.extowner, 'usage') then
    raise insufficient_privilege using message = format('must be owner of extension %s', extension);
  -- A predefined role's are not among those whose owner PostgreSQL records.
  elsif exists (select from pg_depend d
                join (select 'pg_proc'::regclass, oid, proowner from pg_proc
                      union all select 'pg_type'::regclass, oid, typowner from pg_type
                      union all select 'pg_class'::regclass, oid, relowner from pg_class
                      union all select 'pg_operator'::regclass, oid, oprowner from pg_operator
                      union all select 'pg_opclass'::regclass, oid, opcowner from pg_opclass
                      union all select 'pg_opfamily'::regclass, oid, opfowner from pg_opfamily
                      union all select 'pg_collation'::regclass, oid, collowner from pg_collation
                      union all select 'pg_conversion'::regclass, oid, conowner from pg_conversion
                      union all select 'pg_ts_dict'::regclass, oid, dictowner from pg_ts_dict
                      union all select 'pg_ts_config'::regclass, oid, cfgowner from pg_ts_config
                      union all select 'pg_namespace'::regclass, oid, nspowner from pg_namespace
                      union all select 'pg_foreign_server'::regclass, oid, srvowner from pg_foreign_server
                      union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner from pg_foreign_data_wrapper
                     ) as o (class, oid, owner) on o.class = d.classid and o.oid = d.objid
                join pg_roles r on r.oid = o.owner and (not r.rolsuper or r.rolname like 'pg\_%')
                where d.refclassid = 'pg_extension'::regclass and d.refobjid = moved.oid and d.deptype = 'e') then
    return false;
  end if;
  perform _bailey.require_schema_of_project(schema);
  execute format('alter extension %I set schema %I', extension, schema);
  return true;
end
$$;
revoke all on function _bailey.move_extension, _bailey.move_extension_of_superuser from public;
grant execute on function _bailey.move_extension(text, text), _bailey.move_extension_of_superuser(text, text) to postgres;
