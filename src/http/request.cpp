#include <bailey/http/headers.hpp>
#include <bailey/http/request.hpp>

namespace bailey::http {

namespace {

// Cheap first: most names differ in length or first letter.
bool is_named(const HeaderField& field, std::string_view name) noexcept {
  return field.name.size() == name.size() && !name.empty() &&
         ascii::lower(field.name.front()) == ascii::lower(name.front()) && equal_ignoring_case(field.name, name);
}

}  // namespace

std::optional<std::string_view> RequestHead::header(std::string_view name) const noexcept {
  for (const HeaderField& field : fields)
    if (is_named(field, name)) return field.value;
  return std::nullopt;
}

std::size_t RequestHead::header_count(std::string_view name) const noexcept {
  std::size_t count = 0;
  for (const HeaderField& field : fields)
    if (is_named(field, name)) ++count;
  return count;
}

std::string to_hex(RequestId id) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; id >>= 4) text[i] = "0123456789abcdef"[id & 15];
  return text;
}

}  // namespace bailey::http
