#include "base/escaped.hpp"

namespace bailey {

// Those of C1 begin with the byte 0xC2 in UTF-8.
void append_escaped(std::string& line, std::string_view text, LineFeeds line_feeds) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c == '\n' && line_feeds == LineFeeds::kept) {
      line.push_back(c);
    } else if (c == '\n') {
      line.append("\\n");
    } else if (byte < 0x20 || byte == 0x7F || c1) {
      line.append("\\x");
      line.push_back(hex[byte >> 4]);
      line.push_back(hex[byte & 15]);
      if (c1) {
        const auto next = static_cast<unsigned char>(text[++i]);
        line.append("\\x");
        line.push_back(hex[next >> 4]);
        line.push_back(hex[next & 15]);
      }
    } else {
      line.push_back(c);
    }
  }
}

}  // namespace bailey
