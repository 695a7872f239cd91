// "Did you mean …?": which known names are near to one that is not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

// The names that a few edits turn the input into, nearest first.
[[nodiscard]] std::vector<std::string_view> suggestion_list(std::string_view input,
                                                            const std::vector<std::string_view>& names);

// ` Did you mean "a", "b", or "c"?` with at most five of them, and after the words "Did you mean" what is given as
// kind. Empty where there are none.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string_view>& names, std::string_view kind = {});

}  // namespace bailey::graphql
