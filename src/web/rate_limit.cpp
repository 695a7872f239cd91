#include <bailey/web/rate_limit.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/status.hpp>
#include <bailey/web/error.hpp>
#include "web/ip_network.hpp"
#include "web/rate_table.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <utility>

namespace bailey {

namespace {

using Nanoseconds = std::chrono::nanoseconds;

// What the limits around a handler have said, for their answers' headers. The innermost of more than these says
// nothing.
struct Counted {
  struct By {
    std::uint64_t limit = 0;
    RateVerdict verdict;
  };
  std::array<By, 4> by;
  std::size_t size = 0;
};

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

// Rounded up: who comes again after as many seconds is let in.
std::string seconds(Nanoseconds time, std::int64_t least = 0) {
  return std::to_string(std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(time).count(), least));
}

RateQuota quota_of(const RateLimitOptions& options) {
  const auto refuse = [](std::string_view why) {
    throw Error("invalid_rate_limit", "rate_limit: " + std::string(why));
  };
  if (options.requests == 0 || options.per.count() <= 0) refuse("a limit lets some requests pass in some time");
  if (options.per > std::chrono::days(366)) refuse("a limit is for a year at most");
  if (!options.key) refuse("`key` says whom a request counts for, and it is empty");
  const bool is_name = !options.name.empty() && std::ranges::all_of(options.name, [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_';
  });
  if (!is_name) refuse("a name is made of letters, digits, - and _");
  const RateQuota quota{.interval = std::max<Nanoseconds>(Nanoseconds(options.per) / options.requests, Nanoseconds(1)),
                        .burst = options.burst == 0 ? options.requests : options.burst};
  if (quota.interval > Nanoseconds::max() / 4 / quota.burst) refuse("`burst` is more than anybody could save up");
  return quota;
}

class Limit {
 public:
  explicit Limit(RateLimitOptions options)
      : quota_(quota_of(options)),
        number_(next_number()),
        policy_("\"" + options.name + "\";q=" + std::to_string(options.requests) + ";w=" + seconds(options.per)),
        options_(std::move(options)) {
    if (!options_.store) table_.emplace(quota_, options_.key_limit);
  }

  [[nodiscard]] Before count(Request& request) const {
    if (request.is_health_check()) return Pass{};
    std::optional<std::string> key = options_.key(request);
    if (!key) return Pass{};
    if (options_.store) return ask_store(request, *std::move(key));
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    admit(request, table_->take(*key, std::chrono::duration_cast<Nanoseconds>(now).count()));
    return Pass{};
  }

  void tell(const Request& request, http::Headers& headers) const {
    const auto* const counted = request.state().get<Counted>();
    if (counted == nullptr) return;
    for (std::size_t i = 0; i < counted->size; ++i) {
      if (counted->by[i].limit != number_) continue;
      headers.add("RateLimit-Policy", policy_);
      headers.add("RateLimit", state_of(counted->by[i].verdict));
    }
  }

 private:
  [[nodiscard]] std::string state_of(const RateVerdict& verdict) const {
    return "\"" + options_.name + "\";r=" + std::to_string(verdict.remaining) + ";t=" + seconds(verdict.reset_after);
  }

  void admit(Request& request, const RateVerdict& verdict) const {
    if (!verdict.allowed) {
      throw HttpError(429, http::reason_phrase(429),
                      {{"Retry-After", seconds(verdict.retry_after, 1)},
                       {"RateLimit-Policy", policy_},
                       {"RateLimit", state_of(verdict)}});
    }
    Counted* counted = request.state().get<Counted>();
    if (counted == nullptr) counted = &request.state().set(Counted());
    if (counted->size < counted->by.size()) counted->by[counted->size++] = {.limit = number_, .verdict = verdict};
  }

  [[nodiscard]] Task<std::optional<Response>> ask_store(Request& request, std::string key) const {
    std::optional<RateVerdict> verdict;
    try {
      verdict = co_await options_.store->take(options_.name + ":" + key, quota_);
    } catch (const Error& error) {
      log::debug("a rate limit was not asked", {{"limit", options_.name}, {"error", error.message()}});
    }
    if (verdict)
      admit(request, *verdict);
    else if (options_.outage == RateLimitOptions::Outage::refuse)
      throw HttpError(503, http::reason_phrase(503), {{"Retry-After", "1"}});
    co_return std::nullopt;
  }

  RateQuota quota_;
  std::uint64_t number_;
  std::string policy_;
  RateLimitOptions options_;
  mutable std::optional<web_detail::RateTable> table_;
};

}  // namespace

RateLimitKey by_client_address() {
  return [](const Request& request) -> std::optional<std::string> {
    std::string text = request.client_address();
    const auto address = web_detail::IpAddress::parse(text);
    if (!address) return "address " + text;  // of a socket that has none
    return "address " + std::string(address->customer());
  };
}

RateLimitKey by_user() {
  return [by_address = by_client_address()](const Request& request) -> std::optional<std::string> {
    if (!request.state().has_identity()) return by_address(request);
    try {
      return "user " + request.state().user_id().to_string();
    } catch (const HttpError&) {  // somebody who is no user: a service
      return by_address(request);
    }
  };
}

Middleware rate_limit(RateLimitOptions options) {
  const auto limit = std::make_shared<const Limit>(std::move(options));
  return {.name = "rate_limit",
          .before = [limit](Request& request) { return limit->count(request); },
          .after = [limit](Request& request, Response& response) { limit->tell(request, response.headers); }};
}

}  // namespace bailey
