#pragma once

#include <bailey/base/clock.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::detail {

struct KeySourceTimes {
  std::chrono::seconds refresh_floor{30};
  std::chrono::seconds max_age{600};
  std::chrono::seconds stale_limit{86400};
};

// Decides when the published key set is fetched, and what becomes meanwhile of a token whose key is not in it. The
// caller passes the time. One thread at a time.
class KeySourcePolicy {
 public:
  explicit KeySourcePolicy(KeySourceTimes times) : times_(times) {}

  enum class Advice {
    fetch,        // begin one; `began` must follow
    wait,         // one is under way
    reject,       // the provider was asked and does not know this key
    unavailable,  // the provider could not be asked
  };

  // For a token that names a key we do not have.
  [[nodiscard]] Advice for_unknown_key(std::string_view kid, SteadyTime now) const;

  // Whether the keys are so old that they should be fetched anew in the background.
  [[nodiscard]] bool is_refresh_due(SteadyTime now) const;
  // Whether the keys are so old that they must not be trusted any more.
  [[nodiscard]] bool is_stale(SteadyTime now) const;
  // The next time one of the two could be true; asking earlier is a waste.
  [[nodiscard]] SteadyTime next_look() const;

  void began(SteadyTime now);
  void succeeded(SteadyTime now);
  void failed();
  // The provider was asked and does not have it: not asked again for this one for a while.
  void remember_unknown(std::string_view kid, SteadyTime now);
  void forget_unknown() noexcept { unknown_.clear(); }

  [[nodiscard]] bool has_keys() const noexcept { return fetched_at_.has_value(); }
  // The latest fetch did.
  [[nodiscard]] bool has_failed() const noexcept { return failures_ > 0; }
  // The keys were dropped.
  void dropped() noexcept { fetched_at_.reset(); }

  static constexpr std::size_t unknown_limit = 256;

 private:
  struct Unknown {
    std::string kid;
    SteadyTime until;
  };
  [[nodiscard]] std::chrono::seconds pause() const;
  [[nodiscard]] bool may_fetch(SteadyTime now) const;

  KeySourceTimes times_;
  std::optional<SteadyTime> fetched_at_;
  std::optional<SteadyTime> began_at_;
  bool is_fetching_ = false;
  unsigned failures_ = 0;  // since the last success
  std::deque<Unknown> unknown_;
};

}  // namespace bailey::detail
