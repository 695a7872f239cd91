#include <bailey/web/redis_rate_limits.hpp>

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop_local.hpp>
#include "web/redis_link.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

namespace {

using web_detail::RedisAddress;
using web_detail::RedisLink;
using web_detail::RedisReply;

// gcra.hpp, in microseconds: a number of Lua's holds those of the next two centuries exactly. Sent as a whole each
// time: Redis knows it by its hash, and one that was restarted need not be told anew.
constexpr std::string_view script = R"(
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local expected = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local next = expected + interval
local early = next - interval * burst - now
if early > 0 then return {0, early, expected - now} end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
return {1, math.floor(-early / interval), next - now}
)";

// What a key says may be a secret, and of any length.
std::string name_of(std::string_view prefix, std::string_view key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name(prefix);
  for (const unsigned char byte : digest) name.append({digits[byte >> 4U], digits[byte & 15U]});
  return name;
}

// What the script returns; nullopt for anything else.
std::optional<RateVerdict> verdict_of(const RedisReply& reply) {
  constexpr long long century = 100LL * 366 * 86'400 * 1'000'000;  // is as nanoseconds still a number
  const auto is_possible = [](long long number) { return number >= 0 && number <= century; };
  if (reply.numbers.size() != 3 || !std::ranges::all_of(reply.numbers, is_possible)) return std::nullopt;
  RateVerdict verdict{.allowed = reply.numbers[0] == 1, .reset_after = std::chrono::microseconds(reply.numbers[2])};
  if (!verdict.allowed)
    verdict.retry_after = std::chrono::microseconds(reply.numbers[1]);
  else if (std::in_range<std::uint32_t>(reply.numbers[1]))
    verdict.remaining = static_cast<std::uint32_t>(reply.numbers[1]);
  else
    return std::nullopt;
  return verdict;
}

class RedisRateLimits final : public RateLimitStore {
 public:
  explicit RedisRateLimits(RedisOptions options)
      : address_(RedisAddress::parse(options.url)), timeout_(options.timeout), prefix_(std::move(options.prefix)) {}

  Task<RateVerdict> take(std::string key, RateQuota quota) override {
    const auto interval =
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::microseconds>(quota.interval).count(), 1);
    std::vector<std::string> command{
        "EVAL", std::string(script), "1", name_of(prefix_, key), std::to_string(interval), std::to_string(quota.burst)};
    const RedisReply reply = co_await RedisLink::ask(link(), std::move(command));
    const std::optional<RateVerdict> verdict = verdict_of(reply);
    if (!verdict) throw Error("redis_unavailable", "Redis has answered something else", 503);
    co_return *verdict;
  }

 private:
  [[nodiscard]] std::shared_ptr<RedisLink> link() {
    return links_.get([this] {
      return std::make_unique<std::shared_ptr<RedisLink>>(
          std::make_shared<RedisLink>(Loop::current(), address_, timeout_));
    });
  }

  RedisAddress address_;
  std::chrono::milliseconds timeout_;
  std::string prefix_;
  LoopLocal<std::shared_ptr<RedisLink>> links_;
};

}  // namespace

std::shared_ptr<RateLimitStore> redis_rate_limits(RedisOptions options) {
  return std::make_shared<RedisRateLimits>(std::move(options));
}

}  // namespace bailey
