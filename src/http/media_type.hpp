#pragma once

#include <string_view>

namespace bailey::http {

// The media type that a file's name tells by its ending, in any case; of text with its character set, which is taken
// to be UTF-8. "application/octet-stream" where the ending is unknown.
[[nodiscard]] std::string_view media_type_of(std::string_view file_name) noexcept;

// Whether bodies of this type get smaller by compressing: text in any form. Parameters of the type do not count.
[[nodiscard]] bool is_compressible(std::string_view media_type) noexcept;

// The type without its parameters: "text/html; charset=utf-8" is "text/html".
[[nodiscard]] std::string_view essence_of(std::string_view media_type) noexcept;

}  // namespace bailey::http
