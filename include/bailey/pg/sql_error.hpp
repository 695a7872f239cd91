#pragma once

#include <bailey/base/error.hpp>

#include <string>
#include <string_view>

namespace bailey::pg {

// The fields of a PostgreSQL error report (protocol: ErrorResponse). Empty when the server did not send one.
struct SqlErrorFields {
  std::string sqlstate, message, detail, hint, schema, table, column, constraint, data_type, context, position,
      severity;
};

// The server refused a statement. `code()` is the SQLSTATE, `message()` the server's primary message, `http_status()`
// what PostgREST answers for the code (42501 counts as authenticated: 403). A lost connection is no SqlError.
//
// Message, detail and hint may name tables and show values of the failing row, as PostgREST shows them to its clients.
// `context` holds internal text: for the log.
//
// Left unhandled in a handler it is answered with its status when the request can be the cause (`is_of_request`), 504
// when the statement's time was up, else 500. What is not the request's is logged, and so is a right that is missing
// (42501) where no policy says so: a GRANT may have been forgotten.
class SqlError : public Error {
 public:
  explicit SqlError(SqlErrorFields fields);

  [[nodiscard]] const std::string& sqlstate() const noexcept { return code(); }
  [[nodiscard]] const std::string& detail() const noexcept { return fields_.detail; }
  [[nodiscard]] const std::string& hint() const noexcept { return fields_.hint; }
  [[nodiscard]] const std::string& schema() const noexcept { return fields_.schema; }
  [[nodiscard]] const std::string& table() const noexcept { return fields_.table; }
  [[nodiscard]] const std::string& column() const noexcept { return fields_.column; }
  [[nodiscard]] const std::string& constraint() const noexcept { return fields_.constraint; }
  [[nodiscard]] const SqlErrorFields& fields() const noexcept { return fields_; }

 private:
  SqlErrorFields fields_;
};

// PostgREST's HTTP status for an SQLSTATE and message, for a caller who is signed in.
[[nodiscard]] int http_status_of(std::string_view sqlstate, std::string_view message) noexcept;

// Whether a client can cause this error by what it sends: by a policy, a constraint, a value that its type does not
// allow, or an error that a function of the database raises. The others are mistakes of the program, whatever PostgREST
// answers: an unknown name, a type that does not fit, a right that the connection lacks.
[[nodiscard]] bool is_of_request(std::string_view sqlstate, std::string_view message) noexcept;

// How an error is answered by a program that has written the statement itself. `http_status` is PostgREST's.
[[nodiscard]] Error::Answer answer_to(std::string_view sqlstate, std::string_view message, int http_status) noexcept;

}  // namespace bailey::pg
