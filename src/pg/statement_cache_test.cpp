#include "pg/statement_cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <set>

namespace bailey::pg::detail {
namespace {

using Id = StatementCache::Id;

TEST(StatementCache, keeps_statements_apart_by_role_text_and_types) {
  StatementCache cache(10);
  const std::vector<Parameter> untyped{Parameter("1")};
  const std::vector<Parameter> typed{Parameter("1", type::int4)};
  std::set<Id> ids;
  for (const char* role : {"anon", "authenticated"})
    for (const char* sql : {"select $1", "select $1 "})
      for (const auto* parameters : {&untyped, &typed}) {
        const auto first = cache.find_or_add(role, sql, *parameters);
        EXPECT_TRUE(first.fresh);
        const auto again = cache.find_or_add(role, sql, *parameters);
        EXPECT_FALSE(again.fresh);
        EXPECT_EQ(again.id, first.id);
        ids.insert(first.id);
      }
  EXPECT_EQ(ids.size(), 8U);
}

TEST(StatementCache, is_proven_only_by_the_server) {
  StatementCache cache(10);
  const Id id = cache.find_or_add("", "a", {}).id;
  EXPECT_FALSE(cache.find_or_add("", "a", {}).proven);
  cache.prove(id);
  EXPECT_TRUE(cache.find_or_add("", "a", {}).proven);
  cache.forget(id);
  EXPECT_TRUE(cache.find_or_add("", "a", {}).fresh);
  EXPECT_FALSE(cache.has_evicted());
}

TEST(StatementCache, hands_out_what_is_discarded_for_deallocation_once) {
  StatementCache cache(10);
  const Id id = cache.find_or_add("", "a", {}).id;
  cache.discard(id);
  cache.discard(id);
  EXPECT_EQ(cache.take_evicted(), std::vector<Id>{id});
  EXPECT_FALSE(cache.has_evicted());
}

// Against a slow and obvious cache.
TEST(StatementCache, evicts_the_least_recently_used_as_a_plain_list_would) {
  std::mt19937 random(7);
  StatementCache cache(5);
  std::deque<std::pair<std::string, Id>> plain;
  for (int step = 0; step < 20'000; ++step) {
    const std::string sql(1, static_cast<char>('a' + random() % 9));
    const auto known = std::ranges::find(plain, sql, &std::pair<std::string, Id>::first);
    const auto found = cache.find_or_add("", sql, {});
    ASSERT_EQ(found.fresh, known == plain.end());
    if (known != plain.end()) {
      ASSERT_EQ(found.id, known->second);
      plain.erase(known);
    }
    plain.emplace_front(sql, found.id);
    std::vector<Id> evicted;
    if (plain.size() > 5) {
      evicted.push_back(plain.back().second);
      plain.pop_back();
    }
    ASSERT_EQ(cache.take_evicted(), evicted);
    ASSERT_EQ(cache.size(), plain.size());
  }
}

}  // namespace
}  // namespace bailey::pg::detail
