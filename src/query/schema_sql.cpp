// The catalogue queries behind SchemaCache. The first must run with an empty search_path, so that the names of types
// and the functions of defaults come out qualified.
#include <bailey/query/schema_cache.hpp>

namespace bailey::query {

std::string_view SchemaCache::loader_sql() {
  return R"sql(
WITH RECURSIVE
domain_chain AS (
  SELECT t.oid, t.typbasetype AS base, t.typdefault FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT d.oid, t.typbasetype, d.typdefault
  FROM domain_chain d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype = 'd'
),
domains AS (
  SELECT d.oid, d.base, d.typdefault
  FROM domain_chain d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype <> 'd'
),
columns AS (
  SELECT a.attrelid, pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', a.attname,
    'type', pg_catalog.format_type(a.atttypid, -1),
    'base_type', pg_catalog.format_type(coalesce(d.base, a.atttypid), -1),
    'nullable', NOT a.attnotnull,
    'default', CASE
      WHEN a.attidentity = 'd' THEN pg_catalog.format('pg_catalog.nextval(%L::pg_catalog.regclass)',
        pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname))
      WHEN a.attidentity = 'a' OR a.attgenerated <> '' THEN NULL
      ELSE coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid), d.typdefault) END,
    'enum_labels', (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
                    FROM pg_catalog.pg_enum e WHERE e.enumtypid = coalesce(d.base, a.atttypid)),
    'comment', pg_catalog.col_description(a.attrelid, a.attnum)
  ) ORDER BY a.attnum) AS list
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN domains d ON d.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  WHERE n.nspname = ANY ($1::pg_catalog.text[]) AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  GROUP BY a.attrelid
),
primary_keys AS (
  SELECT i.indrelid, pg_catalog.json_agg(a.attname ORDER BY a.attname) AS list
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indisprimary
  GROUP BY i.indrelid
)
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'schema', n.nspname,
  'name', c.relname,
  'kind', c.relkind,
  'updatable', CASE
    WHEN c.relkind IN ('r', 'p') THEN 28
    WHEN c.relkind IN ('v', 'f') THEN pg_catalog.pg_relation_is_updatable(c.oid::pg_catalog.regclass, true)
    ELSE 0 END,
  'columns', columns.list,
  'primary_key', primary_keys.list,
  'comment', pg_catalog.obj_description(c.oid, 'pg_class')
)), '[]')::pg_catalog.text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN columns ON columns.attrelid = c.oid
LEFT JOIN primary_keys ON primary_keys.indrelid = c.oid
WHERE n.nspname = ANY ($1::pg_catalog.text[]) AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
)sql";
}

std::string_view SchemaCache::roles_sql() {
  return R"sql(
WITH RECURSIVE
candidates AS (
  SELECT r.oid, r.rolname, r.rolbypassrls FROM pg_catalog.pg_roles r
  WHERE NOT r.rolsuper AND r.rolname NOT IN ('postgres', 'supabase_admin') AND r.rolname !~ '^pg_'
),
settings AS (
  SELECT r.rolname, pg_catalog.split_part(setting, '=', 2) AS value
  FROM pg_catalog.pg_roles r, pg_catalog.unnest(r.rolconfig) AS setting
  WHERE setting LIKE 'statement_timeout=%'
),
timeouts AS (
  SELECT rolname, CASE
    WHEN value ~ '^[0-9.]+$' THEN value::pg_catalog.numeric
    WHEN value ~ '^[0-9.]+ *(us|ms|s|min|h|d)$' THEN 1000 * extract(epoch FROM value::pg_catalog.interval)
  END::pg_catalog.int8 AS value
  FROM settings
),
granted AS (
  SELECT c.oid, c.rolname, c.rolbypassrls, true AS directly
  FROM pg_catalog.pg_auth_members m JOIN candidates c ON c.oid = m.roleid
  WHERE m.member = (SELECT u.oid FROM pg_catalog.pg_roles u WHERE u.rolname = session_user)
  UNION
  SELECT c.oid, c.rolname, c.rolbypassrls, false
  FROM granted JOIN pg_catalog.pg_auth_members m ON m.member = granted.oid JOIN candidates c ON c.oid = m.roleid
)
SELECT DISTINCT granted.rolname::pg_catalog.text, coalesce(
  (SELECT t.value FROM timeouts t WHERE t.rolname = granted.rolname),
  (SELECT t.value FROM timeouts t WHERE t.rolname = session_user), 0)
FROM granted WHERE directly OR NOT rolbypassrls
)sql";
}

}  // namespace bailey::query
