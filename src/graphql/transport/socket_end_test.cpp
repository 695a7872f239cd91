// What a WebSocket still does once it has been ended, and who it is.
#include <bailey/graphql/graphql.hpp>

#include <bailey/base/clock.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

constexpr std::string_view init = R"({"type": "connection_init"})";
constexpr std::string_view ack = R"({"type":"connection_ack"})";

std::string subscribe(std::string_view id, std::string_view query) {
  return to_json_text(json::object{{"type", "subscribe"}, {"id", id}, {"payload", {{"query", query}}}});
}
std::string complete(std::string_view id) { return to_json_text(json::object{{"type", "complete"}, {"id", id}}); }

class SocketEnd : public ::testing::Test {
 protected:
  SocketEnd() {
    schema_.query("hello", [] { return 1; });
    // Whoever has had enough of it has to wait all the same, until it is let go.
    schema_.query("stubborn", [this, pool = std::make_shared<BlockingPool>()]() -> Task<bool> {
      co_await pool->run([this] {
        ++begun_;
        let_go_.wait(false);
      });
      co_return true;
    });
    schema_.mutation("change", [this] { return ++changes_; });
    schema_.subscription("endless", [](Emit<int> emit) -> Task<> {
      for (int i = 0;; ++i) co_await emit(i);
    });
  }
  ~SocketEnd() override { let_go(); }

  // Two operations that the client has had enough of, but that have not stopped: what comes behind them waits. Once a
  // thread has begun them, for before that they would stop at once.
  void occupy(TestWebSocket& socket) {
    for (const char* id : {"1", "2"}) socket.send(subscribe(id, "{ stubborn }"));
    for (int i = 0; i < 2000 && begun_ < 2; ++i) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(begun_, 2);
    for (const char* id : {"1", "2"}) socket.send(complete(id));
  }
  void let_go() {
    let_go_ = true;
    let_go_.notify_all();
  }

  // What the client is told at the end. The connection itself ends when all that runs for it has.
  static std::uint16_t told_at_the_end(TestWebSocket& socket) {
    try {
      for (;;) static_cast<void>(socket.receive());
    } catch (const http::WebSocketDisconnect& end) {
      return end.closed().code;
    }
  }

  std::atomic<bool> let_go_ = false;
  std::atomic<int> begun_ = 0;
  std::atomic<int> changes_ = 0;
  Schema schema_;
};

// Both messages wait behind operations that take their time to stop, and come to their turn when the token has expired.
TEST_F(SocketEnd, carries_out_nothing_any_more_once_the_token_has_expired) {
  App app;
  app.use(Guard{.name = "short", .admit = [](Request& request) -> Before {
                  request.state().set_identity(std::nullopt);
                  request.expire_at(system_clock().now() + 4s);
                  return Pass{};
                }});
  app.graphql("/graphql", schema_, {.socket = {.max_operations = 2}});
  TestClient client(app);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-transport-ws"}});
  socket.send(init);
  EXPECT_EQ(socket.receive_text(), ack);
  occupy(socket);
  socket.send(subscribe("3", "mutation { change }"));
  socket.send(subscribe("4", "mutation { change }"));
  EXPECT_EQ(told_at_the_end(socket), 4401);
  let_go();
  EXPECT_EQ(socket.wait_closed().code, 4401);
  EXPECT_EQ(changes_, 0);
}

TEST_F(SocketEnd, carries_out_nothing_that_came_behind_a_message_that_is_none) {
  App app;
  app.graphql("/graphql", schema_, {.socket = {.max_operations = 2}});
  TestClient client(app);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-transport-ws"}});
  socket.send(init);
  EXPECT_EQ(socket.receive_text(), ack);
  occupy(socket);
  socket.send(subscribe("3", "{ hello }"));  // waits for room, and all that comes behind it with it
  socket.send("{");
  socket.send(subscribe("4", "mutation { change }"));
  let_go();
  EXPECT_EQ(told_at_the_end(socket), 4400);
  EXPECT_EQ(socket.wait_closed().code, 4400);
  EXPECT_EQ(changes_, 0);
}

TEST_F(SocketEnd, of_an_operation_that_never_waits_holds_up_nobody) {
  App app;
  app.graphql("/graphql", schema_);
  TestClient client(app);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-transport-ws"}});
  socket.send(init);
  EXPECT_EQ(socket.receive_text(), ack);
  for (int round = 0; round < 30; ++round) {
    const std::string id = std::to_string(round);
    socket.send(subscribe(id, "subscription { endless }"));
    for (int i = 0; i < 10 * round; ++i) static_cast<void>(socket.receive_text());
    socket.send(complete(id));
    socket.send(subscribe("hello" + id, "{ hello }"));
    while (!socket.receive_text().contains("hello" + id)) {
    }
  }
}

TEST_F(SocketEnd, comes_to_who_brings_another_token_later) {
  App app;
  app.graphql("/graphql", schema_, {.socket = {.legacy = true}});
  TestClient client(app);
  for (const char* payload : {R"({"Authorization": "Bearer b"})", R"({"access_token": "b"})"}) {
    auto socket = client.ws("/graphql", {.protocols = {"graphql-ws"}});
    socket.send(init);
    EXPECT_EQ(socket.receive_text(), ack);
    socket.send(init);
    EXPECT_EQ(socket.receive_text(), ack) << "which the older protocol does not forbid";
    socket.send(R"({"type": "connection_init", "payload": )" + std::string(payload) + "}");
    EXPECT_EQ(socket.wait_closed().code, 4429) << "it would be told that it is somebody whom it is not";
  }
}

}  // namespace
}  // namespace bailey::graphql
