-- PostgreSQL 15 lets a role with CREATEROLE, which `postgres` is as on Supabase, give itself the predefined roles that
-- read, write and run files of the machine; and its password is known to everybody who can connect to this port. On
-- Supabase a container is between them and the machine, here nothing is. Only a superuser gives away a superuser's
-- role, so these become such, without a login; PostgreSQL 16 asks for the admin option instead, which `postgres` lacks.
update pg_catalog.pg_authid set rolsuper = true
where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
  and current_setting('server_version_num')::integer < 160000;
