#include "model/unicode.hpp"

#include <idn2.h>
#include <unictype.h>
#include <uninorm.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include <bailey/base/utf8.hpp>

namespace bailey::detail {
namespace {

struct Freed {
  void operator()(char* text) const noexcept { idn2_free(text); }
  void operator()(std::uint8_t* text) const noexcept { std::free(text); }
};
template <class Character>
using Owned = std::unique_ptr<Character, Freed>;

bool is_of(char32_t point, std::uint32_t categories) noexcept {
  return uc_is_general_category_withtable(static_cast<ucs4_t>(point), categories);
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

bool is_white_space(char32_t point) noexcept {
  if (point < 0x80) return point == ' ' || (point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x1F);
  return point == 0x85 || is_of(point, UC_CATEGORY_MASK_Z);
}

std::string_view trim_white_space(std::string_view text) noexcept {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the last character that is no white space
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (is_white_space(next_code_point(text, at))) continue;
    if (!inside) begin = here;
    inside = true;
    end = at;
  }
  return inside ? text.substr(begin, end - begin) : std::string_view{};
}

bool is_letter_or_number(char32_t point) noexcept { return is_of(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N); }

bool is_safely_shown(std::string_view text) noexcept {
  constexpr std::uint32_t shown = UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S;
  for (std::size_t at = 0; at < text.size();) {
    const bool first = at == 0;
    if (!is_of(next_code_point(text, at), first ? shown : shown | UC_CATEGORY_MASK_M)) return false;
  }
  return true;
}

std::string composed(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::size_t length = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const Owned<std::uint8_t> made(u8_normalize(UNINORM_NFC, bytes, text.size(), nullptr, &length));
  if (!made) return std::string(text);
  return {made.get(), made.get() + length};
}

std::optional<std::string> to_ascii_domain(std::string_view domain) {
  char* made = nullptr;
  // Like `_8z`, but for the name: also an ASCII label that claims to be an encoded one is checked.
  const int status = idn2_to_ascii_8z(std::string(domain).c_str(), &made, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const Owned<char> owned(made);
  if (status != IDN2_OK) return std::nullopt;
  return std::string(owned.get());
}

std::optional<std::string> to_unicode_domain(const std::string& domain) {
  char* made = nullptr;
  const int status = idn2_to_unicode_8z8z(domain.c_str(), &made, 0);
  const Owned<char> owned(made);
  if (status != IDN2_OK) return std::nullopt;
  return std::string(owned.get());
}

}  // namespace bailey::detail
