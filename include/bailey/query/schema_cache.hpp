#pragma once

#include <bailey/base/error.hpp>
#include <bailey/pg/statement.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::query {

// What the schema cache knows of the database: enough to compile mutations, to check names and to suggest similar ones,
// and the roles that requests may act as. A SchemaCache never changes once it is made; threads share one.
struct ColumnInfo {
  std::string name;
  pg::TypeId type_id = 0;  // pg_type.oid: when it is another, the column has got another type
  std::string type;        // as SQL writes it, schema-qualified where needed: `character varying(20)`, `mood[]`
  std::string base_type;   // of a domain, the type below it; else the same without modifiers
  bool nullable = true;
  std::optional<std::string> default_expression;  // SQL text
  std::vector<std::string> enum_labels;
  std::string comment;
  bool operator==(const ColumnInfo&) const = default;
};

struct RelationInfo {
  enum class Kind { table, view, materialized_view, foreign_table, partitioned_table };
  std::string schema;
  std::string name;
  Kind kind = Kind::table;
  std::vector<ColumnInfo> columns;       // in the order of the table
  std::vector<std::string> primary_key;  // sorted by name; of a table only in this version
  std::string comment;

  [[nodiscard]] const ColumnInfo* column(std::string_view column_name) const;
  bool operator==(const RelationInfo&) const = default;
};

// A role that a request may act as.
struct RoleInfo {
  std::chrono::milliseconds statement_timeout{0};  // 0: no limit
  bool requires_where = true;                      // refuses UPDATE and DELETE without a filter
  bool operator==(const RoleInfo&) const = default;
};

class SchemaCache {
 public:
  using Roles = std::map<std::string, RoleInfo, std::less<>>;

  // `schemas` are the exposed ones, the first the default; at least one.
  SchemaCache(std::vector<std::string> schemas, std::vector<RelationInfo> relations, Roles roles = {});

  // The query that yields what `from_json` reads: one row, one column of JSON text. Its one parameter is the array
  // literal of the exposed schemas that `schemas_parameter` makes. Needs no grant: it describes what the connection's
  // user may not touch as well, and PostgreSQL refuses (42501) when a request does.
  [[nodiscard]] static std::string_view loader_sql();
  [[nodiscard]] static std::string schemas_parameter(const std::vector<std::string>& schemas);
  [[nodiscard]] static Expected<SchemaCache> from_json(std::vector<std::string> schemas, std::string_view text,
                                                       Roles roles = {});

  // The query that yields those roles, one a row: its name, its time in milliseconds, whether it requires a WHERE. Both
  // come of the settings statement_timeout and safeupdate.enabled, as ALTER ROLE or ALTER DATABASE has made them for
  // the role, else for the connection's user or the database. The roles are those that the connection's user is a
  // member of, directly or through other roles. Left out are superusers, `postgres`, `supabase_admin` and predefined
  // roles, and what is reached only through one of these; and a role that bypasses row-level security, unless it was
  // granted to that user directly.
  [[nodiscard]] static std::string_view roles_sql();

  [[nodiscard]] const std::vector<std::string>& schemas() const noexcept { return schemas_; }
  [[nodiscard]] bool exposes(std::string_view schema) const;
  // Null for a role no request may act as.
  [[nodiscard]] const RoleInfo* role(std::string_view name) const;
  [[nodiscard]] const RelationInfo* find(std::string_view schema, std::string_view relation) const;

  // The name most like `relation` in that schema, if one is alike enough (similarity of 0.75; none in schemas of 500
  // relations and more).
  [[nodiscard]] std::optional<std::string> similar(std::string_view schema, std::string_view relation) const;

 private:
  std::vector<std::string> schemas_;
  Roles roles_;
  std::map<std::string, std::map<std::string, RelationInfo, std::less<>>, std::less<>> relations_;
};

}  // namespace bailey::query
