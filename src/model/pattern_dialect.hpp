#pragma once

#include <bailey/base/error.hpp>

#include <string>
#include <string_view>

namespace bailey::detail {

// A regular expression of Rust's `regex`, which is pydantic's engine, as RE2 writes the same. An error, "unsupported"
// with the reason as a part of a sentence, for what RE2 would take in another sense. What neither takes is left for RE2
// to refuse. `expression` is UTF-8.
[[nodiscard]] Expected<std::string> to_re2(std::string_view expression);

}  // namespace bailey::detail
