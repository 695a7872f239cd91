// The key is the whole token: a hit is decided by comparing all of it. The hash only finds the place, so it is taken of
// the token's end, its signature: 32 characters that nobody can choose for a token that verifies, and only such tokens
// are ever put in. A stranger's token with another's signature lands in the same place and fails the comparison.
#include "supabase/token_cache.hpp"

#include <bailey/base/random.hpp>

#include <array>
#include <span>

namespace bailey::detail {
namespace {

constexpr std::size_t hashed_bytes = 32;
constexpr std::size_t bookkeeping_bytes = 512;  // nodes, the identity's state, small strings

std::array<std::uint64_t, 2> random_key() {
  std::array<std::uint64_t, 2> key;
  random_bytes(std::as_writable_bytes(std::span(key)));
  return key;
}

}  // namespace

TokenCache::TokenCache(std::size_t entry_limit, std::size_t byte_limit)
    : entry_limit_(entry_limit), byte_limit_(byte_limit), hash_(random_key()) {}

std::uint64_t TokenCache::hash_of(std::string_view token) const noexcept {
  return hash_(token.size() > hashed_bytes ? token.substr(token.size() - hashed_bytes) : token);
}

const TokenCache::Entry* TokenCache::find(std::string_view token) noexcept {
  const auto found = index_.find(hash_of(token));
  if (found == index_.end() || found->second->identity.token() != token) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &*found->second;
}

void TokenCache::insert(const Identity& identity, UnixSeconds holds_until, UnixSeconds now, SteadyTime believed_until) {
  const std::size_t bytes = identity.token().size() + identity.claims_json().size() + bookkeeping_bytes;
  if (entry_limit_ == 0 || bytes > byte_limit_) return;
  const std::uint64_t hash = hash_of(identity.token());
  if (const auto present = index_.find(hash); present != index_.end()) erase(present->second);
  for (int i = 0; i < 2 && !entries_.empty() && entries_.back().holds_until <= now; ++i)
    erase(std::prev(entries_.end()));
  while (entries_.size() >= entry_limit_ || bytes_ + bytes > byte_limit_) erase(std::prev(entries_.end()));
  entries_.push_front({.hash = hash,
                       .holds_until = holds_until,
                       .believed_until = believed_until,
                       .bytes = bytes,
                       .identity = identity});
  bytes_ += bytes;
  index_[hash] = entries_.begin();
}

void TokenCache::erase(std::string_view token) noexcept {
  const auto found = index_.find(hash_of(token));
  if (found != index_.end() && found->second->identity.token() == token) erase(found->second);
}

void TokenCache::erase(Entries::iterator entry) noexcept {
  bytes_ -= entry->bytes;
  index_.erase(entry->hash);
  entries_.erase(entry);
}

void TokenCache::clear() noexcept {
  index_.clear();
  entries_.clear();
  bytes_ = 0;
}

}  // namespace bailey::detail
