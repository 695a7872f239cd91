-- Where the Supabase CLI keeps which migrations a database has had. Changed only where it is not so: an event trigger of the
-- project's is called by such a change, and would be at every start.
do $$
begin
  if (select pg_catalog.count(*) from pg_catalog.pg_attribute a
      join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relname = 'schema_migrations'
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'supabase_migrations'
      where a.attname in ('version', 'statements', 'name') and not a.attisdropped) = 3 then
    return;
  end if;
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
  alter table supabase_migrations.schema_migrations add column if not exists statements text[];
  alter table supabase_migrations.schema_migrations add column if not exists name text;
end
$$;
