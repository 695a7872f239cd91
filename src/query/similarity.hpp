#pragma once

#include <string_view>

namespace bailey::query::detail {

// 1 - (edit distance / length of the longer), letters compared without case: 1 for equal names, 0 for unlike ones.
[[nodiscard]] double similarity(std::string_view left, std::string_view right);

}  // namespace bailey::query::detail
