-- Asked before the superuser does anything else in the database `postgres`. Its owner is a login whose password is known,
-- and may drop it or rename it and make another of that name; what is in that one, the superuser would run. Nothing but
-- PostgreSQL's own catalog is looked at, and nobody but a superuser writes to that, in any database.
--
-- Nothing else has looked at the catalog yet, so this means PostgreSQL's own whatever else there may be in it: both sides of
-- each operator and all that a function is handed have the very types that PostgreSQL's own is for (README.md). What is for
-- exactly these nothing can be the better match to.
do $$
declare
  strange pg_catalog.text;
  catalog pg_catalog.text;
  made pg_catalog.oid;
begin
  -- Where PostgreSQL's own and Bailey's own stands, everything is the superuser's (oid 10: the one that initdb makes): who has
  -- no right to create there has made nothing there. The functions run_<oid> are the project's, and run as the project
  -- (013_event_triggers_always.sql).
  select 'the '::pg_catalog.text operator(pg_catalog.||) kind operator(pg_catalog.||) ' '::pg_catalog.text
         operator(pg_catalog.||) name operator(pg_catalog.||) ' belongs to '::pg_catalog.text
         operator(pg_catalog.||) pg_catalog.pg_get_userbyid(owner)::pg_catalog.text into strange
  from (select 'schema'::pg_catalog.text, nspname::pg_catalog.text, nspname::pg_catalog.text, nspowner
        from pg_catalog.pg_namespace
        union all select kind, n.nspname::pg_catalog.text operator(pg_catalog.||) '.'::pg_catalog.text
                               operator(pg_catalog.||) o.name::pg_catalog.text, n.nspname::pg_catalog.text, o.owner
        from (select 'relation'::pg_catalog.text, relname, relnamespace, relowner from pg_catalog.pg_class
              union all select 'function'::pg_catalog.text, proname, pronamespace, proowner from pg_catalog.pg_proc
              union all select 'type'::pg_catalog.text, typname, typnamespace, typowner from pg_catalog.pg_type
              union all select 'operator'::pg_catalog.text, oprname, oprnamespace, oprowner from pg_catalog.pg_operator
              union all select 'operator class'::pg_catalog.text, opcname, opcnamespace, opcowner from pg_catalog.pg_opclass
              union all select 'operator family'::pg_catalog.text, opfname, opfnamespace, opfowner from pg_catalog.pg_opfamily
              union all select 'collation'::pg_catalog.text, collname, collnamespace, collowner from pg_catalog.pg_collation
              union all select 'conversion'::pg_catalog.text, conname, connamespace, conowner from pg_catalog.pg_conversion
              union all select 'statistics'::pg_catalog.text, stxname, stxnamespace, stxowner
                from pg_catalog.pg_statistic_ext
              union all select 'dictionary'::pg_catalog.text, dictname, dictnamespace, dictowner from pg_catalog.pg_ts_dict
              union all select 'configuration'::pg_catalog.text, cfgname, cfgnamespace, cfgowner
                from pg_catalog.pg_ts_config
             ) as o (kind, name, namespace, owner)
        join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) o.namespace
        -- They run whatever schema they are in: PostgreSQL calls them in every session that changes something.
        union all select 'function'::pg_catalog.text, p.oid::pg_catalog.regprocedure::pg_catalog.text,
                         '_bailey'::pg_catalog.text, p.proowner
        from pg_catalog.pg_event_trigger t join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) t.evtfoid
       ) as present (kind, name, schema, owner)
  where (schema operator(pg_catalog.=) '_bailey'::pg_catalog.text
         or schema operator(pg_catalog.=) '_bailey_events'::pg_catalog.text
         or schema operator(pg_catalog.=) 'pg_catalog'::pg_catalog.text
         or schema operator(pg_catalog.=) 'information_schema'::pg_catalog.text)
    and owner operator(pg_catalog.<>) 10::pg_catalog.oid
    and not (kind operator(pg_catalog.=) 'function'::pg_catalog.text
             and name operator(pg_catalog.~) '^_bailey_events\.run_[0-9]+$'::pg_catalog.text)
  limit 1::pg_catalog.int8;
  if strange is not null then
    raise insufficient_privilege using message = strange;
  end if;

  -- Where it is not, the database is as initdb has made it: what anybody has made since, in any catalog, roles among it, has
  -- an oid from 16384 on.
  if exists (select from pg_catalog.pg_namespace where nspname operator(pg_catalog.=) '_bailey'::pg_catalog.name) then
    return;
  end if;
  for catalog in
    select c.oid::pg_catalog.regclass::pg_catalog.text
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid
                                  and a.attname operator(pg_catalog.=) 'oid'::pg_catalog.name
    where n.nspname operator(pg_catalog.=) 'pg_catalog'::pg_catalog.name
      and c.relkind operator(pg_catalog.=) 'r'::pg_catalog."char"
  loop
    execute 'select oid from '::pg_catalog.text operator(pg_catalog.||) catalog
            operator(pg_catalog.||) ' where oid operator(pg_catalog.>=) 16384::pg_catalog.oid limit 1'::pg_catalog.text
      into made;
    if made is not null then
      raise insufficient_privilege
        using message = 'it has no schema _bailey, and '::pg_catalog.text operator(pg_catalog.||) catalog
                        operator(pg_catalog.||) ' has what initdb did not make'::pg_catalog.text;
    end if;
  end loop;
end
$$;
