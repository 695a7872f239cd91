#pragma once

#include <bailey/query/rest_error.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::query::detail {

// A request body of a media type that relations take, as JSON text. A JSON body is returned unchecked.
[[nodiscard]] std::expected<std::string, RestError> payload_as_json(std::optional<std::string_view> content_type,
                                                                    std::string_view body);

enum class PayloadShape { object, array };

struct PayloadKeys {
  PayloadShape shape = PayloadShape::object;
  bool empty = false;             // an array without elements, or a scalar, which counts as such
  std::vector<std::string> keys;  // sorted, each once
};

// The keys all objects of a JSON payload share; PGRST102 when it is no JSON or they do not all have the same.
[[nodiscard]] std::expected<PayloadKeys, RestError> payload_keys(std::string_view json);

// Array or object, decided by the first byte alone; nullopt when it is neither. The rest is left to PostgreSQL to
// check.
[[nodiscard]] std::optional<PayloadShape> payload_shape(std::string_view json);

}  // namespace bailey::query::detail
