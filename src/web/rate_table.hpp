#pragma once

#include <bailey/web/rate_limit.hpp>
#include "base/sip_hash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// Who has asked how often, in a table of a fixed size: it never grows, and never allocates once it is made.
//
// A key has its place in one bucket of eight. When that is full, the one of the eight that is expected soonest goes,
// which is nobody's loss where its time has passed: so strangers who come with ever new keys and ask little drive out
// each other, and not who is being held back. Where all eight are being held back there is no such choice. To refuse
// who comes then would let those who can fill the table lock everybody else out, so the soonest goes all the same, and
// who comes is let in once before being held back, too: who was driven out and comes again has won one request, and no
// burst.
//
// Keys are known by a hash under a secret, so that nobody can choose keys that meet in a bucket, or that are taken for
// another's.
//
// Any thread. The locks are per bucket, near enough, and held for some ten nanoseconds: what threads count together
// they have to share.
class RateTable {
 public:
  RateTable(RateQuota quota, std::size_t key_limit);

  // Counts a request at `now`, in nanoseconds of a clock that does not go back and has begun before.
  [[nodiscard]] RateVerdict take(std::string_view key, std::int64_t now);

  [[nodiscard]] std::size_t size_bytes() const noexcept { return buckets_.size() * sizeof(Bucket); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int64_t expected = 0;
  };
  using Bucket = std::array<Slot, 8>;
  struct alignas(64) Lock {
    std::mutex mutex;
  };

  RateQuota quota_;
  detail::SipHash hash_;
  std::vector<Bucket> buckets_;
  std::array<Lock, 64> locks_;
};

}  // namespace bailey::web_detail
