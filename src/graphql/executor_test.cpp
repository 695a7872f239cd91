#include <bailey/graphql/executor.hpp>

#include <bailey/graphql/graphql.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

struct Book {
  std::string name;
  int pages = 0;
};
struct Catalogue {
  std::vector<Book> books;
};

Schema library() {
  Schema schema;
  schema.query("books", [](const Catalogue& catalogue, Arg<"mostPages", int, Number{.default_value = 1000}> most) {
    std::vector<Book> books;
    for (const Book& book : catalogue.books)
      if (book.pages <= *most) books.push_back(book);
    return books;
  });
  schema.query("user", [](const Request& request) { return request.state().user_id(); });
  schema.mutation("fail", []() -> Task<std::optional<int>> {
    co_await sleep_for(1ms);
    throw GraphQLError("no", {.code = "NO"});
  });
  schema.subscription("count", [](Arg<"to", int> to, Emit<int> emit) -> Task<> {
    for (int i = 1; i <= *to; ++i) co_await emit(i);
  });
  return schema;
}

const Catalogue two_books{{{"Emma", 474}, {"Chamber Music", 52}}};

TEST(Executor, executes_what_the_schema_has) {
  // [executor]
  Executor executor(library());
  executor.provide(two_books);
  const Executed all = executor.execute("{ books { name pages } }");
  EXPECT_TRUE(all.errors.empty());
  EXPECT_EQ(all.at<std::vector<Book>>("/books").at(1).name, "Chamber Music");
  // [/executor]
  const Executed few = executor.execute("query A { __typename } query B($n: Int!) { books(mostPages: $n) { name } }",
                                        {.variables = {{"n", 100}}, .operation_name = "B"});
  EXPECT_EQ(few.at<std::string>("/books/0/name"), "Chamber Music");
}

TEST(Executor, gives_errors_as_a_response_has_them) {
  Executor executor(library());
  executor.provide(two_books);
  const Executed failed = executor.execute("mutation { fail }");
  EXPECT_TRUE(failed.was_executed);
  EXPECT_EQ(failed.errors.at(0).at_pointer("/extensions/code"), "NO");
  EXPECT_EQ(failed.data.at("fail"), nullptr);
  const Executed invalid = executor.execute("{ nothing }");
  EXPECT_FALSE(invalid.was_executed);
  EXPECT_EQ(invalid.errors.size(), 1U);
  EXPECT_THROW(static_cast<void>(invalid.at<int>("/nothing")), Error);
  EXPECT_THROW(static_cast<void>(executor.execute("{ books { name } }").at<int>("/books")), Error);
}

TEST(Executor, asks_as_whom_its_guard_admits) {
  Executor executor(library());
  const Uuid id = *Uuid::parse("00000000-0000-0000-0000-000000000007");
  executor.provide(two_books).use(Guard{.name = "test", .admit = [id](Request& request) -> Before {
                                          request.state().set_identity(id);
                                          return Pass{};
                                        }});
  EXPECT_EQ(executor.execute("{ user }").at<Uuid>("/user"), id);
}

TEST(Executor, says_what_nobody_provides) {
  Executor executor(library());
  EXPECT_THROW(static_cast<void>(executor.execute("{ __typename }")), Error);
}

TEST(Executor, gives_all_events_of_a_subscription) {
  Executor executor(library());
  executor.provide(two_books);
  const std::vector<Executed> events = executor.subscribe("subscription { count(to: 3) }");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].at<int>("/count"), 3);
  ASSERT_EQ(executor.subscribe("subscription { nothing }").size(), 1U);
  EXPECT_FALSE(executor.subscribe("subscription { nothing }")[0].was_executed);
}

}  // namespace
}  // namespace bailey::graphql
