#include "web/rate_table.hpp"

#include <bailey/base/random.hpp>
#include "web/gcra.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace bailey::web_detail {

namespace {

std::array<std::uint64_t, 2> secret() {
  std::array<std::uint64_t, 2> key;
  random_bytes(std::as_writable_bytes(std::span(key)));
  return key;
}

// A power of two, so that a bucket is found without a division.
std::size_t bucket_count(std::size_t key_limit) {
  constexpr std::size_t keys_per_bucket = 8;
  return std::bit_ceil((std::max<std::size_t>(key_limit, 1) + keys_per_bucket - 1) / keys_per_bucket);
}

}  // namespace

RateTable::RateTable(RateQuota quota, std::size_t key_limit)
    : quota_(quota), hash_(secret()), buckets_(bucket_count(key_limit)) {}

RateVerdict RateTable::take(std::string_view key, std::int64_t now) {
  const std::uint64_t hash = hash_(key);
  const std::size_t place = hash & (buckets_.size() - 1);
  Bucket& bucket = buckets_[place];
  const std::lock_guard lock(locks_[place % locks_.size()].mutex);
  auto slot = std::ranges::find(bucket, hash, &Slot::key);
  if (slot == bucket.end()) {
    slot = std::ranges::min_element(bucket, {}, &Slot::expected);
    const bool is_crowded = is_held_back(quota_, now, slot->expected);  // and so are the other seven
    *slot = {.key = hash, .expected = is_crowded ? let_in_once(quota_, now) : 0};
  }
  return count_request(quota_, now, slot->expected);
}

}  // namespace bailey::web_detail
