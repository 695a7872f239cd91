// After a fetch that worked nothing is fetched within the floor, whatever tokens name. After one that failed the next
// may come sooner, after 1, 2, 4 … seconds up to the floor: a provider that starts after us is found quickly, and one
// that is down is not hammered.
#include "supabase/key_source_policy.hpp"

#include <algorithm>

namespace bailey::detail {

using std::chrono::seconds;

seconds KeySourcePolicy::pause() const {
  if (failures_ == 0) return times_.refresh_floor;
  return std::min(times_.refresh_floor, seconds(std::int64_t{1} << std::min(failures_ - 1, 16u)));
}

bool KeySourcePolicy::may_fetch(SteadyTime now) const {
  return !is_fetching_ && (!began_at_ || now >= *began_at_ + pause());
}

KeySourcePolicy::Advice KeySourcePolicy::for_unknown_key(std::string_view kid, SteadyTime now) const {
  const auto is_this = [&](const Unknown& entry) { return entry.kid == kid && now < entry.until; };
  if (has_keys() && std::ranges::any_of(unknown_, is_this)) return Advice::reject;
  if (is_fetching_) return Advice::wait;
  if (may_fetch(now)) return Advice::fetch;
  return has_keys() && failures_ == 0 ? Advice::reject : Advice::unavailable;
}

bool KeySourcePolicy::is_refresh_due(SteadyTime now) const {
  return has_keys() && may_fetch(now) && now >= *fetched_at_ + times_.max_age;
}

bool KeySourcePolicy::is_stale(SteadyTime now) const { return has_keys() && now >= *fetched_at_ + times_.stale_limit; }

SteadyTime KeySourcePolicy::next_look() const {
  if (!has_keys()) return SteadyTime::max();
  const SteadyTime stale = *fetched_at_ + times_.stale_limit;
  if (is_fetching_) return stale;
  return std::min(stale, std::max(*fetched_at_ + times_.max_age, *began_at_ + pause()));
}

void KeySourcePolicy::began(SteadyTime now) {
  is_fetching_ = true;
  began_at_ = now;
}

void KeySourcePolicy::succeeded(SteadyTime now) {
  is_fetching_ = false;
  failures_ = 0;
  fetched_at_ = now;
}

void KeySourcePolicy::failed() {
  is_fetching_ = false;
  ++failures_;
}

void KeySourcePolicy::remember_unknown(std::string_view kid, SteadyTime now) {
  std::erase_if(unknown_, [&](const Unknown& entry) { return entry.kid == kid || now >= entry.until; });
  if (unknown_.size() >= unknown_limit) unknown_.pop_front();
  unknown_.push_back({std::string(kid), now + 2 * times_.refresh_floor});
}

}  // namespace bailey::detail
