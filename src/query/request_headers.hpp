#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/query/request_parts.hpp>
#include <bailey/query/rest_error.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::query::detail {

// All `Prefer` headers. Unknown tokens are ignored, or with handling=strict refused (PGRST122).
[[nodiscard]] std::expected<Preferences, RestError> read_preferences(const RequestParts& request);

// The best of what `Accept` allows; PGRST107 when there is none.
[[nodiscard]] std::expected<Media, RestError> negotiate(std::optional<std::string_view> accept);

struct RowRange {
  std::int64_t first = 0;
  std::optional<std::int64_t> last;  // absent: to the end
};
// `Range: 0-9`; nothing when it has another form (which is ignored).
[[nodiscard]] std::optional<RowRange> read_range(std::string_view value);

[[nodiscard]] std::string_view token_of(Preferences::Return value);
[[nodiscard]] std::string_view token_of(Preferences::Count value);
[[nodiscard]] std::string_view token_of(Preferences::Resolution value);
[[nodiscard]] std::string_view token_of(Preferences::Missing value);
[[nodiscard]] std::string_view token_of(Preferences::Handling value);
[[nodiscard]] std::string_view token_of(Preferences::Transaction value);

}  // namespace bailey::query::detail
