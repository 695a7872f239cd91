#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/supabase/identity.hpp>

#include "base/sip_hash.hpp"

#include <cstddef>
#include <list>
#include <string_view>
#include <unordered_map>

namespace bailey::detail {

// Verified tokens and their identities; the least recently used is dropped first. One thread. No I/O and no clock: an
// entry says until when it is valid, and the caller of `find` checks that.
class TokenCache {
 public:
  TokenCache(std::size_t entry_limit, std::size_t byte_limit);

  struct Entry {
    std::uint64_t hash;
    UnixSeconds holds_until;    // the token's own time
    SteadyTime believed_until;  // and for how long the word of somebody else is taken for it
    std::size_t bytes;
    Identity identity;
  };

  // The entry of exactly this token, every byte of it compared. No allocation. Valid until the next call.
  [[nodiscard]] const Entry* find(std::string_view token) noexcept;

  // Keeps an identity under its own token; nothing that alone is over the limit. Looks for entries that no longer hold
  // at `now` meanwhile.
  void insert(const Identity& identity, UnixSeconds holds_until, UnixSeconds now,
              SteadyTime believed_until = SteadyTime::max());
  void erase(std::string_view token) noexcept;
  void clear() noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct SameHash {  // keyed already
    std::size_t operator()(std::uint64_t hash) const noexcept { return hash; }
  };
  using Entries = std::list<Entry>;  // the latest used first

  [[nodiscard]] std::uint64_t hash_of(std::string_view token) const noexcept;
  void erase(Entries::iterator entry) noexcept;

  std::size_t entry_limit_;
  std::size_t byte_limit_;
  SipHash hash_;
  Entries entries_;
  std::unordered_map<std::uint64_t, Entries::iterator, SameHash> index_;
  std::size_t bytes_ = 0;
};

}  // namespace bailey::detail
