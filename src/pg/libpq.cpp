#include "pg/libpq.hpp"

#include <string_view>

namespace bailey::pg::detail {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? std::string(text) : std::string();
}

}  // namespace

Arrival arrival_of(const PGresult* result) noexcept {
  if (result == nullptr) return Arrival::end;
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return Arrival::success;
    case PGRES_FATAL_ERROR: return Arrival::failure;
    case PGRES_PIPELINE_ABORTED: return Arrival::skipped;
    case PGRES_PIPELINE_SYNC: return Arrival::sync;
    default: return Arrival::unexpected;  // COPY, single rows: never asked for
  }
}

std::size_t row_bytes(const PGresult* result) noexcept {
  constexpr std::size_t of_message = 7;
  constexpr std::size_t of_value = 4;
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  std::size_t sum = static_cast<std::size_t>(rows) * (of_message + static_cast<std::size_t>(columns) * of_value);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) sum += static_cast<std::size_t>(PQgetlength(result, row, column));
  return sum;
}

SqlErrorFields error_fields(const PGresult* result) {
  SqlErrorFields fields;
  fields.sqlstate = field(result, PG_DIAG_SQLSTATE);
  fields.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  fields.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  fields.hint = field(result, PG_DIAG_MESSAGE_HINT);
  fields.schema = field(result, PG_DIAG_SCHEMA_NAME);
  fields.table = field(result, PG_DIAG_TABLE_NAME);
  fields.column = field(result, PG_DIAG_COLUMN_NAME);
  fields.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  fields.data_type = field(result, PG_DIAG_DATATYPE_NAME);
  fields.context = field(result, PG_DIAG_CONTEXT);
  fields.position = field(result, PG_DIAG_STATEMENT_POSITION);
  fields.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (fields.sqlstate.empty()) {  // libpq's own complaint
    fields.sqlstate = "XX000";
    fields.message = "the database answered in an unexpected way";
  }
  return fields;
}

bool is_stale_plan(const PGresult* result) noexcept {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* source = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
  return state != nullptr && source != nullptr && std::string_view(state) == "0A000" &&
         std::string_view(source) == "RevalidateCachedQuery";
}

}  // namespace bailey::pg::detail
