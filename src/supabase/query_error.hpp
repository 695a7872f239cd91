#pragma once

#include <bailey/query/executor.hpp>
#include <bailey/query/rest_error.hpp>
#include <bailey/supabase/postgrest_error.hpp>

#include <expected>
#include <string_view>
#include <utility>

namespace bailey::client_detail {

[[nodiscard]] PostgrestError to_error(const query::RestError& error);

// The error in an answer whose status is not 2xx. A body that is no error of PostgREST gives the status as the code and
// the beginning of its text as the details.
[[nodiscard]] PostgrestError to_error(const query::ApiResponse& response);

// What PostgreSQL says to such bytes; `where` names the member or column.
[[nodiscard]] PostgrestError not_utf8(std::string_view where);

template <class T>
T value_or_throw(std::expected<T, query::RestError> result) {
  if (!result) throw to_error(result.error());
  return *std::move(result);
}

}  // namespace bailey::client_detail
