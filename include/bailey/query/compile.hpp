#pragma once

#include <bailey/pg/statement.hpp>
#include <bailey/query/api_request.hpp>
#include <bailey/query/rest_error.hpp>
#include <bailey/query/schema_cache.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::query {

// One SQL statement. Each value is a parameter ($1 …, in text form, the type left to the server), so all requests that
// differ only in values have the same text. The statement returns one row:
//   0 total_count  the count asked for, or null
//   1 page_count   rows in the body, or rows affected
//   2 body         text in the form of ApiRequest::media; empty when no body is wanted
//   3 response_headers, 4 response_status   what SQL has set as response.headers and response.status, or null
//   5 inserted     upserts: how many rows were new; else null
//   6 location     return=headers-only: JSON object of the new row's primary key; else null
//   types, size    checks, perhaps absent: computing them raises an error when the columns have other types than the
//                  schema says, or when the body is over its limit; ignore their values
struct Compiled {
  std::string sql;
  std::vector<pg::Parameter> parameters;
  std::string explain_sql;  // with count=planned or estimated: EXPLAIN of the count, else empty
  std::vector<pg::Parameter> explain_parameters;
};

struct CompileOptions {
  std::optional<std::int64_t> max_rows{};         // caps the rows of a read
  std::optional<std::size_t> body_limit_bytes{};  // of JSON before nulls are stripped, of CSV without its head
  bool requires_where = true;                     // refuses an update or a delete of all rows, as hosted Supabase does
};

// Makes the statement of a request. Pure; any thread. Errors: PGRST106 (schema), PGRST205 (relation), PGRST204 (column
// of the payload), PGRST102 (payload), 21000 (no filter where `requires_where`). A mutation that must affect one row
// (object form), or at most so many (max-affected), checks it inside the statement: when the check fails the statement
// raises an error that `failed_check` understands, and the transaction is undone.
[[nodiscard]] std::expected<Compiled, RestError> compile(const ApiRequest& request, const SchemaCache& schema,
                                                         const CompileOptions& options = {});

// The number of rows a failed check has found, from the text of the SQL error it raised (SQLSTATE 22P02) in a statement
// that this process compiled. No value of a request makes an error that passes for it.
[[nodiscard]] std::optional<std::int64_t> failed_check(std::string_view message);

// Whether an SQL error (SQLSTATE 22P02) says that the body is over its limit, as above. Nothing of the statement has
// taken effect.
[[nodiscard]] bool failed_size_check(std::string_view message);

// Whether an SQL error (SQLSTATE 22P02) says that the columns have other types than the schema the statement was
// compiled with, as above. Nothing of the statement has taken effect.
[[nodiscard]] bool failed_type_check(std::string_view message);

// A statement that fails with an error of `failed_type_check` when any column of the request's relation has another
// type than the schema says; empty when the schema has no such relation.
[[nodiscard]] std::string type_check_sql(const ApiRequest& request, const SchemaCache& schema);

// Append, or return, "name" with its quotes doubled, cut at the first NUL. Write every identifier into SQL by these.
void append_identifier(std::string& sql, std::string_view name);
[[nodiscard]] std::string quote_identifier(std::string_view name);

// Whether a request's text may be written into SQL as the type of a cast: letters, digits, _, $ and blanks only, not
// SETOF, not `unknown`. PostgreSQL decides whether there is such a type and cast.
[[nodiscard]] bool is_castable_name(std::string_view type);

}  // namespace bailey::query
