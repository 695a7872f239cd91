#pragma once

#include "query/sql_writer.hpp"

#include <bailey/query/api_request.hpp>
#include <bailey/query/compile.hpp>
#include <bailey/query/schema_cache.hpp>

#include <string_view>
#include <vector>

namespace bailey::query::detail {

// The parts reads and mutations share. Columns are written as "relation"."column", so the relation must be in FROM
// under its own name.

void write_field(SqlWriter& out, const RelationInfo& relation, const Field& field);

// How "all columns" is written: as a star, or one by one where the source has more columns than the relation.
enum class StarForm { star, names };

// The select list; all columns when it is empty.
void write_select(SqlWriter& out, const RelationInfo& relation, const std::vector<SelectItem>& items,
                  StarForm form = StarForm::star);

// " WHERE …", or nothing.
void write_where(SqlWriter& out, const RelationInfo& relation, const std::vector<Filter>& filters);
void write_filter(SqlWriter& out, const RelationInfo& relation, const Filter& filter);

// " ORDER BY …", or nothing.
void write_order(SqlWriter& out, const RelationInfo& relation, const std::vector<OrderTerm>& terms);

// The outer select over the CTE pgrst_source: the columns that Compiled names.
struct Outer {
  std::string_view total = "NULL::bigint";
  std::string_view page = "pg_catalog.count(pgrst_row)";
  std::string_view inserted = "NULL::bigint";
  std::string_view location = "NULL::text";
  bool body = true;
};
void write_outer_columns(SqlWriter& out, const Media& media, const Outer& outer);

// What the checks within a statement raise, as the text that PostgreSQL cannot read as a number. A word in it is chosen
// at random by each process: an error that names a value of the request, or what a trigger says of one, has it not.
[[nodiscard]] std::string_view type_check_token();  // the columns have other types
[[nodiscard]] std::string_view size_check_token();  // the body is over its limit
[[nodiscard]] std::string_view row_check_token();   // then comes the number of rows affected

// One more column of the outer select, which raises an error that `failed_size_check` understands when the body is over
// its limit, before any of it is sent. What it measures is the body's own aggregate, which PostgreSQL makes once.
void write_size_check(SqlWriter& out, const Media& media, const CompileOptions& options);

// One more column of the outer select, which raises an error that `failed_type_check` understands when a column whose
// type the statement depends on has another type than the schema says: those that parameters are compared with, whose
// type PostgreSQL has inferred for good when it prepared, and those of the payload, whose types stand in the text. The
// check names the types, so a statement for other types has another text, and is prepared anew. Writes nothing when no
// column has to be checked.
void write_type_check(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation,
                      const std::vector<const ColumnInfo*>& payload_columns);

// The statement itself, and in which form "all columns" must be read from its RETURNING.
[[nodiscard]] StarForm write_mutation(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation,
                                      const std::vector<const ColumnInfo*>& columns, bool payload_is_array);

}  // namespace bailey::query::detail
