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
