// The database of bench/graphql: a private PostgreSQL with the owners of the cards in it, until its input ends. Prints
// how to connect.
#include "tests/support/postgres_server.hpp"

#include <cstdio>

int main() {
  const bailey::test::PostgresServer server;
  server.execute(
      "create table people (id int primary key, name text not null, email text not null);"
      "insert into people select n, 'Person number ' || n, 'person' || n || '@example.com' from generate_series(1, "
      "1000) n;"
      "analyze people");
  std::puts(server.url().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}
