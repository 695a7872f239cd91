#include <bailey/supabase/postgrest_error.hpp>

#include <bailey/pg/sql_error.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace bailey {

namespace {

// Of PostgREST's own errors, those of the rows that are there and of the user's token. The others are of the query,
// which the program has built.
constexpr std::array<std::string_view, 6> of_the_request{"PGRST103", "PGRST116", "PGRST124",
                                                         "PGRST301", "PGRST302", "PGRST303"};

Error::Answer answer_of(std::string_view code, std::string_view message, int http_status) {
  if (code.starts_with("PGRST") && http_status < 500) {
    const bool is_theirs = std::ranges::find(of_the_request, code) != of_the_request.end();
    return is_theirs ? Error::Answer{http_status, true} : Error::Answer{500, false};
  }
  // No error of the database's: whoever answers at the project's url is not the project.
  if (code == std::to_string(http_status)) return {502, false};
  return pg::answer_to(code, message, http_status);
}

}  // namespace

// Code and message are copied, since their answer is made of them in the same breath.
PostgrestError::PostgrestError(std::string code, std::string message, int http_status, std::string details,
                               std::string hint)
    : Error(code, message, http_status, answer_of(code, message, http_status), std::move(details)),
      hint_(std::move(hint)) {}

}  // namespace bailey
