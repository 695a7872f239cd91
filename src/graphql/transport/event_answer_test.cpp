// Operations answered as server-sent events.
#include <bailey/graphql/graphql.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/event_stream.hpp>
#include <bailey/web/test_client.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

struct Desk {
  std::string name;
};

class EventAnswer : public ::testing::Test {
 protected:
  EventAnswer() {
    schema_.query("hello", [] { return std::string("world"); });
    schema_.query("desk", [](const Desk& desk) { return desk.name; });
    schema_.mutation("change", [] { return 1; });
    schema_.query("greeted", [](const Info& info) {
      info.add_header("X-Greeting", "hello");
      info.set_cookie({.name = "seen", .value = "1"});
      return true;
    });
    schema_.mutation("signIn", [](const Desk&, const Info& info) -> Task<int> {
      co_await sleep_for(600ms);
      info.set_cookie({.name = "session", .value = "s1"});
      co_return 1;
    });
    schema_.subscription("cookies", [](const Info& info, Emit<int> emit) -> Task<> {
      info.set_cookie({.name = "late", .value = "1"});
      for (int i = 0; i < 3; ++i) co_await emit(i);
    });
    schema_.mutation("changeSlowly", []() -> Task<int> {
      co_await sleep_for(50ms);
      co_return 1;
    });
    schema_.subscription("count", [](Arg<"to", int> to, Emit<int> emit) -> Task<> {
      for (int i = 1; i <= *to; ++i) co_await emit(i);
      if (*to > 2) throw GraphQLError("enough", {.code = "ENOUGH"});
    });
    schema_.subscription("ticks", [this](const Desk&, Emit<int> emit) -> Task<> {
      const auto end = std::shared_ptr<void>(nullptr, [this](void*) { --running_; });
      ++running_;
      for (int i = 0;; ++i) {
        co_await emit(i);
        co_await sleep_for(5ms);
      }
    });
  }
  TestReply post(App& app, std::string_view query, std::string_view accept = "text/event-stream") {
    TestClient client(app);
    return client.post("/graphql", json::object{{"query", query}}, {{"Accept", std::string(accept)}});
  }
  Schema schema_;
  std::atomic<int> running_ = 0;
};

TEST_F(EventAnswer, has_an_event_for_each_result_and_one_at_the_end) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.graphql("/graphql", schema_);
  const TestReply counted = post(app, "subscription { n: count(to: 2) }");
  EXPECT_EQ(counted.status, 200);
  EXPECT_EQ(counted.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(counted.header("cache-control"), "no-cache, no-transform");
  EXPECT_EQ(counted.body,
            ":\n\n"
            "event: next\ndata: {\"data\":{\"n\":1}}\n\n"
            "event: next\ndata: {\"data\":{\"n\":2}}\n\n"
            "event: complete\ndata: \n\n");
  const std::string failed = post(app, "subscription { count(to: 3) }").body;
  EXPECT_NE(failed.find("\"code\":\"ENOUGH\""), failed.npos) << failed;
  EXPECT_TRUE(failed.ends_with("event: complete\ndata: \n\n")) << failed;
}

TEST_F(EventAnswer, is_given_to_queries_and_to_what_cannot_be_executed_too) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.graphql("/graphql", schema_);
  EXPECT_EQ(post(app, "{ desk }").body,
            "event: next\ndata: {\"data\":{\"desk\":\"reading\"}}\n\nevent: complete\ndata: \n\n");
  const std::string wrong = post(app, "subscription { nothing }").body;
  EXPECT_TRUE(wrong.starts_with("event: next\ndata: {\"errors\":[{\"message\":\"Cannot query field")) << wrong;
  EXPECT_TRUE(wrong.ends_with("event: complete\ndata: \n\n")) << wrong;
}

TEST_F(EventAnswer, has_what_resolvers_add_to_its_head_where_it_is_of_one_result) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.graphql("/graphql", schema_);
  const TestReply greeted = post(app, "{ greeted }");
  EXPECT_EQ(greeted.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(greeted.header("cache-control"), "no-cache, no-transform");
  EXPECT_EQ(greeted.header("x-greeting"), "hello");
  EXPECT_TRUE(greeted.header("set-cookie").value_or("").starts_with("seen=1"));
  const TestReply signed_in = post(app, "mutation { signIn }");
  EXPECT_TRUE(signed_in.header("set-cookie").value_or("").starts_with("session=s1"));
  EXPECT_EQ(signed_in.body, "event: next\ndata: {\"data\":{\"signIn\":1}}\n\nevent: complete\ndata: \n\n");
}

