#include <bailey/query/schema_cache.hpp>

#include "query/schema_snapshot.hpp"
#include "query/similarity.hpp"

#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

namespace bailey::query {
namespace {

SchemaCache with_tables(const std::vector<std::string>& names) {
  std::vector<RelationInfo> relations;
  for (const std::string& name : names) relations.push_back({.schema = "public", .name = name});
  return SchemaCache({"public"}, relations);
}

TEST(SchemaCache, suggests_the_name_most_alike) {
  const SchemaCache cache = with_tables({"books", "authors", "Customers"});
  EXPECT_EQ(cache.similar("public", "bookz"), "books");
  EXPECT_EQ(cache.similar("public", "customers"), "Customers");
  EXPECT_EQ(cache.similar("public", "boo"), std::nullopt);
  EXPECT_EQ(cache.similar("private", "books"), std::nullopt);
  EXPECT_EQ(cache.similar("public", std::string(100'000, 'b')), std::nullopt);
}

TEST(SchemaCache, suggests_nothing_in_a_large_schema) {
  std::vector<std::string> names{"books"};
  for (int i = 0; i < 499; ++i) names.push_back("t" + std::to_string(i));
  EXPECT_EQ(with_tables(names).similar("public", "bookz"), std::nullopt);
}

TEST(SchemaCache, reads_what_the_loader_yields) {
  const auto cache = SchemaCache::from_json({"public"}, R"([{"schema":"public","name":"v","kind":"v",
    "columns":[{"name":"mood","type_id":16500,"type":"public.mood","base_type":"public.mood","nullable":false,"default":"'ok'",
                "enum_labels":["ok","sad"],"comment":null}],"primary_key":null,"comment":"a view"}])");
  ASSERT_TRUE(cache);
  const RelationInfo* view = cache->find("public", "v");
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(view->kind, RelationInfo::Kind::view);
  ASSERT_NE(view->column("mood"), nullptr);
  EXPECT_EQ(view->column("mood")->type_id, 16500U);
  EXPECT_EQ(view->column("mood")->enum_labels, (std::vector<std::string>{"ok", "sad"}));
  EXPECT_EQ(view->column("mood")->default_expression, "'ok'");
  EXPECT_EQ(view->column("MOOD"), nullptr);
}

TEST(SchemaCache, refuses_what_is_no_description) {
  for (const std::string text : {"", "{}", "[1]", "[{}]"})
    EXPECT_FALSE(SchemaCache::from_json({"public"}, text)) << text;
}

TEST(SchemaCache, quotes_the_names_of_schemas_for_the_loader) {
  EXPECT_EQ(SchemaCache::schemas_parameter({"public", "we\"ird,\\"}), R"({"public","we\"ird,\\"})");
}

Task<> use_a_snapshot_and_let_it_go() {
  std::weak_ptr<const SchemaCache> latest;
  {
    detail::SchemaSnapshot snapshot;
    EXPECT_EQ(snapshot.load_on_loop(), nullptr);
    for (const std::string name : {"books", "authors"}) {
      snapshot.store(std::make_shared<SchemaCache>(with_tables({name})));
      EXPECT_EQ(snapshot.load_on_loop(), snapshot.load());
    }
    latest = snapshot.load();
  }
  co_await sleep_for(std::chrono::milliseconds(1));  // the loop lets go in a later turn
  EXPECT_TRUE(latest.expired());
  co_return;
}

TEST(SchemaSnapshot, leaves_nothing_on_a_loop_once_it_is_gone) { run_blocking(use_a_snapshot_and_let_it_go()); }

TEST(Similarity, is_one_for_equal_and_less_the_more_edits) {
  EXPECT_DOUBLE_EQ(detail::similarity("", ""), 1);
  EXPECT_DOUBLE_EQ(detail::similarity("Books", "bOOKs"), 1);
  EXPECT_DOUBLE_EQ(detail::similarity("books", "bookz"), 0.8);
  EXPECT_DOUBLE_EQ(detail::similarity("kitten", "sitting"), 1 - 3.0 / 7);
  EXPECT_DOUBLE_EQ(detail::similarity("abc", ""), 0);
}

}  // namespace
}  // namespace bailey::query
