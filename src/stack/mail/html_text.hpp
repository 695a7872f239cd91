#pragma once

#include <string>
#include <string_view>

namespace bailey::stack::mail {

// The words of a stranger's HTML, for a list and for a search: tags, comments, scripts and styles are left out, the
// usual character references resolved. Not fit for being put into a page.
[[nodiscard]] std::string text_of_html(std::string_view html);

}  // namespace bailey::stack::mail
