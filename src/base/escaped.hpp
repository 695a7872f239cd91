#pragma once

#include <string>
#include <string_view>

namespace bailey {

// Whether a text of several lines stays one.
enum class LineFeeds : bool { escaped, kept };

// Appends a text that may be a stranger's so that a terminal shows it and does nothing else: control characters, also
// those of C1, become \xNN, and a line feed \n.
void append_escaped(std::string& line, std::string_view text, LineFeeds line_feeds);

}  // namespace bailey
