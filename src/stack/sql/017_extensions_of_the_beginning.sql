-- The last of the extensions a Supabase project begins with that PostgreSQL brings. `if not exists` in a migration then
-- finds it there; the trusted ones (citext, pg_trgm, …) a migration makes itself. The schema `extensions` is the project's, and
-- so it is made as for a project.
do $$
begin
  if exists (select from pg_catalog.pg_available_extensions where name = 'pg_stat_statements')
     and exists (select from pg_catalog.pg_namespace where nspname = 'extensions') then
    perform _bailey.make_listed_extension('pg_stat_statements', 'extensions', false);
  end if;
exception when others then
  raise warning 'pg_stat_statements is left out: %', sqlerrm;  -- what the project has made stands in its place
end
$$;

-- Those a database begins with are the project's, too.
do $$
declare
  present text;
begin
  for present in
    select extname from pg_catalog.pg_extension
    where extname in ('pgcrypto', 'uuid-ossp') or extname in (select _bailey.extensions_made()) loop
    perform _bailey.give_extension(present, 'postgres');
  end loop;
end
$$;
