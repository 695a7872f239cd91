// An ApiRequest and a schema become one statement: a CTE pgrst_source that reads or writes, and an outer select that
// makes one row of it, counts and body.
//
// A mutation that may turn out to have touched too many rows checks this in the outer select, by casting a text that is
// no number: the error undoes the implicit transaction, so the check costs no further round trip. `failed_check` reads
// the number back from the error's message.
#include <bailey/query/compile.hpp>

#include "query/compile_parts.hpp"
#include "query/payload.hpp"

#include <algorithm>
#include <charconv>

namespace bailey::query {
namespace {

using detail::Outer;
using detail::SqlWriter;

constexpr std::string_view affected = "pg_catalog.count(pgrst_row)";

std::expected<const RelationInfo*, RestError> relation_of(const ApiRequest& request, const SchemaCache& cache) {
  const std::string& schema = request.schema ? *request.schema : cache.schemas().front();
  if (!cache.exposes(schema)) {
    std::string exposed;
    for (const std::string& name : cache.schemas()) exposed += (exposed.empty() ? "" : ", ") + name;
    return std::unexpected(RestError(406, "PGRST106", "Invalid schema: " + schema, std::nullopt,
                                     "Only the following schemas are exposed: " + exposed));
  }
  if (const RelationInfo* relation = cache.find(schema, request.relation)) return relation;
  std::optional<std::string> hint;
  if (const auto name = cache.similar(schema, request.relation)) {
    hint = "Perhaps you meant the table '" + schema + '.' + *name + "'";
  }
  return std::unexpected(RestError(
      404, "PGRST205", "Could not find the table '" + schema + '.' + request.relation + "' in the schema cache",
      std::nullopt, std::move(hint)));
}

// As the extension safeupdate, which hosted Supabase loads for the REST API: told by the statement alone, so that a
// policy's condition counts for nothing. A payload without columns changes no row and is no UPDATE.
std::optional<RestError> refuse_without_where(const ApiRequest& request,
                                              const std::vector<const ColumnInfo*>& columns) {
  if (!request.where.empty()) return std::nullopt;
  if (request.kind == Kind::delete_) return RestError(400, "21000", "DELETE requires a WHERE clause");
  if (request.kind != Kind::update || columns.empty()) return std::nullopt;
  return RestError(400, "21000", "UPDATE requires a WHERE clause");
}

std::optional<RestError> refuse_bad_casts(const ApiRequest& request) {
  for (const SelectItem& item : request.select) {
    const auto* column = std::get_if<Column>(&item);
    if (column == nullptr || column->cast.empty() || is_castable_name(column->cast)) continue;
    return RestError(400, "42704", "type \"" + column->cast + "\" does not exist");
  }
  return std::nullopt;
}

std::expected<std::vector<const ColumnInfo*>, RestError> find_columns(const RelationInfo& relation,
                                                                      const std::vector<std::string>& names) {
  std::vector<const ColumnInfo*> columns;
  for (const std::string& name : names) {
    const ColumnInfo* column = relation.column(name);
    if (column == nullptr) {
      return std::unexpected(RestError(
          400, "PGRST204", "Could not find the '" + name + "' column of '" + relation.name + "' in the schema cache"));
    }
    columns.push_back(column);
  }
  return columns;
}

void write_count_query(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation,
                       std::optional<std::int64_t> limit = {}) {
  out << "SELECT 1 FROM ";
  out.qualified(relation.schema, relation.name);
  detail::write_where(out, relation, request.where);
  if (limit) {
    out << " LIMIT ";
    out.parameter(std::to_string(*limit));
  }
}

Compiled compile_read(const ApiRequest& request, const RelationInfo& relation, const CompileOptions& options) {
  using Count = Preferences::Count;
  SqlWriter out;
  std::optional<std::int64_t> limit = request.limit;
  if (options.max_rows) limit = std::min(limit.value_or(*options.max_rows), *options.max_rows);
  const auto count = request.preferences.count;
  const bool counts = count == Count::exact || count == Count::estimated;
  const bool whole = !limit && !request.offset;

  out << "WITH pgrst_source AS (SELECT ";
  detail::write_select(out, relation, request.select);
  out << " FROM ";
  out.qualified(relation.schema, relation.name);
  detail::write_where(out, relation, request.where);
  detail::write_order(out, relation, request.order);
  if (limit) {
    out << " LIMIT ";
    out.parameter(std::to_string(*limit));
  }
  if (request.offset) {
    out << " OFFSET ";
    out.parameter(std::to_string(*request.offset));
  }
  out << ")";
  if (counts && !whole) {
    out << ", pgrst_count AS (";
    const bool capped = count == Count::estimated && options.max_rows;
    write_count_query(out, request, relation, capped ? std::optional(*options.max_rows + 1) : std::nullopt);
    out << ")";
  }
  const bool csv = request.media.form == Media::Form::csv && !request.head_only;
  if (csv) out << ", pgrst_page AS (SELECT * FROM pgrst_source)";
  out << " SELECT ";
  Outer outer{.body = !request.head_only};
  if (counts) outer.total = whole ? affected : "(SELECT pg_catalog.count(*) FROM pgrst_count)";
  detail::write_outer_columns(out, request.media, outer);
  detail::write_type_check(out, request, relation, {});
  if (outer.body) detail::write_size_check(out, request.media, options);
  out << (csv ? " FROM (SELECT * FROM pgrst_page) pgrst_row" : " FROM (SELECT * FROM pgrst_source) pgrst_row");

  Compiled compiled{.sql = std::move(out.sql()), .parameters = std::move(out.parameters())};
  if (count == Count::planned || count == Count::estimated) {
    SqlWriter explain;
    explain << "EXPLAIN (FORMAT JSON) ";
    write_count_query(explain, request, relation);
    compiled.explain_sql = std::move(explain.sql());
    compiled.explain_parameters = std::move(explain.parameters());
  }
  return compiled;
}

// How many rows the mutation may affect: a check that raises, or the plain count.
std::string page_count(SqlWriter& out, const ApiRequest& request) {
  const auto raise_when = [](const std::string& condition) {
    std::string sql = "CASE WHEN ";
    sql.append(affected).append(condition).append(" THEN ('").append(detail::row_check_token()).append("' || ");
    return sql.append(affected).append(")::bigint ELSE ").append(affected).append(" END");
  };
  if (request.media.form == Media::Form::object) return raise_when(" <> 1");
  const auto& preferences = request.preferences;
  const bool limited = preferences.handling == Preferences::Handling::strict && preferences.max_affected &&
                       (request.kind == Kind::update || request.kind == Kind::delete_);
  if (limited)
    return raise_when(" > $" + std::to_string(out.bind(std::to_string(*preferences.max_affected))) + "::bigint");
  return std::string(affected);
}

Compiled compile_mutation(const ApiRequest& request, const RelationInfo& relation,
                          const std::vector<const ColumnInfo*>& columns, bool payload_is_array,
                          const CompileOptions& options) {
  SqlWriter out;
  const auto returned = request.preferences.return_;
  const bool shows = returned == Preferences::Return::representation;
  const bool locates =
      returned == Preferences::Return::headers_only && request.kind == Kind::insert && !relation.primary_key.empty();
  const bool merges = request.kind == Kind::insert &&
                      request.preferences.resolution == Preferences::Resolution::merge_duplicates &&
                      !(request.on_conflict.empty() && relation.primary_key.empty());
  const bool counts = request.preferences.count == Preferences::Count::exact ||
                      request.preferences.count == Preferences::Count::estimated;
  const bool csv = shows && request.media.form == Media::Form::csv;
  out << "WITH pgrst_source AS (";
  const detail::StarForm form = detail::write_mutation(out, request, relation, columns, payload_is_array);
  out << ")";
  const auto write_page = [&] {
    out << "SELECT ";
    if (shows) {
      detail::write_select(out, relation, request.select, form);
    } else if (locates) {
      std::vector<std::string_view> key;
      for (const ColumnInfo& column : relation.columns) {
        if (std::ranges::find(relation.primary_key, column.name) != relation.primary_key.end())
          key.push_back(column.name);
      }
      detail::separated(out, ", ", key, [&](std::string_view name) {
        out.qualified(relation.name, name) << "::text AS ";
        out.identifier(name);
      });
    } else {
      out << "1";
    }
    out << " FROM pgrst_source AS ";
    out.identifier(relation.name);
    if (shows) detail::write_order(out, relation, request.order);
  };
  if (csv) {
    out << ", pgrst_page AS (";
    write_page();
    out << ")";
  }
  out << " SELECT ";
  const std::string page = page_count(out, request);
  Outer outer{.page = page, .body = shows};
  if (counts) outer.total = affected;
  if (merges) outer.inserted = "coalesce(nullif(pg_catalog.current_setting('pgrst.inserted', true), '')::bigint, 0)";
  if (locates)
    outer.location = "CASE WHEN pg_catalog.count(pgrst_row) = 1 THEN (pg_catalog.json_agg(pgrst_row) -> 0)::text END";
  detail::write_outer_columns(out, request.media, outer);
  detail::write_type_check(out, request, relation, columns);
  if (outer.body) detail::write_size_check(out, request.media, options);
  out << " FROM (";
  if (csv) {
    out << "SELECT * FROM pgrst_page";
  } else {
    write_page();
  }
  out << ") pgrst_row";
  return Compiled{.sql = std::move(out.sql()), .parameters = std::move(out.parameters())};
}

struct PayloadColumns {
  std::vector<std::string> names;
  bool is_array = false;
};

// Which keys of the payload are used, and whether it is an array. With columns= nobody looks into it.
std::expected<PayloadColumns, RestError> columns_of_payload(const ApiRequest& request, std::string& replaced_payload) {
  if (!request.columns.empty()) {
    const auto shape = detail::payload_shape(request.payload);
    if (!shape) return std::unexpected(RestError(400, "PGRST102", "Empty or invalid json"));
    return PayloadColumns{request.columns, *shape == detail::PayloadShape::array};
  }
  auto keys = detail::payload_keys(request.payload);
  if (!keys) return std::unexpected(std::move(keys.error()));
  if (keys->empty) replaced_payload = "[]";
  return PayloadColumns{std::move(keys->keys), keys->shape == detail::PayloadShape::array};
}

}  // namespace

std::expected<Compiled, RestError> compile(const ApiRequest& request, const SchemaCache& schema,
                                           const CompileOptions& options) {
  const bool has_payload = request.kind == Kind::insert || request.kind == Kind::update;
  PayloadColumns payload;
  std::string replaced_payload;
  if (has_payload) {
    auto found = columns_of_payload(request, replaced_payload);
    if (!found) return std::unexpected(std::move(found.error()));
    payload = std::move(*found);
  }
  const auto relation = relation_of(request, schema);
  if (!relation) return std::unexpected(relation.error());
  if (auto problem = refuse_bad_casts(request)) return std::unexpected(std::move(*problem));
  if (request.kind == Kind::read) return compile_read(request, **relation, options);
  const auto columns = find_columns(**relation, payload.names);
  if (!columns) return std::unexpected(columns.error());
  if (options.requires_where) {
    if (auto problem = refuse_without_where(request, *columns)) return std::unexpected(std::move(*problem));
  }
  if (replaced_payload.empty()) return compile_mutation(request, **relation, *columns, payload.is_array, options);
  ApiRequest nothing = request;
  nothing.payload = replaced_payload;
  return compile_mutation(nothing, **relation, *columns, true, options);
}

std::optional<std::int64_t> failed_check(std::string_view message) {
  const std::string_view token = detail::row_check_token();
  const std::size_t found = message.find(token);
  if (found == std::string_view::npos) return std::nullopt;
  std::int64_t rows = 0;
  const char* begin = message.data() + found + token.size();
  const auto [_, problem] = std::from_chars(begin, message.data() + message.size(), rows);
  return problem == std::errc{} ? std::optional(rows) : std::nullopt;
}

bool failed_size_check(std::string_view message) { return message.contains(detail::size_check_token()); }

bool failed_type_check(std::string_view message) { return message.contains(detail::type_check_token()); }

std::string type_check_sql(const ApiRequest& request, const SchemaCache& schema) {
  const auto relation = relation_of(request, schema);
  if (!relation) return {};
  std::vector<const ColumnInfo*> columns;
  for (const ColumnInfo& column : (*relation)->columns) columns.push_back(&column);
  SqlWriter out;
  out << "SELECT 1";
  detail::write_type_check(out, request, **relation, columns);
  return std::move(out.sql());
}

}  // namespace bailey::query
