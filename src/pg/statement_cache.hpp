#pragma once

#include <bailey/pg/statement.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bailey::pg::detail {

// Which statements one connection has prepared, under which number. Keyed by role, SQL text and parameter types: a plan
// made under row-level security belongs to a role and would be made anew at each change of it.
//
// An entry is unproven until the server has confirmed its preparation. Bounded; what it evicts is to be deallocated.
class StatementCache {
 public:
  using Id = std::uint32_t;  // the name on the server is 'b' and this number; never used twice

  explicit StatementCache(std::size_t limit) : limit_(limit == 0 ? 1 : limit) {}

  struct Found {
    Id id;
    bool fresh;   // to be prepared now
    bool proven;  // the server has confirmed it before
  };
  Found find_or_add(std::string_view role, std::string_view sql, const std::vector<Parameter>& parameters);

  void prove(Id id) noexcept;
  void forget(Id id) noexcept;  // the server does not have it
  void discard(Id id);          // the server has it and it is of no use: to be deallocated
  void clear() noexcept;        // the server has none of them any more

  // Numbers to deallocate, oldest first; handed out once.
  [[nodiscard]] std::vector<Id> take_evicted() noexcept { return std::exchange(evicted_, {}); }
  [[nodiscard]] bool has_evicted() const noexcept { return !evicted_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string role, sql;
    std::vector<TypeId> types;
    Id id;
    bool proven = false;
  };
  using Entries = std::list<Entry>;  // most recently used first

  [[nodiscard]] static std::size_t hash(std::string_view role, std::string_view sql,
                                        const std::vector<Parameter>& parameters) noexcept;
  [[nodiscard]] Entries::iterator with_id(Id id) noexcept;
  void erase(Entries::iterator entry) noexcept;

  std::size_t limit_;
  Id last_id_ = 0;
  Entries entries_;
  std::unordered_multimap<std::size_t, Entries::iterator> by_hash_;
  std::vector<Id> evicted_;
};

}  // namespace bailey::pg::detail
