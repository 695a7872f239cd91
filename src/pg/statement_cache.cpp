#include "pg/statement_cache.hpp"

#include <algorithm>
#include <functional>

namespace bailey::pg::detail {

std::size_t StatementCache::hash(std::string_view role, std::string_view sql,
                                 const std::vector<Parameter>& parameters) noexcept {
  constexpr std::size_t factor = 0x9E3779B97F4A7C15;
  std::size_t sum = std::hash<std::string_view>{}(sql) ^ (std::hash<std::string_view>{}(role)*factor);
  for (const Parameter& parameter : parameters) sum = (sum ^ parameter.type) * factor;
  return sum;
}

StatementCache::Found StatementCache::find_or_add(std::string_view role, std::string_view sql,
                                                  const std::vector<Parameter>& parameters) {
  const std::size_t key = hash(role, sql, parameters);
  const auto [first, last] = by_hash_.equal_range(key);
  for (auto candidate = first; candidate != last; ++candidate) {
    const Entries::iterator entry = candidate->second;
    if (entry->sql != sql || entry->role != role ||
        !std::ranges::equal(entry->types, parameters, {}, {}, &Parameter::type))
      continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return {entry->id, false, entry->proven};
  }
  if (entries_.size() >= limit_) {
    evicted_.push_back(entries_.back().id);
    erase(std::prev(entries_.end()));
  }
  Entry entry{.role = std::string(role), .sql = std::string(sql), .types = {}, .id = ++last_id_};
  for (const Parameter& parameter : parameters) entry.types.push_back(parameter.type);
  entries_.push_front(std::move(entry));
  by_hash_.emplace(key, entries_.begin());
  return {last_id_, true, false};
}

void StatementCache::prove(Id id) noexcept {
  if (const auto entry = with_id(id); entry != entries_.end()) entry->proven = true;
}

void StatementCache::forget(Id id) noexcept {
  if (const auto entry = with_id(id); entry != entries_.end()) erase(entry);
}

void StatementCache::discard(Id id) {
  if (const auto entry = with_id(id); entry != entries_.end()) {
    evicted_.push_back(id);
    erase(entry);
  }
}

void StatementCache::clear() noexcept {
  by_hash_.clear();
  entries_.clear();
  evicted_.clear();
}

StatementCache::Entries::iterator StatementCache::with_id(Id id) noexcept {
  return std::ranges::find(entries_, id, &Entry::id);
}

void StatementCache::erase(Entries::iterator entry) noexcept {
  const auto found = std::ranges::find_if(by_hash_, [&](const auto& pair) { return pair.second == entry; });
  if (found != by_hash_.end()) by_hash_.erase(found);
  entries_.erase(entry);
}

}  // namespace bailey::pg::detail
