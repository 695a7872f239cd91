#pragma once

#include <bailey/query/rest_error.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::query::detail {

struct Parameter {
  std::string key;
  std::optional<std::string> value;  // absent: no "=" at all
};

// Splits at & and ; and decodes each side (%XX, + as blank). Bytes that are not UTF-8, and NUL, are refused: PGRST100.
[[nodiscard]] std::expected<std::vector<Parameter>, RestError> split_query(std::string_view query);

// %XX only. Nothing when an escape is broken, or the result is not UTF-8 or holds NUL.
[[nodiscard]] std::optional<std::string> decode_path_segment(std::string_view segment);

[[nodiscard]] bool is_text(std::string_view bytes);  // well-formed UTF-8 without NUL

}  // namespace bailey::query::detail
