// What takes too long is cancelled, by whichever transport it was asked.
#include <bailey/graphql/graphql.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/request_deadline.hpp>
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

class OperationDeadline : public ::testing::Test {
 protected:
  OperationDeadline() {
    schema_.query("soon", []() -> Task<int> {
      co_await sleep_for(1ms);
      co_return 1;
    });
    schema_.query("never", [this]() -> Task<int> {
      const auto end = std::shared_ptr<void>(nullptr, [this](void*) { --running_; });
      ++running_;
      co_await sleep_for(1h);
      co_return 1;
    });
    schema_.subscription("ticks", [](Emit<int> emit) -> Task<> {
      for (int i = 0; i < 4; ++i) {
        co_await emit(i);
        co_await sleep_for(60ms);
      }
    });
  }
  TestReply ask(App& app, std::string_view query, std::string_view accept) {
    TestClient client(app);
    return client.post("/graphql", json::object{{"query", query}}, {{"Accept", std::string(accept)}});
  }
  // What is cancelled ends a little later.
  [[nodiscard]] bool come_to_end() const {
    for (int i = 0; i < 500 && running_ != 0; ++i) std::this_thread::sleep_for(10ms);
    return running_ == 0;
  }
  Schema schema_;
  std::atomic<int> running_ = 0;
};

TEST_F(OperationDeadline, cancels_what_the_operation_awaits) {
  App app;
  app.graphql("/graphql", schema_, {.operations = {.deadline = 100ms}});
  EXPECT_EQ(ask(app, "{ soon }", "application/json").status, 200);
  for (const char* accept : {"application/json", "application/graphql-response+json"}) {
    const TestReply reply = ask(app, "{ soon never }", accept);
    EXPECT_EQ(reply.status, 504);
    EXPECT_EQ(reply.json().at_pointer("/errors/0/extensions/code"), "DEADLINE_EXCEEDED");
    EXPECT_FALSE(reply.json().as_object().contains("data"));
    EXPECT_TRUE(come_to_end());
  }
  EXPECT_NE(ask(app, "{ never }", "text/event-stream").body.find("DEADLINE_EXCEEDED"), std::string::npos);
  EXPECT_TRUE(come_to_end());
}

TEST_F(OperationDeadline, ends_an_operation_of_a_web_socket_and_no_other) {
  App app;
  app.graphql("/graphql", schema_, {.operations = {.deadline = 100ms}});
  TestClient client(app);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-transport-ws"}});
  socket.send(R"({"type": "connection_init"})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"connection_ack"})");
  socket.send(R"({"type": "subscribe", "id": "s", "payload": {"query": "subscription { ticks }"}})");
  socket.send(R"({"type": "subscribe", "id": "q", "payload": {"query": "{ never }"}})");
  int ticks = 0;
  bool is_refused = false;
  for (int i = 0; i < 6; ++i) {
    const std::string text = socket.receive_text();
    if (text.contains("DEADLINE_EXCEEDED") && text.contains(R"("id":"q")")) is_refused = true;
    if (text.contains("ticks")) ++ticks;
  }
  EXPECT_TRUE(is_refused);
  EXPECT_EQ(ticks, 4) << "a subscription lasts";
  EXPECT_TRUE(come_to_end());
}

TEST_F(OperationDeadline, of_the_app_counts_as_well) {
  App app;
  app.use(request_deadline(100ms));
  app.graphql("/graphql", schema_);
  EXPECT_EQ(ask(app, "{ never }", "application/json").status, 504);
  EXPECT_TRUE(come_to_end());
}

}  // namespace
}  // namespace bailey::graphql
