// The protocol of subscriptions-transport-ws.
#include <bailey/graphql/graphql.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

class LegacySocket : public ::testing::Test {
 protected:
  LegacySocket() {
    Schema schema;
    schema.query("hello", [] { return std::string("world"); });
    schema.subscription("count", [](Arg<"to", int> to, Emit<int> emit) -> Task<> {
      for (int i = 1; i <= *to; ++i) co_await emit(i);
      if (*to > 2) throw GraphQLError("enough", {.code = "ENOUGH"});
    });
    schema.subscription("wait", [this](Emit<int> emit) -> Task<> {
      const auto end = std::shared_ptr<void>(nullptr, [this](void*) { --running_; });
      ++running_;
      co_await emit(1);
      co_await sleep_for(1h);
    });
    app_.graphql("/graphql", schema, {.socket = {.legacy = true}});
    app_.graphql("/new", schema);
  }
  // What is cancelled ends a little later.
  [[nodiscard]] bool come_to_run(int wanted) const {
    for (int i = 0; i < 500 && running_ != wanted; ++i) std::this_thread::sleep_for(10ms);
    return running_ == wanted;
  }
  std::atomic<int> running_ = 0;
  App app_;
};

TEST_F(LegacySocket, answers_queries_and_subscriptions) {
  TestClient client(app_);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-ws"}});
  socket.send(R"({"type": "connection_init", "payload": {}})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"connection_ack"})");
  socket.send(R"({"type": "start", "id": "1", "payload": {"query": "{ hello }"}})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"data","id":"1","payload":{"data":{"hello":"world"}}})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"complete","id":"1"})");
  socket.send(R"({"type": "start", "id": "1", "payload": {"query": "subscription { count(to: 3) }"}})");
  for (const char* number : {"1", "2", "3"})
    EXPECT_NE(socket.receive_text().find("{\"count\":" + std::string(number) + "}"), std::string::npos);
  const std::string failed = socket.receive_text();
  EXPECT_TRUE(failed.starts_with(R"({"type":"error","id":"1","payload":{"message":"enough")")) << failed;
  socket.send(R"({"type": "start", "id": "2", "payload": {"query": "{ nothing }"}})");
  EXPECT_TRUE(socket.receive_text().starts_with(R"({"type":"error","id":"2","payload":{"message":"Cannot query)"));
  socket.send(R"({"type": "what is this"})");
  socket.send(R"({"type": "connection_terminate"})");
  EXPECT_EQ(socket.wait_closed().code, 1000);
}

TEST_F(LegacySocket, stops_what_it_is_told_to_stop_and_what_is_started_anew) {
  TestClient client(app_);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-ws"}});
  socket.send(R"({"type": "connection_init"})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"connection_ack"})");
  for (int i = 0; i < 2; ++i) {
    socket.send(R"({"type": "start", "id": "1", "payload": {"query": "subscription { wait }"}})");
    EXPECT_EQ(socket.receive_text(), R"({"type":"data","id":"1","payload":{"data":{"wait":1}}})");
  }
  EXPECT_TRUE(come_to_run(1));
  socket.send(R"({"type": "stop", "id": "1"})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"complete","id":"1"})");
  EXPECT_TRUE(come_to_run(0));
  socket.send(R"({"type": "stop", "id": "unknown"})");
  socket.send(R"({"type": "start", "id": "2", "payload": {"query": "{ hello }"}})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"data","id":"2","payload":{"data":{"hello":"world"}}})");
}

TEST_F(LegacySocket, is_there_only_where_the_options_say_so) {
  TestClient client(app_);
  EXPECT_EQ(client.ws("/new", {.protocols = {"graphql-ws"}}).wait_closed().code, 4406);
  auto both = client.ws("/graphql", {.protocols = {"graphql-ws", "graphql-transport-ws"}});
  EXPECT_EQ(both.protocol(), "graphql-transport-ws");
}

TEST_F(LegacySocket, starts_nothing_before_it_is_initialised) {
  TestClient client(app_);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-ws"}});
  socket.send(R"({"type": "start", "id": "1", "payload": {"query": "{ hello }"}})");
  EXPECT_EQ(socket.wait_closed().code, 4401);
}

}  // namespace
}  // namespace bailey::graphql
