-- What migrations and seeds need of the superuser, and of Bailey's own records. Role `postgres` has it, whose password is
-- known to everybody who can connect.

-- The extensions that a Supabase project may make and PostgreSQL keeps to superusers (`is_made_by_superuser` names them
-- too). Their scripts hold nothing but declarations of trigger functions: they run nothing of what the schema may hold,
-- and reach nothing outside of the database. On the migration's own connection it sees the schemas the migration has made.
create or replace function _bailey.create_extension(extension text, schema text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if extension not in ('autoinc', 'insert_username', 'moddatetime', 'refint')
     or not has_schema_privilege(session_user, schema, 'create') then
    raise insufficient_privilege using message = format('permission denied to create extension "%s"', extension);
  end if;
  execute format('create extension if not exists %I with schema %I', extension, schema);
end
$$;
revoke all on function _bailey.create_extension from public;
grant usage on schema _bailey to postgres;
grant execute on function _bailey.create_extension to postgres;

-- A seed is recorded in its own transaction.
grant insert, select on _bailey.state to postgres;
