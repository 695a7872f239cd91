// What is taken as an address or a URL is taken again in its normal form, and is that form's own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <bailey/base/utf8.hpp>
#include "model/formats.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const std::string text = bailey::detail::to_utf8({reinterpret_cast<const char*>(data), size});
  if (const auto email = bailey::detail::normal_email(text)) {
    if (bailey::detail::normal_email(*email) != email) std::abort();
  }
  if (const auto url = bailey::detail::normal_url(text)) {
    const auto again = bailey::detail::normal_url(*url);
    // Encoding may have made it longer than a URL may be.
    if (again ? *again != *url : url->size() <= bailey::detail::url_limit_bytes) std::abort();
  }
  return 0;
}
