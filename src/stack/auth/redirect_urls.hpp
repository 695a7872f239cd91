#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stack/glob.hpp"

namespace bailey::stack::auth {

// Where a browser may be sent with tokens or codes: to the site itself, to a program on the user's own machine, and to
// what the configuration lists. Who asks for another place is sent to the site, and told nothing (GoTrue's rules).
// Stricter than GoTrue, whatever is listed: only an absolute URL that every browser reads alike, without a user's name
// before its host, and of no scheme that a browser acts on itself (javascript:, data: …). Immutable; any thread.
class RedirectUrls {
 public:
  // `site_url` is taken as it is. Throws Error "invalid_config" for a pattern that is none, and names it.
  RedirectUrls(std::string site_url, const std::vector<std::string>& allowed);

  [[nodiscard]] bool admits(std::string_view url) const;

  // The first of them that is admitted, else the site. `requested` is the header `redirect_to` or, where that is empty,
  // the parameter of this name; `referer` is the header.
  [[nodiscard]] std::string choose(std::string_view requested, std::string_view referer = {}) const;

  [[nodiscard]] const std::string& site_url() const noexcept { return site_url_; }

 private:
  std::string site_url_, site_scheme_, site_host_, site_port_;
  std::vector<Glob> allowed_;
};

}  // namespace bailey::stack::auth
