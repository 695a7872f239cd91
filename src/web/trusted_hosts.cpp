#include <bailey/web/trusted_hosts.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/web/error.hpp>
#include "http/host.hpp"
#include "web/host_name.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace bailey {

namespace {

// "example.com." is the same name with its root written out.
std::string_view plain_name(std::string_view host) {
  const std::string_view name = web_detail::without_port(host);
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

class HostList {
 public:
  explicit HostList(std::vector<std::string> hosts) {
    if (hosts.empty())
      throw Error("invalid_trusted_host", "trusted_hosts: no host is trusted, so that none could be asked for");
    for (std::string& host : hosts) add(std::move(host));
  }

  [[nodiscard]] bool contains(std::string_view host) const {
    const std::string_view name = plain_name(host);
    const auto is_below = [&](std::string_view suffix) {
      return name.size() > suffix.size() &&
             ascii::equal_ignoring_case(name.substr(name.size() - suffix.size()), suffix);
    };
    return std::ranges::any_of(exact_,
                               [&](const std::string& each) { return ascii::equal_ignoring_case(name, each); }) ||
           std::ranges::any_of(suffixes_, is_below);
  }

 private:
  void add(std::string host) {
    const bool has_star = host.starts_with("*.");
    const std::string_view name = std::string_view(host).substr(has_star ? 2 : 0);
    const bool is_name =
        http::is_host(name) && plain_name(name) == name && !name.contains('*') && !name.starts_with('.');
    if (!is_name) {
      throw Error("invalid_trusted_host", "trusted_hosts: \"" + host +
                                              "\" is no host: write it without scheme, port and path, as in "
                                              "\"example.com\" or \"*.example.com\"");
    }
    if (has_star)
      suffixes_.emplace_back(host.substr(1));
    else
      exact_.push_back(std::move(host));
  }

  std::vector<std::string> exact_;
  std::vector<std::string> suffixes_;  // ".example.com"
};

}  // namespace

Middleware trusted_hosts(std::vector<std::string> hosts) {
  const auto list = std::make_shared<const HostList>(std::move(hosts));
  return {.name = "trusted_hosts", .before = [list](Request& request) -> Before {
            if (!request.is_health_check() && !list->contains(request.host()))
              throw HttpError(400, "Invalid host header");
            return Pass{};
          }};
}

}  // namespace bailey
