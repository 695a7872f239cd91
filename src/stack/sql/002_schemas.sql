-- Schemas, and what is granted in `public` by default: everything to the API roles, so that row-level security alone
-- decides. A migration runs as `postgres`, hence the default privileges of that role as well.
alter schema public owner to postgres;
create schema extensions authorization postgres;
create schema auth authorization supabase_auth_admin;
create schema storage authorization supabase_admin;
create schema realtime authorization supabase_admin;
create schema graphql_public authorization supabase_admin;

grant usage, create on schema public to postgres;
grant usage on schema public, graphql_public, storage, realtime, extensions, auth
  to postgres, anon, authenticated, service_role;
grant all on schema auth, extensions, storage, realtime to dashboard_user;
grant usage, create on schema storage, realtime, graphql_public to postgres;

alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema graphql_public
  grant all on functions to postgres, anon, authenticated, service_role;

-- Extensions every Supabase project has, as far as the installed PostgreSQL brings them.
do $$
declare wanted text;
begin
  foreach wanted in array array['pgcrypto', 'uuid-ossp'] loop
    if exists (select from pg_available_extensions where name = wanted) then
      execute format('create extension if not exists %I with schema extensions', wanted);
    end if;
  end loop;
end
$$;
