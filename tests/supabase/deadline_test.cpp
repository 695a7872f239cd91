// A request that is out of time, or whose client has gone, takes along what it has running elsewhere: the statement in
// PostgreSQL, the request to another server.
#include <bailey/http/client.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/request_deadline.hpp>

#include "http/client_test_server.hpp"
#include "tests/support/postgres_server.hpp"
#include "web/served_app.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using web_testing::Served;

const std::string request = "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

template <class F>
bool comes_true(F holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

class Statement : public testing::Test {
 protected:
  // Statements of ours that the server runs. The text is in no other query's.
  [[nodiscard]] static bool runs() {
    return PostgresServer::shared().query(
               "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(' || '60)%'") !=
           "0";
  }
  [[nodiscard]] static pg::Database connected() {
    return pg::Database({.connection_string = Secret(PostgresServer::shared().connection_string())});
  }
  static void build(App& app, const pg::Database& database) {
    app.get("/slow", [&database]() -> Task<std::string> {
      co_await database.run("select pg_sleep(60)");
      co_return "done";
    });
  }
};

TEST_F(Statement, is_cancelled_in_postgresql_at_the_requests_deadline) {
  const pg::Database database = connected();
  App app;
  app.use(request_deadline(300ms));
  build(app, database);
  Served served(app, 1);
  const auto begun = std::chrono::steady_clock::now();
  const std::string answer = served.talk(request);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  EXPECT_TRUE(comes_true([] { return !runs(); }));
}

TEST_F(Statement, is_cancelled_in_postgresql_when_the_client_goes) {
  const pg::Database database = connected();
  App app;
  build(app, database);
  Served served(app, 1);
  boost::asio::io_context io;
  std::optional<boost::asio::ip::tcp::socket> socket(io);
  socket->connect(served.endpoint());
  boost::asio::write(*socket, boost::asio::buffer(request));
  ASSERT_TRUE(comes_true(runs));
  socket.reset();
  EXPECT_TRUE(comes_true([] { return !runs(); }));
}

TEST(OtherServer, is_no_longer_asked_after_the_requests_deadline) {
  http::test::RawServer silent([](const std::string&) { return std::nullopt; });
  const http::Client client;
  App app;
  app.use(request_deadline(300ms));
  app.get("/slow", [&client, url = silent.url()]() -> Task<std::string> {
    http::ClientRequest asked{.url = url};
    const auto answer = co_await client.send(std::move(asked));
    co_return answer ? answer->body : answer.error().code();
  });
  Served served(app, 1);
  const std::string answer = served.talk(request);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
  EXPECT_EQ(silent.requests(), 1);
  EXPECT_TRUE(comes_true([&] { return silent.open_connections() == 0; }));
}

}  // namespace
}  // namespace bailey::test
