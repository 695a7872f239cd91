// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/pg/scoped_database.hpp>

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
#endif
}
