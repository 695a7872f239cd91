// PostgreSQL without the REST dialect: statements, a user's rights, a transaction.
//
//   eval "$(bailey status -o app)"
//   postgresql
#include <bailey/bailey.hpp>
#include <bailey/pg/scoped_database.hpp>

#include <iostream>

using namespace bailey;

// [as]
struct Square {
  int n;
  std::int64_t square;
};
// [/as]

Task<int> program() {
  // [open]
  Expected<Secret> url = env::required_secret("DATABASE_URL");
  if (!url) throw url.error();
  pg::Options options;
  options.connection_string = *std::move(url);
  options.statement_timeout = std::chrono::seconds(5);
  const pg::Database database(std::move(options));
  // [/open]

  // [run]
  const pg::Rows rows = co_await database.run({"select n, n * n as square from generate_series(1, $1) n", {3}});
  for (const Square& each : rows.as<Square>()) std::cout << each.n << " squared is " << each.square << '\n';
  // [/run]

  // [scope]
  const pg::RlsScope ada{.role = "authenticated",
                         .claims = R"({"sub":"ada00000-0000-4000-8000-000000000001","role":"authenticated"})"};
  const pg::ScopedDatabase as_ada = database.as(ada);
  const pg::Rows who = co_await as_ada.run("select current_user, auth.uid()");
  std::cout << who.get<std::string>(0, 0) << ' ' << who.get<Uuid>(0, 1).to_string() << '\n';
  // [/scope]

  // [transaction]
  const int sum = co_await database.transaction([&](pg::Transaction& transaction) -> Task<int> {
    co_await transaction.run("create temporary table scores (points int) on commit drop");
    co_await transaction.run({"insert into scores values ($1), ($2)", {20, 22}});
    const pg::Rows total = co_await transaction.run("select sum(points) from scores");
    co_return total.get<int>(0, 0);
  });
  // [/transaction]
  std::cout << "together " << sum << '\n';

  // [errors]
  try {
    co_await database.run({"select $1::int", {"seven"}});
  } catch (const pg::SqlError& error) {
    std::cout << error.sqlstate() << ": " << error.message() << '\n';  // 22P02: invalid input syntax for …
  }
  // [/errors]
  co_return 0;
}

int main() try { return run_blocking(program()); } catch (const std::exception& error) {
  return failed(error);
}
