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

}  // namespace

Error::Answer PostgrestError::answer() const noexcept {
  if (code().starts_with("PGRST") && http_status() < 500) {
    const bool is_theirs = std::ranges::find(of_the_request, code()) != of_the_request.end();
    return is_theirs ? Answer{http_status(), true} : Answer{500, false};
  }
  // No error of the database's: whoever answers at the project's url is not the project.
  if (code() == std::to_string(http_status())) return {502, false};
  return pg::answer_to(code(), message(), http_status());
}

}  // namespace bailey
