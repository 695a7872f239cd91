#include <bailey/web/csrf_guard.hpp>

#include <bailey/base/error.hpp>
#include <bailey/web/error.hpp>
#include "http/host.hpp"
#include "web/origin.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

namespace {

bool changes_nothing(const Request& request) {
  const http::Method method = request.method();
  const bool is_safe = method == http::Method::get || method == http::Method::head || method == http::Method::options;
  return is_safe && !request.header("upgrade");
}

class Origins {
 public:
  explicit Origins(std::vector<std::string> trusted) {
    for (const std::string& each : trusted) {
      std::optional<std::string> origin = web_detail::origin_as_sent(each);
      if (!origin || each == "*" || each == "null")
        throw Error("invalid_origin", "csrf_guard: \"" + each + "\" is no origin, such as \"https://app.example.com\"");
      trusted_.push_back(*std::move(origin));
    }
  }

  [[nodiscard]] bool admits(const Request& request) const {
    if (changes_nothing(request)) return true;
    const std::optional<std::string_view> origin = request.header("origin");
    const bool has_one = request.http().header_count("origin") == 1;
    if (has_one && std::ranges::find(trusted_, *origin) != trusted_.end()) return true;
    if (const std::optional<std::string_view> site = request.header("sec-fetch-site"))
      return *site == "same-origin" || *site == "none";
    return !origin || (has_one && http::is_own_origin(*origin, request.scheme(), request.host()));
  }

 private:
  std::vector<std::string> trusted_;
};

}  // namespace

Middleware csrf_guard(CsrfOptions options) {
  const auto origins = std::make_shared<const Origins>(std::move(options.trusted_origins));
  return {.name = "csrf_guard", .before = [origins](Request& request) -> Before {
            if (!origins->admits(request)) throw HttpError(403, "A page of another site may not do this");
            return Pass{};
          }};
}

}  // namespace bailey
