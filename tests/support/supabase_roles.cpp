#include "tests/support/postgres_server.hpp"

namespace bailey::test {

void PostgresServer::create_supabase_roles(std::string_view database) const {
  // Roles belong to the whole server: two test programs never share one, two databases of one program do.
  execute(R"sql(
    do $$
    declare wanted text;
    begin
      foreach wanted in array array['anon', 'authenticated', 'service_role', 'authenticator'] loop
        if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I', wanted); end if;
      end loop;
    end $$;
    alter role anon nologin noinherit;
    alter role authenticated nologin noinherit;
    alter role service_role nologin noinherit bypassrls;
    alter role authenticator login noinherit;
    grant anon, authenticated, service_role to authenticator;
    grant usage on schema public to anon, authenticated, service_role;
    alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
    create schema if not exists auth;
    grant usage on schema auth to anon, authenticated, service_role;
    create or replace function auth.jwt() returns jsonb language sql stable as
      $$ select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
                         nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
    create or replace function auth.uid() returns uuid language sql stable as
      $$ select nullif(coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                                nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'), '')::uuid $$;
    create or replace function auth.role() returns text language sql stable as
      $$ select nullif(coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
                                nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'), '') $$;
  )sql",
          database);
}

}  // namespace bailey::test
