// INSERT, UPDATE and DELETE, each the CTE pgrst_source whose RETURNING feeds the answer.
//
// The payload is one JSON parameter, spread into rows by json_to_recordset with the column types of the schema cache,
// so the text of the statement depends on the columns only. To tell inserted from updated rows of an upsert, a setting
// local to the transaction counts candidates up in the INSERT and down in the DO UPDATE.
#include "query/compile_parts.hpp"

#include <algorithm>
#include <set>

namespace bailey::query::detail {
namespace {

using Columns = std::vector<const ColumnInfo*>;

constexpr std::string_view counter = "coalesce(nullif(pg_catalog.current_setting('pgrst.inserted', true), '')::int, 0)";

// The names RETURNING must yield: what the answer shows or sorts by, and the primary key for Location.
std::set<std::string_view> returned_names(const ApiRequest& request, const RelationInfo& relation, bool& all) {
  std::set<std::string_view> names;
  all = false;
  if (request.preferences.return_ == Preferences::Return::representation) {
    all = request.select.empty();
    for (const SelectItem& item : request.select) {
      if (const auto* column = std::get_if<Column>(&item)) {
        names.insert(column->field.name);
      } else {
        all = true;
      }
    }
    for (const OrderTerm& term : request.order) names.insert(term.field.name);
  }
  if (request.preferences.return_) names.insert(relation.primary_key.begin(), relation.primary_key.end());
  return names;
}

StarForm write_returned(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation) {
  if (!request.preferences.return_ || request.preferences.return_ == Preferences::Return::minimal) {
    out << "1";
    return StarForm::star;
  }
  bool all = false;
  std::set<std::string_view> names = returned_names(request, relation, all);
  if (all) {
    out.identifier(relation.name) << ".*";
    // Computed fields are no part of "*".
    std::erase_if(names, [&](std::string_view name) { return relation.column(name) != nullptr; });
    if (!names.empty()) out << ", ";
  } else if (names.empty()) {
    out << "1";
  }
  separated(out, ", ", names, [&](std::string_view name) { out.qualified(relation.name, name); });
  return all && !names.empty() ? StarForm::names : StarForm::star;
}

void write_names(SqlWriter& out, const Columns& columns, std::string_view prefix = {}) {
  separated(out, ", ", columns, [&](const ColumnInfo* column) {
    out << prefix;
    out.identifier(column->name);
  });
}

void write_record_type(SqlWriter& out, const Columns& columns) {
  separated(out, ", ", columns, [&](const ColumnInfo* column) { out.identifier(column->name) << " " << column->type; });
}

// FROM items: the payload's rows as pgrst_body, at most one of them for an update.
void write_body(SqlWriter& out, const ApiRequest& request, const Columns& columns, bool is_array) {
  const bool with_defaults =
      request.preferences.missing == Preferences::Missing::default_ &&
      std::ranges::any_of(columns, [](auto* column) { return column->default_expression.has_value(); });
  const std::string_view json = with_defaults ? "jsonb" : "json";
  out << "(SELECT ";
  out.parameter(request.payload);
  out << "::" << json << " AS data) pgrst_payload, ";
  if (with_defaults) {
    out << "LATERAL (SELECT pg_catalog.jsonb_build_object(";
    bool first = true;
    for (const ColumnInfo* column : columns) {
      if (!column->default_expression) continue;
      if (!first) out << ", ";
      first = false;
      out.parameter(column->name);
      out << "::text, " << *column->default_expression;
    }
    out << ") || element AS data FROM pg_catalog.jsonb_array_elements("
        << (is_array ? "pgrst_payload.data" : "pg_catalog.jsonb_build_array(pgrst_payload.data)")
        << ") element) pgrst_row, LATERAL (SELECT ";
    write_names(out, columns);
    out << " FROM pg_catalog.jsonb_to_record(pgrst_row.data) AS _(";
  } else {
    out << "LATERAL (SELECT ";
    write_names(out, columns);
    out << " FROM pg_catalog." << json << (is_array ? "_to_recordset" : "_to_record") << "(pgrst_payload.data) AS _(";
  }
  write_record_type(out, columns);
  out << ")" << (request.kind == Kind::update ? " LIMIT 1" : "") << ") pgrst_body";
}

const std::vector<std::string>& conflict_target(const ApiRequest& request, const RelationInfo& relation) {
  return request.on_conflict.empty() ? relation.primary_key : request.on_conflict;
}

void write_conflict(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation, const Columns& columns) {
  const bool merges = request.preferences.resolution == Preferences::Resolution::merge_duplicates && !columns.empty();
  out << " ON CONFLICT (";
  separated(out, ", ", conflict_target(request, relation), [&](const std::string& name) { out.identifier(name); });
  out << ") DO ";
  if (!merges) {
    out << "NOTHING";
    return;
  }
  out << "UPDATE SET ";
  separated(out, ", ", columns, [&](const ColumnInfo* column) {
    out.identifier(column->name) << " = EXCLUDED.";
    out.identifier(column->name);
  });
  out << " WHERE pg_catalog.set_config('pgrst.inserted', (" << counter << " - 1)::text, true) <> '-1'";
}

StarForm write_insert(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation, const Columns& columns,
                      bool is_array) {
  const bool upsert = request.preferences.resolution && !conflict_target(request, relation).empty();
  out << "INSERT INTO ";
  out.qualified(relation.schema, relation.name);
  if (columns.empty()) {
    // One row of defaults for each object: a select without columns.
    out << " SELECT FROM pg_catalog.json_array_elements(";
    if (!is_array) out << "pg_catalog.json_build_array(";
    out.parameter(request.payload);
    out << "::json" << (is_array ? ")" : "))") << " pgrst_body";
  } else {
    out << "(";
    write_names(out, columns);
    out << ") SELECT ";
    write_names(out, columns, "pgrst_body.");
    out << " FROM ";
    write_body(out, request, columns, is_array);
  }
  if (upsert && request.preferences.resolution == Preferences::Resolution::merge_duplicates) {
    out << " WHERE pg_catalog.set_config('pgrst.inserted', (" << counter << " + 1)::text, true) <> '0'";
  }
  if (upsert) write_conflict(out, request, relation, columns);
  out << " RETURNING ";
  return write_returned(out, request, relation);
}

StarForm write_update(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation, const Columns& columns,
                      bool is_array) {
  if (columns.empty()) {
    out << "SELECT ";
    const StarForm form = write_returned(out, request, relation);
    out << " FROM ";
    out.qualified(relation.schema, relation.name) << " WHERE false";
    return form;
  }
  out << "UPDATE ";
  out.qualified(relation.schema, relation.name) << " SET ";
  separated(out, ", ", columns, [&](const ColumnInfo* column) {
    out.identifier(column->name) << " = pgrst_body.";
    out.identifier(column->name);
  });
  out << " FROM ";
  write_body(out, request, columns, is_array);
  write_where(out, relation, request.where);
  out << " RETURNING ";
  return write_returned(out, request, relation);
}

}  // namespace

StarForm write_mutation(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation, const Columns& columns,
                        bool payload_is_array) {
  switch (request.kind) {
    case Kind::insert: return write_insert(out, request, relation, columns, payload_is_array);
    case Kind::update: return write_update(out, request, relation, columns, payload_is_array);
    case Kind::delete_:
      out << "DELETE FROM ";
      out.qualified(relation.schema, relation.name);
      write_where(out, relation, request.where);
      out << " RETURNING ";
      return write_returned(out, request, relation);
    case Kind::read: break;
  }
  return StarForm::star;
}

}  // namespace bailey::query::detail
