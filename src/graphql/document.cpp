#include <graphql/document.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <utility>

namespace bailey::graphql {

std::string_view to_string(OperationKind kind) noexcept {
  constexpr std::array<std::string_view, 3> names = {"query", "mutation", "subscription"};
  return names[static_cast<std::size_t>(kind)];
}

Document::Document(std::string text) : text_(std::move(text)) {}

Location Document::location(Offset offset) const { return locations({&offset, 1}).front(); }

// Nothing is kept of lines for documents that have no errors, which are most of them.
std::vector<Location> Document::locations(std::span<const Offset> offsets) const {
  std::vector<std::size_t> order(offsets.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::ranges::sort(order, {}, [&](std::size_t i) { return offsets[i]; });
  std::vector<Location> found(offsets.size());
  Location location;
  std::size_t at = 0;
  for (const std::size_t next : order) {
    for (const std::size_t end = std::min<std::size_t>(offsets[next], text_.size()); at < end; ++at) {
      const auto byte = static_cast<unsigned char>(text_[at]);
      if (byte == '\n' || (byte == '\r' && (at + 1 == text_.size() || text_[at + 1] != '\n'))) {
        ++location.line;
        location.column = 1;
      } else if ((byte & 0xc0) != 0x80 && byte != '\r') {
        location.column += byte >= 0xf0 ? 2 : 1;
      }
    }
    found[next] = location;
  }
  return found;
}

}  // namespace bailey::graphql
