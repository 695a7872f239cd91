#pragma once

#include <string>
#include <string_view>

namespace bailey::stack::mail {

// Text in the character set of that name as UTF-8; what cannot be read is U+FFFD. Only the sets that mail is written in
// are known, and no others are looked for on this machine: in any other text, and in that of a name that lies, what is
// well-formed UTF-8 stays.
[[nodiscard]] std::string to_utf8(std::string_view text, std::string_view charset);

}  // namespace bailey::stack::mail
