-- Asked before the superuser does anything else in the database `postgres`. Its owner is a login whose password is known,
-- and may drop it or rename it and make another of that name; what is in that one, the superuser would run. Nothing but
-- PostgreSQL's own catalog is looked at, and nobody but a superuser writes to that, in any database.
do $$
declare
  strange pg_catalog.text;
  catalog pg_catalog.regclass;
  made pg_catalog.oid;
begin
  -- Where Bailey's own stands, everything is the superuser's (oid 10: the one that initdb makes): who has no right to create
  -- there has made nothing there. The functions run_<oid> are the project's, and run as the project (013_event_triggers.sql).
  select pg_catalog.format('the %s %s belongs to %s', kind, name, pg_catalog.pg_get_userbyid(owner)) into strange
  from (select 'schema', nspname::pg_catalog.text, nspname, nspowner from pg_catalog.pg_namespace
        union all select kind, n.nspname || '.' || o.name, n.nspname, o.owner
        from (select 'relation', relname, relnamespace, relowner from pg_catalog.pg_class
              union all select 'function', proname, pronamespace, proowner from pg_catalog.pg_proc
              union all select 'type', typname, typnamespace, typowner from pg_catalog.pg_type
              union all select 'operator', oprname, oprnamespace, oprowner from pg_catalog.pg_operator
              union all select 'operator class', opcname, opcnamespace, opcowner from pg_catalog.pg_opclass
              union all select 'operator family', opfname, opfnamespace, opfowner from pg_catalog.pg_opfamily
              union all select 'collation', collname, collnamespace, collowner from pg_catalog.pg_collation
              union all select 'conversion', conname, connamespace, conowner from pg_catalog.pg_conversion
              union all select 'statistics', stxname, stxnamespace, stxowner from pg_catalog.pg_statistic_ext
              union all select 'dictionary', dictname, dictnamespace, dictowner from pg_catalog.pg_ts_dict
              union all select 'configuration', cfgname, cfgnamespace, cfgowner from pg_catalog.pg_ts_config
             ) as o (kind, name, namespace, owner)
        join pg_catalog.pg_namespace n on n.oid = o.namespace
        -- They run whatever schema they are in: PostgreSQL calls them in every session that changes something.
        union all select 'function', p.oid::pg_catalog.regprocedure::pg_catalog.text, '_bailey', p.proowner
        from pg_catalog.pg_event_trigger t join pg_catalog.pg_proc p on p.oid = t.evtfoid
       ) as present (kind, name, schema, owner)
  where schema in ('_bailey', '_bailey_events') and owner <> 10
    and not (kind = 'function' and name ~ '^_bailey_events\.run_[0-9]+$')
  limit 1;
  if strange is not null then
    raise insufficient_privilege using message = strange;
  end if;

  -- Where it is not, the database is as initdb has made it: what anybody has made since, in any catalog, roles among it, has
  -- an oid from 16384 on.
  if exists (select from pg_catalog.pg_namespace where nspname = '_bailey') then
    return;
  end if;
  for catalog in
    select c.oid from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'oid'
    where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind = 'r'
  loop
    execute pg_catalog.format('select oid from %s where oid >= 16384 limit 1', catalog) into made;
    if made is not null then
      raise insufficient_privilege
        using message = pg_catalog.format('it has no schema _bailey, and %s has what initdb did not make', catalog);
    end if;
  end loop;
end
$$;
