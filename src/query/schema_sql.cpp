// The catalogue queries behind SchemaCache. The first must run with an empty search_path, so that the names of types
// and the functions of defaults come out qualified.
//
// Whatever the grants, and whatever odd object somebody has made, the rest must load. So these read catalogs, which
// everybody may, and call nothing that looks a name up, opens a relation or loads a library: pg_get_serial_sequence
// and casts to regclass want USAGE on a schema, pg_relation_is_updatable fails for a foreign table whose wrapper has no
// handler. What only such a function knows is asked when a request wants it.
#include <bailey/query/schema_cache.hpp>

namespace bailey::query {

std::string_view SchemaCache::loader_sql() {
  return R"sql(
WITH RECURSIVE
domain_chain AS (
  SELECT t.oid, t.typbasetype AS base, t.typdefaultbin AS preset FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT d.oid, t.typbasetype, d.preset
  FROM domain_chain d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype = 'd'
),
domains AS (
  SELECT d.oid, d.base, d.preset
  FROM domain_chain d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype <> 'd'
),
columns AS (
  SELECT a.attrelid, pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', a.attname,
    'type_id', a.atttypid::pg_catalog.int8,
    'type', pg_catalog.format_type(a.atttypid, -1),
    'base_type', pg_catalog.format_type(coalesce(d.base, a.atttypid), -1),
    'nullable', NOT a.attnotnull,
    'default', CASE
      WHEN a.attidentity = 'd' THEN (
        SELECT pg_catalog.format('pg_catalog.nextval(%L::pg_catalog.regclass)',
                                 pg_catalog.format('%I.%I', sn.nspname, s.relname))
        FROM pg_catalog.pg_depend p
        JOIN pg_catalog.pg_class s ON s.oid = p.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
        WHERE p.classid = c.tableoid AND p.refclassid = c.tableoid AND p.deptype = 'i'
          AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum)
      WHEN a.attidentity = 'a' OR a.attgenerated <> '' THEN NULL
      ELSE coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid), pg_catalog.pg_get_expr(d.preset, 0)) END,
    'enum_labels', (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
                    FROM pg_catalog.pg_enum e WHERE e.enumtypid = coalesce(d.base, a.atttypid)),
    'comment', t.description
  ) ORDER BY a.attnum) AS list
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN domains d ON d.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_description t
         ON t.classoid = c.tableoid AND t.objoid = a.attrelid AND t.objsubid = a.attnum
  WHERE n.nspname = ANY ($1::pg_catalog.text[]) AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  GROUP BY a.attrelid
),
primary_keys AS (
  SELECT i.indrelid, pg_catalog.json_agg(a.attname ORDER BY a.attname) AS list
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::pg_catalog.int2[])[0:i.indnkeyatts - 1])
  WHERE i.indisprimary
  GROUP BY i.indrelid
)
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'schema', n.nspname,
  'name', c.relname,
  'kind', c.relkind,
  'columns', columns.list,
  'primary_key', primary_keys.list,
  'comment', t.description
)), '[]')::pg_catalog.text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN columns ON columns.attrelid = c.oid
LEFT JOIN primary_keys ON primary_keys.indrelid = c.oid
LEFT JOIN pg_catalog.pg_description t ON t.classoid = c.tableoid AND t.objoid = c.oid AND t.objsubid = 0
WHERE n.nspname = ANY ($1::pg_catalog.text[]) AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
)sql";
}

// Settings are read as they would count: the role's own (SET ROLE does not apply them, PostgREST does), then those the
// connection's user has from its login, nearest first. Their values are texts that nobody need have checked, so they
// are matched and not cast.
std::string_view SchemaCache::roles_sql() {
  return R"sql(
WITH RECURSIVE
candidates AS (
  SELECT r.oid, r.rolname, r.rolbypassrls FROM pg_catalog.pg_roles r
  WHERE NOT r.rolsuper AND r.rolname NOT IN ('postgres', 'supabase_admin') AND r.rolname !~ '^pg_'
),
me AS (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user),
granted AS (
  SELECT c.oid, c.rolname, c.rolbypassrls, true AS directly
  FROM pg_catalog.pg_auth_members m JOIN candidates c ON c.oid = m.roleid
  WHERE m.member = (SELECT me.oid FROM me)
  UNION
  SELECT c.oid, c.rolname, c.rolbypassrls, false
  FROM granted JOIN pg_catalog.pg_auth_members m ON m.member = granted.oid JOIN candidates c ON c.oid = m.roleid
),
admitted AS (
  SELECT DISTINCT granted.oid, granted.rolname FROM granted WHERE directly OR NOT rolbypassrls
),
settings AS (
  SELECT DISTINCT ON (a.oid, name) a.oid, pg_catalog.split_part(setting, '=', 1) AS name,
    pg_catalog.btrim(pg_catalog.split_part(setting, '=', 2)) AS value
  FROM admitted a CROSS JOIN me
  JOIN pg_catalog.pg_db_role_setting s ON s.setrole IN (a.oid, me.oid, 0)
  CROSS JOIN pg_catalog.unnest(s.setconfig) AS setting
  WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d
                              WHERE d.datname = pg_catalog.current_database()))
  ORDER BY a.oid, name, s.setrole = a.oid DESC, s.setrole = me.oid DESC, s.setdatabase <> 0 DESC
),
timeouts AS (
  SELECT s.oid, least(2147483647, pg_catalog.round(
    pg_catalog.substring(s.value, '^([0-9]+[.]?[0-9]*|[.][0-9]+)')::pg_catalog.numeric *
    CASE pg_catalog.substring(s.value, '^[0-9.]+ *([a-z]*)$')
      WHEN 'us' THEN 0.001 WHEN 'ms' THEN 1 WHEN '' THEN 1 WHEN 's' THEN 1000 WHEN 'min' THEN 60000
      WHEN 'h' THEN 3600000 WHEN 'd' THEN 86400000 END))::pg_catalog.int8 AS value
  FROM settings s WHERE s.name = 'statement_timeout'
)
SELECT a.rolname::pg_catalog.text,
  coalesce((SELECT t.value FROM timeouts t WHERE t.oid = a.oid), 0),
  NOT EXISTS (SELECT FROM settings s WHERE s.oid = a.oid AND s.name = 'safeupdate.enabled'
              AND pg_catalog.lower(s.value) ~ '^(0|n|no|of|off|f|fa|fal|fals|false)$')
FROM admitted a
)sql";
}

}  // namespace bailey::query
