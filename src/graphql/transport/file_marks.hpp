// What stands for a file of a multipart request among its variables, as those see it who know nothing of forms.
#pragma once

#include <bailey/model/json.hpp>

#include <string_view>

namespace bailey::graphql {

// The scalar whose values are files. No other has any.
inline constexpr std::string_view upload_scalar = "Upload";

// Whether a value is a file of the request in scope (UploadScope), or has one in it.
[[nodiscard]] bool has_file(const json::value& value);

}  // namespace bailey::graphql
