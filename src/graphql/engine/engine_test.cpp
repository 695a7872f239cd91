#include <graphql/engine/engine.hpp>

#include <bailey/graphql/schema.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

struct Item {
  int number = 0;
  std::string text;
};

std::shared_ptr<const CompiledSchema> schema_of_items() {
  Schema schema;
  schema.query("hello", [] { return std::string("world"); });
  schema.query("items", [](Arg<"limit", int, Number{.default_value = 3}>) { return std::vector<Item>{}; });
  return schema.compile();
}

std::string refusal(Engine& engine, std::string_view text, std::string_view name = {}, json::object variables = {}) {
  const auto ready = engine.ready(text, name, std::move(variables));
  return ready ? "" : ready.error().errors.front().message;
}

TEST(Engine, ADocumentIsReadOnceHoweverOftenItIsAsked) {
  Engine engine(schema_of_items(), {});
  const auto first = engine.ready("{ hello }", "", {});
  const auto second = engine.ready("{ hello }", "", {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->document, second->document);
  EXPECT_EQ(first->plan, second->plan);
}

TEST(Engine, TheDocumentsAskedLastAreKept) {
  Engine engine(schema_of_items(), {.cached_documents = 2});
  const auto a = engine.ready("{ a: hello }", "", {});
  const auto b = engine.ready("{ b: hello }", "", {});
  EXPECT_EQ(engine.ready("{ a: hello }", "", {})->document, a->document) << "asked again, it is the last";
  static_cast<void>(engine.ready("{ c: hello }", "", {}));
  EXPECT_EQ(engine.ready("{ a: hello }", "", {})->document, a->document);
  EXPECT_NE(engine.ready("{ b: hello }", "", {})->document, b->document) << "read anew";
}

TEST(DocumentCache, IsBoundedByTheMemoryThatDocumentsTakeNotByTheirTexts) {
  const auto schema = schema_of_items();
  const auto prepared = [&schema](char name) {
    std::string text = "{ ";
    for (int i = 0; i < 1'000; ++i) text.append(1, name).append(std::to_string(i)).append(":hello ");
    return std::make_shared<const PreparedDocument>(schema, *parse(text + "}", {}));
  };
  const auto first = prepared('a');
  const auto second = prepared('b');
  const std::size_t size = first->document().size_in_memory();
  EXPECT_GT(size, 3 * first->document().text().size()) << "nodes take more than what they are written as";
  DocumentCache cache({.documents = 10, .bytes = size + size / 2});
  cache.keep(first);
  cache.keep(second);
  EXPECT_EQ(cache.find(first->document().text()), nullptr);
  EXPECT_EQ(cache.find(second->document().text()), second);
  DocumentCache small({.documents = 10, .bytes = size / 2});
  small.keep(first);
  EXPECT_EQ(small.find(first->document().text()), nullptr);
}

// A document of so many fields.
std::shared_ptr<const PreparedDocument> document_of_fields(char name, int count) {
  std::string text = "{ ";
  for (int i = 0; i < count; ++i) text.append(1, name).append(std::to_string(i)).append(":hello ");
  return std::make_shared<const PreparedDocument>(schema_of_items(), *parse(text + "}", {.max_tokens = 0}));
}

TEST(DocumentCache, CountsThePlansOfDocumentsToo) {
  const auto first = document_of_fields('a', 1'000);
  const auto second = document_of_fields('b', 1'000);
  DocumentCache cache({.documents = 10, .bytes = 2 * first->size_in_memory() + 10'000});
  cache.keep(first);
  cache.keep(second);
  EXPECT_EQ(cache.find(first->document().text()), first);
  const std::size_t before = second->size_in_memory();
  const auto plan = second->plan(second->operations().front(), 0);
  EXPECT_EQ(second->plan(second->operations().front(), 0), plan);
  EXPECT_GT(second->size_in_memory(), before + 1'000 * sizeof(detail::PlannedField));
  EXPECT_EQ(cache.find(second->document().text()), second);
  cache.weigh(*second);
  EXPECT_EQ(cache.find(first->document().text()), nullptr);
  EXPECT_EQ(cache.find(second->document().text()), second);
}

TEST(PreparedDocument, MakesPlansAnewThatAreTooLargeToBeKept) {
  const auto large = document_of_fields('a', 50'000);
  const std::size_t before = large->size_in_memory();
  EXPECT_NE(large->plan(large->operations().front(), 0), large->plan(large->operations().front(), 0));
  EXPECT_EQ(large->size_in_memory(), before);
}

TEST(Engine, APlanIsMadeForWhatIsSkippedAndIncluded) {
  Engine engine(schema_of_items(), {});
  constexpr std::string_view text = "query ($a: Boolean!) { hello items @include(if: $a) { text } }";
  const auto with = engine.ready(text, "", {{"a", true}});
  const auto without = engine.ready(text, "", {{"a", false}});
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->plan->root->fields.size(), 2U);
  EXPECT_EQ(without->plan->root->fields.size(), 1U);
  EXPECT_EQ(engine.ready(text, "", {{"a", true}})->plan, with->plan);
}

TEST(Engine, AnOperationIsChosenByItsName) {
  Engine engine(schema_of_items(), {});
  constexpr std::string_view two = "query A { hello } query B { items { text } }";
  EXPECT_EQ(refusal(engine, two), "Must provide operation name if query contains multiple operations.");
  EXPECT_EQ(refusal(engine, two, "C"), "Unknown operation named \"C\".");
  EXPECT_EQ(engine.ready(two, "B", {})->operation->name.text, "B");
}

TEST(Engine, IntrospectionIsSwitchedOffWherePossibleHidingPlacesAreFound) {
  Engine engine(schema_of_items(), production_operations());
  constexpr std::string_view sentence =
      "GraphQL introspection is switched off here: the query contained __schema or __type.";
  EXPECT_EQ(refusal(engine, "{ __schema { queryType { name } } }"), sentence);
  EXPECT_EQ(refusal(engine, "{ ...F } fragment F on Query { ... { x: __type(name: \"Item\") { name } } }"), sentence);
  EXPECT_EQ(refusal(engine, "{ __typename hello }"), "");
  EXPECT_EQ(refusal(engine, "{ helo }"), "Cannot query field \"helo\" on type \"Query\".") << "without a suggestion";
}

TEST(Engine, AnOperationThatCostsTooMuchWithItsVariablesIsRefused) {
  Engine engine(schema_of_items(), {.max_cost = 50});
  constexpr std::string_view text = "query ($n: Int) { items(limit: $n) { text number } }";
  EXPECT_EQ(refusal(engine, text, "", {{"n", 10}}), "");
  EXPECT_EQ(refusal(engine, text, "", {{"n", 1000}}), "The operation costs more than this API allows.");
}

TEST(Engine, ThreadsShareDocumentsAndPlans) {
  Engine engine(schema_of_items(), {.cached_documents = 4});
  std::atomic<int> faults = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&engine, &faults, thread] {
      for (int i = 0; i < 200; ++i) {
        const std::string text =
            "query ($a: Boolean!) { a" + std::to_string((i + thread) % 7) + ": hello items @skip(if: $a) { text } }";
        const auto ready = engine.ready(text, "", {{"a", i % 2 == 0}});
        if (!ready || ready->plan->root->fields.size() != (i % 2 == 0 ? 1U : 2U)) ++faults;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(faults, 0);
}

TEST(Engine, LeavesNoFieldOfAMutationRunningThatIsCancelledBetweenTwo) {
  // How many turns of the loop the first field has ended before: in one of them nothing waits for it any more, and the
  // mutation has not gone on yet.
  for (int turns = 0; turns < 6; ++turns) {
    SCOPED_TRACE(turns);
    Event first_may_end;
    int running = 0;
    Schema schema;
    schema.query("hello", [] { return 1; });
    schema.mutation("first", [&first_may_end]() -> Task<int> {
      co_await first_may_end.wait();
      co_return 1;
    });
    schema.mutation("second", [&running]() -> Task<int> {
      const auto end = std::shared_ptr<void>(nullptr, [&running](void*) { --running; });
      ++running;
      co_await sleep_for(1h);
      co_return 2;
    });
    Engine engine(schema.compile(), {.deadline = 0ms});
    const auto ready = engine.ready("mutation { first second }", "", {});
    ASSERT_TRUE(ready);
    Request request;
    run_blocking([&]() -> Task<> {
      const auto cancel = [&]() -> Task<> {
        first_may_end.set();
        for (int turn = 0; turn < turns; ++turn) co_await boost::asio::post(Loop::current().executor(), use_task);
      };
      const auto first = co_await when_any(engine.execute(*ready, request, {}), cancel());
      EXPECT_EQ(first.index(), 1U);
      EXPECT_EQ(running, 0);
    });
  }
}

}  // namespace
}  // namespace bailey::graphql
