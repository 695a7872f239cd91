-- Before all else at a start that finds a database of Bailey's: the roles that the stack is made of have their names. Who may
-- make roles may rename them, and what others were granted, and own, goes with the role. A project may write to the record, so
-- it decides no more than what `postgres` may do by itself: no superuser's role gets a name by it, and none that is taken.
do $$
declare
  role_renamed record;
begin
  for role_renamed in
    select r.rolname as present, m.name
    from _bailey.roles m join pg_catalog.pg_roles r on r.oid = m.role and not r.rolsuper and r.oid >= 16384
    where m.name in ('anon', 'authenticated', 'authenticator', 'dashboard_user', 'postgres', 'service_role',
                     'supabase_auth_admin')
      and not exists (select from pg_catalog.pg_roles taken where taken.rolname = m.name)
  loop
    execute pg_catalog.format('alter role %I rename to %I', role_renamed.present, role_renamed.name);
  end loop;

  -- It has nothing of its own, so another is as good.
  if not exists (select from pg_catalog.pg_roles where rolname = 'authenticator') then
    create role authenticator login noinherit;
    alter role authenticator set statement_timeout = '8s';
    alter role authenticator set lock_timeout = '8s';
    for role_renamed in
      select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated', 'service_role') and not rolsuper
    loop
      execute pg_catalog.format('grant %I to authenticator', role_renamed.rolname);
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'postgres') then
      grant authenticator to postgres with admin option;
    end if;
  end if;
end
$$;
