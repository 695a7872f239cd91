// What is answered over a WebSocket is what HTTP answers, in both sub-protocols.
#include <bailey/graphql/graphql.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

// Says that it was there, and refuses operations of the name that it is given.
class Tells : public Extension {
 public:
  void begin(Phase phase, const OperationView& operation) override {
    if (phase == Phase::execution && operation.name == "Refused") throw GraphQLError("no", {.code = "NO"});
  }
  void add_to(json::object& extensions) override { extensions["told"] = true; }
};

class SocketAnswers : public ::testing::TestWithParam<std::string_view> {
 protected:
  SocketAnswers() {
    Schema schema;
    schema.query("hello", [](Arg<"to", int> to) { return *to; });
    schema.query("never", []() -> Task<int> {
      co_await sleep_for(1h);
      co_return 1;
    });
    app_.graphql("/plain", schema, {.operations = {.deadline = 50ms}, .socket = {.legacy = true}});
    schema.extension([] { return std::make_unique<Tells>(); });
    app_.graphql("/telling", schema, {.operations = {.deadline = 50ms}, .socket = {.legacy = true}});
  }
  [[nodiscard]] static bool is_legacy() { return GetParam() == "graphql-ws"; }
  App app_;
};

constexpr std::string_view failing[] = {
    "{",
    "{ nothing }",
    "{ hello }",
    "query A { hello(to: 1) } query B { hello(to: 1) }",
    "query ($to: Int!) { hello(to: $to) }",
    "query Refused { hello(to: 1) }",
    "{ never }",
};

TEST_P(SocketAnswers, say_of_what_was_not_executed_all_that_http_says) {
  TestClient client(app_);
  for (const std::string_view path : {"/plain", "/telling"}) {
    auto socket = client.ws(path, {.protocols = {std::string(GetParam())}});
    socket.send(R"({"type": "connection_init"})");
    EXPECT_EQ(socket.receive_text(), R"({"type":"connection_ack"})");
    for (const std::string_view query : failing) {
      const json::object operation{{"query", query}};
      const json::object by_http = client.post(path, operation).json().as_object();
      socket.send(to_json_text(
          json::object{{"id", "1"}, {"type", is_legacy() ? "start" : "subscribe"}, {"payload", operation}}));
      const json::object message = try_parse_json(socket.receive_text())->as_object();
      if (message.at("type") == "error") {
        EXPECT_FALSE(by_http.contains("extensions")) << path << query;
        EXPECT_EQ(message.at("payload"), is_legacy() ? by_http.at("errors").at(0) : by_http.at("errors")) << query;
        continue;
      }
      EXPECT_EQ(message.at("type"), is_legacy() ? "data" : "next");
      EXPECT_EQ(message.at("payload"), json::value(by_http)) << path << query;
      EXPECT_EQ(socket.receive_text(), R"({"type":"complete","id":"1"})");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfBothProtocols, SocketAnswers, ::testing::Values("graphql-transport-ws", "graphql-ws"),
                         [](const auto& info) { return info.param == "graphql-ws" ? "legacy_ws" : "transport_ws"; });

}  // namespace
}  // namespace bailey::graphql
