#pragma once

#include <bailey/query/executor.hpp>

#include <optional>
#include <string>

namespace bailey::query::detail {

// The one row a compiled statement yields.
struct Result {
  std::optional<std::int64_t> total;
  std::int64_t page = 0;
  std::string body;
  std::optional<std::string> response_headers;
  std::optional<std::string> response_status;
  std::optional<std::int64_t> inserted;
  std::optional<std::string> location;  // JSON object of the primary key
};

// What the answer's headers depend on besides the query.
struct AnswerContext {
  std::string schema;  // the request's
  bool several_schemas = false;
  bool has_conflict_target = false;  // on_conflict was given, or the relation has a primary key
  bool transaction_override = false;
};

// PostgREST's status, headers and body for a statement that went well. May still be an error: one row was asked for, an
// offset lies behind the end, SQL has set a response.status that is none.
[[nodiscard]] ApiResponse answer(const ApiRequest& request, const AnswerContext& context, Result result);

// The answer to a failed statement: a check compile has put into it, a RAISE with SQLSTATE PGRST, or any other error.
[[nodiscard]] ApiResponse answer_to_error(const ApiRequest& request, const pg::SqlError& error, bool authenticated,
                                          std::size_t response_limit_bytes);

// What becomes of an error of pg that is not the server's. None of its text reaches the caller, but of an answer that
// is too large, which is the caller's to mend.
[[nodiscard]] RestError unavailable(const Error& error);

}  // namespace bailey::query::detail
