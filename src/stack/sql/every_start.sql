-- What holds of every database at every start, whatever it was made by and whatever has been done to it since: no login
-- whose password is known reaches a file or a program of the machine. On Supabase a container is between them, here
-- nothing is.

-- REPLICATION is a way to both: a slot loads the output plugin it names, from any path, and the walsender hands out the
-- whole data folder. Only the superuser has it, whose password is the project's own. Slots of a time when others had it
-- go: they name what to load.
do $$
declare
  stray record;
begin
  if not exists (select from pg_catalog.pg_authid where rolreplication and not rolsuper) then
    return;
  end if;
  for stray in select rolname from pg_catalog.pg_authid where rolreplication and not rolsuper loop
    execute pg_catalog.format('alter role %I noreplication', stray.rolname);
  end loop;
  perform pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_replication;
  perform pg_catalog.pg_terminate_backend(active_pid, 5000) from pg_catalog.pg_replication_slots where active;
  for stray in select slot_name from pg_catalog.pg_replication_slots where not active loop
    perform pg_catalog.pg_drop_replication_slot(stray.slot_name);
  end loop;
end
$$;

-- PostgreSQL 15 lets a role with CREATEROLE give itself the predefined roles that read, write and run files. Only a
-- superuser gives away a superuser's role, so these are such, without a login; PostgreSQL 16 asks for the admin option
-- instead, which nobody has.
update pg_catalog.pg_authid set rolsuper = true
where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
  and not rolsuper and pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 160000;
delete from pg_catalog.pg_auth_members
where roleid in (select oid from pg_catalog.pg_authid
                 where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',
                                   'supabase_admin'));

-- No other role is a superuser, whoever made it one.
do $$
declare
  stray record;
begin
  for stray in select rolname from pg_catalog.pg_authid
               where rolsuper and rolname not in ('supabase_admin', 'pg_execute_server_program', 'pg_read_server_files',
                                                  'pg_write_server_files') loop
    execute pg_catalog.format('alter role %I nosuperuser', stray.rolname);
  end loop;
end
$$;

-- Nor does anybody have code of their own run with the superuser's rights by its tables. A foreign key to one is checked as its
-- owner, and so is what casts the value that is looked for, which may be a function of a project's; a trigger on one runs when
-- the superuser writes to it. What the superuser makes in `public` would have both by default (002_schemas.sql).
do $$
declare
  others text := 'public' || (select pg_catalog.string_agg(pg_catalog.format(', %I', rolname), '')
                              from pg_catalog.pg_roles where not rolsuper);
  entry record;
begin
  for entry in
    select c.oid::pg_catalog.regclass as relation
    from pg_catalog.pg_class c join pg_catalog.pg_roles r on r.oid = c.relowner and r.rolsuper
    where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
  loop
    execute pg_catalog.format('revoke trigger, references on %s from %s cascade', entry.relation, others);
    -- What somebody has given on for a single column stays. PostgreSQL takes that from who gave it, and from nobody else.
    update pg_catalog.pg_attribute set attacl = null
    where attrelid = entry.relation and attacl is not null
      and exists (select from pg_catalog.aclexplode(attacl) where privilege_type = 'REFERENCES');
    delete from pg_catalog.pg_shdepend d using pg_catalog.pg_attribute a
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = entry.relation and d.objsubid = a.attnum
      and d.deptype = 'a' and a.attrelid = entry.relation and a.attacl is null
      and d.dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database());
  end loop;
  for entry in
    select k.conrelid::pg_catalog.regclass as relation, k.conname
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class referring on referring.oid = k.conrelid
    join pg_catalog.pg_roles r on r.oid = referring.relowner and not r.rolsuper
    join pg_catalog.pg_class referred on referred.oid = k.confrelid
    join pg_catalog.pg_roles s on s.oid = referred.relowner and s.rolsuper
    where k.contype = 'f' and k.conparentid = 0
  loop
    execute pg_catalog.format('alter table %s drop constraint %I', entry.relation, entry.conname);
  end loop;
  -- By whatever name the schema goes, and whether there is one.
  for entry in
    select distinct r.rolname, n.nspname
    from pg_catalog.pg_default_acl d
    join pg_catalog.pg_roles r on r.oid = d.defaclrole and r.rolsuper
    left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
    where d.defaclobjtype = 'r'
  loop
    execute pg_catalog.format('alter default privileges for role %I ', entry.rolname)
      || coalesce('in schema ' || pg_catalog.quote_ident(entry.nspname) || ' ', '')
      || 'revoke trigger, references on tables from ' || others;
  end loop;
end
$$;
