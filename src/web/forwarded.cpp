#include "web/forwarded.hpp"

#include <bailey/base/ascii.hpp>
#include "http/characters.hpp"

#include <cstddef>
#include <utility>

namespace bailey::web_detail {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] bool is_done() const noexcept { return text_.empty(); }
  [[nodiscard]] bool is_at_end_of_pair() const noexcept {
    return text_.empty() || std::string_view(";, \t").contains(text_.front());
  }
  bool take(char c) noexcept {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_blanks() noexcept {
    while (take(' ') || take('\t')) continue;
  }
  [[nodiscard]] std::string_view token() noexcept {
    std::size_t size = 0;
    while (size < text_.size() && http::all_are(text_.substr(size, 1), http::token_character)) ++size;
    const std::string_view found = text_.substr(0, size);
    text_.remove_prefix(size);
    return found;
  }
  // token / quoted-string (RFC 9110 section 5.6.4)
  [[nodiscard]] bool value(std::string& into) {
    if (!take('"')) {
      into = token();
      return !into.empty();
    }
    for (into.clear(); !text_.empty();) {
      if (take('"')) return true;
      if (take('\\') && text_.empty()) return false;
      into += text_.front();
      text_.remove_prefix(1);
    }
    return false;
  }

 private:
  std::string_view text_;
};

// One name=value. A name that occurs twice in an element contradicts itself.
bool read_pair(Reader& reader, ForwardedElement& element) {
  if (reader.is_at_end_of_pair()) return true;  // the grammar lets it be missing
  const std::string_view name = reader.token();
  std::string value;
  if (name.empty() || !reader.take('=') || !reader.value(value)) return false;
  std::string* const place = ascii::equal_ignoring_case(name, "for")     ? &element.node
                             : ascii::equal_ignoring_case(name, "proto") ? &element.proto
                             : ascii::equal_ignoring_case(name, "host")  ? &element.host
                                                                         : nullptr;
  if (place == nullptr) return true;  // by=, and what others have added
  if (!place->empty()) return false;
  *place = std::move(value);
  return true;
}

}  // namespace

bool read_forwarded(std::string_view value, std::vector<ForwardedElement>& elements) {
  Reader reader(value);
  for (reader.skip_blanks(); !reader.is_done(); reader.skip_blanks()) {
    if (reader.take(',')) continue;  // an empty member of the list
    ForwardedElement element;
    do {
      if (!read_pair(reader, element)) return false;
    } while (reader.take(';'));
    reader.skip_blanks();
    if (!reader.is_done() && !reader.take(',')) return false;
    elements.push_back(std::move(element));
  }
  return true;
}

}  // namespace bailey::web_detail
