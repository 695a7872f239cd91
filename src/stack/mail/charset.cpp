#include "stack/mail/charset.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

namespace bailey::stack::mail {
namespace {

// iconv loads a library of the system's for a name, so names are ours. ISO-8859-1 and US-ASCII mean windows-1252 to
// everybody who writes them (WHATWG Encoding).
struct Known {
  std::string_view name;
  const char* iconv_name;
};
constexpr std::array known{
    Known{"iso-8859-1", "WINDOWS-1252"},
    Known{"us-ascii", "WINDOWS-1252"},
    Known{"latin1", "WINDOWS-1252"},
    Known{"windows-1252", "WINDOWS-1252"},
    Known{"iso-8859-2", "ISO-8859-2"},
    Known{"iso-8859-5", "ISO-8859-5"},
    Known{"iso-8859-7", "ISO-8859-7"},
    Known{"iso-8859-9", "WINDOWS-1254"},
    Known{"iso-8859-15", "ISO-8859-15"},
    Known{"windows-1250", "WINDOWS-1250"},
    Known{"windows-1251", "WINDOWS-1251"},
    Known{"windows-1253", "WINDOWS-1253"},
    Known{"windows-1254", "WINDOWS-1254"},
    Known{"windows-1255", "WINDOWS-1255"},
    Known{"windows-1256", "WINDOWS-1256"},
    Known{"koi8-r", "KOI8-R"},
    Known{"koi8-u", "KOI8-U"},
    Known{"shift_jis", "SHIFT_JIS"},
    Known{"euc-jp", "EUC-JP"},
    Known{"iso-2022-jp", "ISO-2022-JP"},
    Known{"euc-kr", "EUC-KR"},
    Known{"gb2312", "GB18030"},
    Known{"gbk", "GB18030"},
    Known{"gb18030", "GB18030"},
    Known{"big5", "BIG5"},
    Known{"utf-16", "UTF-16"},
    Known{"utf-16le", "UTF-16LE"},
    Known{"utf-16be", "UTF-16BE"},
};

class Converter {
 public:
  explicit Converter(const char* from) : handle_(iconv_open("UTF-8", from)) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT

  [[nodiscard]] std::string convert(std::string_view text) const {
    std::string out;
    std::array<char, 4096> buffer{};
    char* in = const_cast<char*>(text.data());  // NOLINT: iconv's signature; it does not write there
    std::size_t left = text.size();
    while (left > 0) {
      char* at = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t result = iconv(handle_, &in, &left, &at, &room);
      const int why = errno;
      out.append(buffer.data(), buffer.size() - room);
      if (result != static_cast<std::size_t>(-1) || why == E2BIG) continue;
      out += detail::replacement_character;
      if (why != EILSEQ) break;  // it ends within a character
      ++in;
      --left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::string to_utf8(std::string_view text, std::string_view charset) {
  const std::string name = ascii::to_lower(ascii::trim(charset));
  const auto found = std::ranges::find(known, name, &Known::name);
  if (found == known.end()) return detail::to_utf8(text);
  // Also of a set whose name lies: much mail says us-ascii, or nothing, and is UTF-8.
  if (std::string_view(found->iconv_name) == "WINDOWS-1252" && detail::is_utf8(text)) return std::string(text);
  const Converter converter(found->iconv_name);
  return converter.is_open() ? detail::to_utf8(converter.convert(text)) : detail::to_utf8(text);
}

}  // namespace bailey::stack::mail
