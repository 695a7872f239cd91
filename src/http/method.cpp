#include <bailey/http/method.hpp>

#include <array>
#include <cstddef>

namespace bailey::http {

namespace {
constexpr std::array<std::string_view, 10> names{"GET",    "HEAD",    "POST",  "PUT",     "PATCH",
                                                 "DELETE", "OPTIONS", "TRACE", "CONNECT", ""};
}

std::string_view to_string(Method method) noexcept { return names[static_cast<std::size_t>(method)]; }

Method parse_method(std::string_view text) noexcept {
  for (std::size_t i = 0; i + 1 < names.size(); ++i)
    if (names[i] == text) return static_cast<Method>(i);
  return Method::other;
}

}  // namespace bailey::http
