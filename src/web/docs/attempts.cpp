#include "web/docs/attempts.hpp"

#include <bailey/base/random.hpp>
#include "web/ip_network.hpp"

#include <algorithm>
#include <functional>

namespace bailey::web_detail {
namespace {

std::string customer_of(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::parse(text);
  return std::string(address ? address->customer() : text);  // of a socket that has none
}

}  // namespace

Attempts::Attempts() : salt_(random_token(16)) {}

// A place is kept as the time at which it has all its attempts back: each of them moves it on.
std::optional<std::chrono::seconds> Attempts::count(std::string_view address, Time now) {
  const std::size_t place = std::hash<std::string>{}(salt_ + customer_of(address)) % free_at_.size();
  const std::lock_guard lock(mutex_);
  const Time free_at = std::max(free_at_[place], now) + pause;
  const auto too_much = free_at - now - burst * pause;
  if (too_much > Time::duration::zero()) return std::chrono::ceil<std::chrono::seconds>(too_much);
  free_at_[place] = free_at;
  return std::nullopt;
}

}  // namespace bailey::web_detail
