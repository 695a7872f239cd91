// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/graphql/graphql.hpp>

#include <string>
#include <string_view>

using namespace bailey;
using namespace bailey::graphql;

struct Book {
  std::string title;
};

int main() {
  Schema schema;
#if REFUSED == 1
  schema.query("q", [](Arg<"n"> n) -> const std::string& { return *n; });
#elif REFUSED == 2
  schema.query("q", [](Book book) -> const std::string& { return book.title; });
#elif REFUSED == 3
  schema.query("q", [](const Book& book, Arg<"n">) -> const std::string& { return book.title; });
#elif REFUSED == 4
  schema.query("q", [](const Book& book) -> std::string_view { return book.title; });
#else
  schema.query("q", [](const Book& book) -> const std::string& { return book.title; });
#endif
}