TEST_F(EventAnswer, of_a_subscription_has_no_headers_of_resolvers_and_the_log_says_so_once) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.graphql("/graphql", schema_);
  std::string lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  for (int i = 0; i < 2; ++i) {
    const TestReply reply = post(app, "subscription { cookies }");
    EXPECT_FALSE(reply.header("set-cookie"));
    EXPECT_NE(reply.body.find("{\"cookies\":2}"), std::string::npos);
  }
  TestClient client(app);
  auto socket = client.ws("/graphql", {.protocols = {"graphql-transport-ws"}});
  socket.send(R"({"type": "connection_init"})");
  EXPECT_EQ(socket.receive_text(), R"({"type":"connection_ack"})");
  socket.send(R"({"type": "subscribe", "id": "1", "payload": {"query": "{ greeted }"}})");
  EXPECT_NE(socket.receive_text().find("true"), std::string::npos);
  log::set_sink({});
  constexpr std::string_view said = "has set a header or a cookie";
  EXPECT_NE(lines.find(said), std::string::npos) << lines;
  EXPECT_EQ(lines.find(said), lines.rfind(said)) << lines;
}

TEST_F(EventAnswer, of_a_dependency_that_cannot_be_made_is_its_error) {
  App app;
  app.provide([](Header<"X-Desk"> name) -> Desk {
    if (*name == "closed") throw HttpError(403, "The desk is closed");
    if (*name == "burning") throw std::runtime_error("fire at 10.0.0.7");
    if (*name == "far") throw boost::system::system_error(boost::asio::error::connection_refused, "10.0.0.7");
    return {*name};
  });
  app.graphql("/graphql", schema_);
  TestClient client(app);
  const auto ask = [&client](std::string desk) {
    return client
        .post("/graphql", json::object{{"query", "{ desk }"}},
              {{"Accept", "text/event-stream"}, {"X-Desk", std::move(desk)}})
        .body;
  };
  EXPECT_NE(ask("closed").find("The desk is closed"), std::string::npos) << ask("closed");
  EXPECT_NE(ask("burning").find("Internal server error"), std::string::npos) << ask("burning");
  EXPECT_EQ(ask("burning").find("10.0.0.7"), std::string::npos);
  EXPECT_NE(ask("far").find("Internal server error"), std::string::npos) << ask("far");
  EXPECT_TRUE(ask("far").ends_with("event: complete\ndata: \n\n")) << ask("far");
}

TEST_F(EventAnswer, is_asked_by_get_too_but_for_mutations) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.graphql("/graphql", schema_);
  TestClient client(app);
  const TestClient::Headers events{{"Accept", "text/event-stream"}};
  EXPECT_TRUE(
      client.get("/graphql?query=subscription%7Bcount(to:1)%7D", events).body.ends_with("complete\ndata: \n\n"));
  EXPECT_EQ(client.get("/graphql?query=mutation%7Bchange%7D", events).status, 405);
  EXPECT_EQ(client.get("/graphql?query=subscription%7Bcount(to:1)%7D").status, 405) << "that is no stream of events";
  EXPECT_EQ(client.get("/graphql", events).header("content-type"), "application/json") << "no operation";
  EXPECT_NE(post(app, "subscription { count(to: 1) }", "application/json").body.find("text/event-stream"),
            std::string::npos);
}

TEST_F(EventAnswer, ends_when_what_was_shown_for_it_expires) {
  App app;
  app.provide([] { return Desk{"reading"}; });
  app.use(Guard{.name = "short", .admit = [](Request& request) -> Before {
                  EXPECT_TRUE(request.may_last());
                  request.state().set_identity(std::nullopt);
                  request.expire_at(system_clock().now());
                  return Pass{};
                }});
  app.graphql("/graphql", schema_);
  const TestReply reply = post(app, "subscription { ticks }");
  EXPECT_NE(reply.body.find("{\"ticks\":0}"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("complete"), std::string::npos) << "so that the client comes back";
  EXPECT_NE(post(app, "mutation { changeSlowly }").body.find("{\"data\":{\"changeSlowly\":1}}"), std::string::npos)
      << "what is done once is not broken off, to be done again";
  for (int i = 0; i < 500 && running_ != 0; ++i) std::this_thread::sleep_for(10ms);  // it ends a little later
  EXPECT_EQ(running_, 0);
}

TEST_F(EventAnswer, takes_no_event_of_a_task_that_the_resolver_has_left_behind) {
  std::atomic<bool> is_refused = false;
  schema_.subscription("left", [&is_refused](Emit<int> emit) -> Task<> {
    Loop::current().spawn("later", [](Emit<int> kept, std::atomic<bool>& refused) -> Task<> {
      co_await sleep_for(50ms);
      try {
        co_await kept(2);
      } catch (const Error& error) {
        refused = error.code() == "misuse";
      }
    }(emit, is_refused));
    co_await emit(1);
  });
  App app;
  app.provide([] { return Desk{.name = "a"}; });
  app.graphql("/graphql", schema_);
  TestClient client(app);
  const TestReply reply =
      client.post("/graphql", json::object{{"query", "subscription { left }"}}, {{"Accept", "text/event-stream"}});
  EXPECT_TRUE(reply.body.contains(R"({"data":{"left":1}})")) << reply.body;
  EXPECT_FALSE(reply.body.contains(R"("left":2)")) << reply.body;
  for (int i = 0; i < 500 && !is_refused; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_refused);
}

}  // namespace
}  // namespace bailey::graphql
