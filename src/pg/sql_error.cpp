#include <bailey/pg/sql_error.hpp>

#include <algorithm>
#include <array>

namespace bailey::pg {
namespace {

constexpr std::string_view insufficient_privilege = "42501";

struct Mapping {
  std::string_view prefix;
  int status;
};

// PostgREST's table: the first prefix that fits decides, hence the exact codes before their classes.
constexpr std::array<Mapping, 34> mappings{{
    {"23503", 409}, {"23505", 409}, {"25006", 405}, {"42883", 404}, {"42P01", 404}, {"42P17", 500}, {"42501", 403},
    {"53400", 500}, {"57P01", 503}, {"P0001", 400}, {"08", 503},    {"09", 500},    {"0L", 403},    {"0P", 403},
    {"25", 500},    {"28", 403},    {"2D", 500},    {"38", 500},    {"39", 500},    {"3B", 500},    {"40", 500},
    {"53", 503},    {"54", 500},    {"55", 500},    {"57", 500},    {"58", 500},    {"F0", 500},    {"HV", 500},
    {"P0", 500},    {"XX", 500},    {"22012", 400}, {"22P02", 400}, {"23502", 400}, {"23514", 400},
}};

}  // namespace

int http_status_of(std::string_view sqlstate, std::string_view message) noexcept {
  if (sqlstate == "21000") return message.ends_with("requires a WHERE clause") ? 400 : 500;
  if (sqlstate == "22023") return message.starts_with("role ") && message.ends_with(" does not exist") ? 401 : 400;
  if (sqlstate == "42883" && message.starts_with("function xmlagg(")) return 406;
  if (sqlstate.size() == 5 && sqlstate.starts_with("PT")) {
    const std::string_view digits = sqlstate.substr(2);
    if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return 500;
    const int status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    return status >= 100 && status <= 599 ? status : 500;
  }
  for (const Mapping& mapping : mappings)
    if (sqlstate.starts_with(mapping.prefix)) return mapping.status;
  return 400;
}

// Classes that begin with 0 to 4 and A to H are the standard's, the others free for implementations and their users
// (ISO 9075-2, 24.1).
bool is_of_request(std::string_view sqlstate, std::string_view message) noexcept {
  if (sqlstate == "22023") return http_status_of(sqlstate, message) != 401;  // a role that does not exist
  if (sqlstate == insufficient_privilege) return !message.starts_with("permission denied to set role");
  if (sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate == "44000") return true;
  const char first = sqlstate.empty() ? '0' : sqlstate.front();
  const bool is_standard = (first >= '0' && first <= '4') || (first >= 'A' && first <= 'H');
  return !is_standard && http_status_of(sqlstate, message) < 500;
}

Error::Answer answer_to(std::string_view sqlstate, std::string_view message, int http_status) noexcept {
  if (sqlstate == "57014") return {504, false};
  if (http_status >= 500) return {http_status, false};
  if (!is_of_request(sqlstate, message)) return {500, false};
  // What no policy refuses may be a GRANT that was forgotten.
  const bool may_be_ungranted =
      sqlstate == insufficient_privilege && !message.contains("violates row-level security policy");
  // PostgREST's status for a right that is lacked by anon, who may have it after signing in.
  const bool as_anon = sqlstate == insufficient_privilege && http_status == 401;
  return {.status = http_status, .shows_message = true, .is_logged = may_be_ungranted, .was_asked_as_nobody = as_anon};
}

SqlError::SqlError(SqlErrorFields fields)
    : Error(fields.sqlstate, fields.message, http_status_of(fields.sqlstate, fields.message),
            answer_to(fields.sqlstate, fields.message, http_status_of(fields.sqlstate, fields.message)),
            fields.context),
      fields_(std::move(fields)) {}

}  // namespace bailey::pg
