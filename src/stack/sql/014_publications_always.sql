-- CREATE PUBLICATION … FOR ALL TABLES, which Supabase lets `postgres` make and PostgreSQL keeps to superusers. A publication
-- says what may be sent; only who may replicate is sent it, which is the superuser here (every_start.sql).

-- Makes a publication of no table, which `postgres` may make itself, one of all tables.
create or replace function _bailey.publish_all_tables(publication text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  published pg_publication := (select p from pg_publication p where pubname = publication);
begin
  perform _bailey.require_session_of_project();
  if published.oid is null or not pg_has_role('postgres', published.pubowner, 'usage') then
    raise insufficient_privilege using message = format('must be owner of publication %s', publication);
  elsif exists (select from pg_publication_rel where prpubid = published.oid)
        or exists (select from pg_publication_namespace where pnpubid = published.oid) then
    raise object_not_in_prerequisite_state using message = format('publication %s has tables of its own', publication);
  end if;
  update pg_publication set puballtables = true where oid = published.oid;
  -- Whoever has a table open learns of it by a command only.
  execute format('alter publication %I set (publish_via_partition_root = %s)', publication, published.pubviaroot::text);
end
$$;
revoke all on function _bailey.publish_all_tables from public;
grant execute on function _bailey.publish_all_tables to postgres;
