#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "stack/glob.hpp"

namespace bailey::stack::gateway {

// Whose web pages may use the stack from a browser. Its keys are known to everybody, so that a page of somebody else's
// that a developer happens to look at could do with their data what it likes, were it not kept out.
//
// Open is what a developer's own page has: an origin or host that only their machine or network gives away
// (is_private_host), and those of the URLs in the configuration: auth.site_url and auth.additional_redirect_urls, which
// may be patterns (Glob). "null", the origin of a page without one (a file, a sandboxed frame of anybody's), is
// open if it is listed. Immutable but for what has been logged; any thread.
class Pages {
 public:
  explicit Pages(const std::vector<std::string>& urls = {});

  // An Origin header. One that is not open is logged, once, with the setting that opens it.
  [[nodiscard]] bool admits_origin(std::string_view origin) const;

  // Whether "null" is listed.
  [[nodiscard]] bool lists_pages_without_origin() const;

  // A Host header: which name the browser was sent to. A name that is nobody's own may have been made to lead here to
  // be of one origin with us (DNS rebinding); an address cannot.
  [[nodiscard]] bool admits_host(std::string_view host) const;

 private:
  struct Pattern {
    explicit Pattern(std::string lower_case);
    [[nodiscard]] bool matches(std::string_view lower_case) const;

    std::string text;
    std::optional<Glob> glob;  // nullopt: it is none, and matches itself alone
  };
  static bool matches_one(const std::vector<Pattern>& patterns, std::string_view text);
  void log_once(std::string_view what, std::string_view name) const;

  std::vector<Pattern> origins_, hosts_;  // the hosts without ports
  mutable std::mutex mutex_;              // taken only to refuse
  mutable std::set<std::string, std::less<>> logged_;
};

}  // namespace bailey::stack::gateway
