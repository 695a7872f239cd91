// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/pg/scoped_database.hpp>

#include <memory>
#include <string_view>
#include <utility>

using namespace bailey;

struct Look {
  std::string_view name;
};

void use(const pg::Rows& rows, pg::ScopedDatabase database) {
#if REFUSED == 1
  auto read = rows.as<Look>();
#elif REFUSED == 2
  auto read = rows.as<int>();
#elif REFUSED == 3
  auto run = database.run("select 1", {.scope = std::nullopt});
#elif REFUSED == 4
  pg::Database bare = database;
#elif REFUSED == 5
  auto run = database.script("reset role");
#elif REFUSED == 6
  auto letter = rows.get<char>(0, 0);
#elif REFUSED == 7
  auto pointed = rows.get<std::unique_ptr<int>>(0, 0);
#endif
}
