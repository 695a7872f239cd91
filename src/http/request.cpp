#include <bailey/http/headers.hpp>
#include <bailey/http/request.hpp>

#include <cstdint>
#include <cstring>

namespace bailey::http {

namespace {

// Eight characters at once. Of a byte, the high bit of `from_a` says that it is "A" or beyond, that of `beyond_z` that
// it is beyond "Z"; no byte carries into its neighbour, because the high bits are set aside first.
std::uint64_t lower_eight(const char* text) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  const std::uint64_t low = word & (each * 0x7F);
  const std::uint64_t from_a = low + each * (0x80 - 'A');
  const std::uint64_t beyond_z = low + each * (0x7F - 'Z');
  return word | (((from_a ^ beyond_z) & ~word & (each * 0x80)) >> 2);
}

// Looked for by name in every request, so long names are compared by words, the last of which overlaps the one before.
bool is_named(const HeaderField& field, std::string_view name) noexcept {
  const std::size_t size = name.size();
  if (field.name.size() != size) return false;
  if (size < 8) return equal_ignoring_case(field.name, name);
  const auto same_at = [&](std::size_t at) {
    return lower_eight(field.name.data() + at) == lower_eight(name.data() + at);
  };
  for (std::size_t at = 0; at + 8 < size; at += 8)
    if (!same_at(at)) return false;
  return same_at(size - 8);
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
