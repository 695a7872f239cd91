// Handlers that stream their answers: what they may take, when their answer begins and ends, and that they end with it.
#include <bailey/web/event_stream.hpp>
#include <bailey/web/json_lines.hpp>
#include <bailey/web/streamed_answer.hpp>

#include <bailey/http/server.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using http::test::RawClient;
using http::test::TestServer;

struct Tick {
  int number = 0;
};

TEST(StreamedAnswer, is_what_its_handler_sends) {
  App app;
  app.get("/{count:int}", [](Path<"count", int> count, Output<"text/csv"> out) -> Task<> {
    co_await out.write("number\n");
    for (int i = 0; i < *count; ++i) co_await out.write(std::to_string(i) + "\n");
  });
  app.get("/lines", [](JsonLines<Tick> lines) -> Task<> {
    for (int i = 0; i < 2; ++i) co_await lines.send(Tick{i});
  });
  app.get("/events", [](LastEventId<int> last, EventStream<Tick> events) -> Task<> {
    const int from = last->value_or(0);
    for (int i = from + 1; i <= 2; ++i) co_await events.send(Tick{i}, {.event = "tick", .id = std::to_string(i)});
    co_await events.send_text("two\nlines");
    co_await events.comment("bye");
  });
  TestClient client(app);
  const TestReply table = client.get("/2");
  EXPECT_EQ(table.status, 200);
  EXPECT_EQ(table.header("content-type"), "text/csv");
  EXPECT_EQ(table.body, "number\n0\n1\n");
  EXPECT_EQ(client.get("/lines").body, "{\"number\":0}\n{\"number\":1}\n");
  EXPECT_EQ(client.get("/lines").header("content-type"), "application/jsonl");
  const TestReply events = client.get("/events", {{"Last-Event-ID", "1"}});
  EXPECT_EQ(events.header("content-type"), "text/event-stream");
  EXPECT_EQ(events.header("cache-control"), "no-store");
  EXPECT_EQ(events.header("x-accel-buffering"), "no");
  EXPECT_EQ(events.body, "event: tick\ndata: {\"number\":2}\nid: 2\n\ndata: two\ndata: lines\n\n: bye\n\n");
}

TEST(StreamedAnswer, is_an_ordinary_error_when_the_handler_throws_before_it_sends_anything) {
  App app;
  app.get("/events/{room}", [](Path<"room"> room, EventStream<Tick> events) -> Task<> {
    co_await sleep_for(0ms);
    if (*room != "known") throw HttpError(404, "There is no such room");
    co_await events.send(Tick{1});
  });
  app.get("/number", [](Query<"n", int>, Output<> out) -> Task<> { co_await out.write("x"); });
  TestClient client(app);
  EXPECT_EQ(client.get("/events/unknown").status, 404);
  EXPECT_EQ(client.get("/events/unknown").body, R"({"detail":"There is no such room"})");
  EXPECT_EQ(client.get("/events/known").status, 200);
  EXPECT_EQ(client.get("/number?n=x").status, 422);
}

TEST(StreamedAnswer, stands_in_the_document_with_what_each_of_its_items_is) {
  App app;
  app.get("/events", [](EventStream<Tick>) -> Task<> { co_return; });
  app.get("/lines", [](JsonLines<Tick>) -> Task<> { co_return; });
  app.get("/table", [](Output<"text/csv; charset=utf-8">) -> Task<> { co_return; });
  const json::value document = parse_json(app.openapi()).value();
  const auto content_of = [&](std::string_view path) {
    const json::object& responses = document.at("paths").at(path).at("get").at("responses").as_object();
    EXPECT_FALSE(responses.contains("204"));
    return json::serialize(responses.at("200").at("content"));
  };
  EXPECT_EQ(
      content_of("/lines"),
      R"({"application/jsonl":{"schema":{"type":"string"},"x-itemSchema":{"$ref":"#/components/schemas/Tick"}}})");
  EXPECT_EQ(content_of("/table"), R"({"text/csv":{"schema":{"type":"string"}}})");
  EXPECT_TRUE(content_of("/events").contains(R"("contentSchema":{"$ref":"#/components/schemas/Tick"})"));
}

TEST(StreamedAnswer, has_the_status_and_headers_that_are_said_before_it_begins) {
  App app;
  app.get("/", [](Output<> out) -> Task<> {
    out.status(203);
    out.header("x-rows", "2");
    co_await out.write("a");
    EXPECT_THROW(out.status(200), Error);
    EXPECT_THROW(out.header("x-late", "1"), Error);
    co_await out.write("");
    co_await out.write("b");
  });
  app.get("/route", [](Output<> out) -> Task<> { co_await out.open(); }, {.status = 202});
  app.get("/nothing", [](Output<>) -> Task<> { co_return; });
  TestClient client(app);
  const TestReply reply = client.get("/");
  EXPECT_EQ(reply.status, 203);
  EXPECT_EQ(reply.header("x-rows"), "2");
  EXPECT_EQ(reply.body, "ab");
  EXPECT_EQ(client.get("/route").status, 202);
  EXPECT_EQ(client.get("/nothing").status, 200);
}

// What a handler does to the end, seen from outside.
struct Trace {
  std::mutex mutex;
  std::vector<std::string> said;
  void say(std::string what) {
    const std::lock_guard lock(mutex);
    said.push_back(std::move(what));
  }
  bool has(std::string_view what) {
    const std::lock_guard lock(mutex);
    return std::ranges::find(said, what) != said.end();
  }
  std::string all() {
    const std::lock_guard lock(mutex);
    std::string list;
    for (const std::string& each : said) list += (list.empty() ? "" : ", ") + each;
    return list;
  }
};
class SaysAtEnd {
 public:
  SaysAtEnd(Trace& trace, std::string what) : trace_(trace), what_(std::move(what)) {}
  ~SaysAtEnd() { trace_.say(what_); }
  SaysAtEnd(const SaysAtEnd&) = delete;
  SaysAtEnd& operator=(const SaysAtEnd&) = delete;

 private:
  Trace& trace_;
  std::string what_;
};

struct Session {
  int id = 0;
};

// A stream without an end, with a dependency that lives as long as it does.
void add_endless(App& app, Trace& trace) {
  app.provide([&trace](Yield<Session, Lifetime::request> yield) -> Task<> {
    const SaysAtEnd closed(trace, "session closed");
    co_await yield(Session{7});
  });
  app.get("/endless", [&trace](Session& session, EventStream<Tick> events) -> Task<> {
    const SaysAtEnd ended(trace, "handler ended");
    co_await events.send(Tick{session.id});
    trace.say("waits");
    co_await Event().wait();
  });
}

// Whether the client is sent this text, at last.
bool is_sent(const RawClient& client, std::string_view text) {
  std::string got;
  char bytes[4096];
  while (!got.contains(text)) {
    const ssize_t count = ::recv(client.descriptor(), bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    got.append(bytes, static_cast<std::size_t>(count));
  }
  return true;
}

std::string get_request(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

TEST(StreamedAnswer, ends_its_handler_and_then_what_it_depends_on_when_the_client_goes) {
  App app;
  Trace trace;
  add_endless(app, trace);
  TestServer server(app.handler());
  {
    RawClient client(server.port());
    client.send(get_request("/endless"));
    ASSERT_TRUE(server.wait_until([&] { return trace.has("waits"); }));
    EXPECT_FALSE(trace.has("handler ended"));
  }
  ASSERT_TRUE(server.wait_until([&] { return trace.has("session closed"); }));
  EXPECT_EQ(trace.all(), "waits, handler ended, session closed");
}

TEST(StreamedAnswer, of_events_ends_whole_when_the_server_drains) {
  App app;
  Trace trace;
  add_endless(app, trace);
  TestServer server(app.handler());
  RawClient client(server.port());
  client.send(get_request("/endless"));
  ASSERT_TRUE(server.wait_until([&] { return trace.has("waits"); }));
  server.request_stop();
  bool clean = false;
  const std::string answer = client.everything(&clean);
  EXPECT_TRUE(clean);
  EXPECT_TRUE(answer.ends_with("\r\n0\r\n\r\n")) << answer;
  server.stop();
  EXPECT_EQ(trace.all(), "waits, handler ended, session closed");
}

TEST(StreamedAnswer, of_events_ends_whole_when_what_was_shown_for_it_expires) {
  App app;
  app.use(Guard{.name = "short", .admit = [](Request& request) -> Before {
                  EXPECT_EQ(request.may_last(), request.path() != "/soon");
                  request.state().set_identity(std::nullopt);
                  request.expire_at(system_clock().now());
                  return Pass{};
                }});
  std::atomic<bool> ended = false;
  app.get("/events", [&ended](EventStream<Tick> events) -> Task<> {
    const auto end = std::shared_ptr<void>(nullptr, [&ended](void*) { ended = true; });
    for (int i = 0;; ++i) {
      co_await events.send(Tick{i});
      co_await sleep_for(5ms);
    }
  });
  app.get("/report", [](Output<"text/csv"> out) -> Task<> {  // has an end of its own
    co_await out.write("a,");
    co_await sleep_for(300ms);
    co_await out.write("b");
  });
  app.get("/soon", [] { return 1; });
  TestClient client(app);
  EXPECT_TRUE(client.get("/events").body.starts_with("data: {\"number\":0}\n\n"));
  EXPECT_TRUE(ended);
  EXPECT_EQ(client.get("/report").body, "a,b");
  EXPECT_EQ(client.get("/soon").status, 200);
}

TEST(StreamedAnswer, that_nobody_wants_ends_its_handler) {
  App app;
  Trace trace;
  add_endless(app, trace);
  TestServer server(app.handler());
  RawClient client(server.port());
  client.send("HEAD /endless HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answer = client.everything();
  EXPECT_TRUE(answer.contains("200 OK")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  ASSERT_TRUE(server.wait_until([&] { return trace.has("session closed"); }));
  EXPECT_EQ(trace.all(), "handler ended, session closed");
}

TEST(StreamedAnswer, of_events_begins_though_nothing_happens_and_says_now_and_then_that_it_is_there) {
  App app;
  Trace trace;
  app.get("/quiet", [&trace](EventStream<Tick>) -> Task<> {
    const SaysAtEnd ended(trace, "ended");
    trace.say("waits");
    co_await Event().wait();
  });
  TestServer server(app.handler());
  RawClient client(server.port());
  client.send(get_request("/quiet"));
  ASSERT_TRUE(server.wait_until([&] { return trace.has("waits"); }));
  server.advance(600ms);
  ASSERT_TRUE(is_sent(client, "\r\n\r\n"));
  for (int i = 0; i < 2; ++i) {
    server.advance(15'100ms);
    ASSERT_TRUE(is_sent(client, ":\n\n"));
  }
}

TEST(StreamedAnswer, that_fails_once_it_has_begun_is_cut_so_that_it_is_not_taken_for_whole) {
  App app;
  app.get("/", [](Output<> out) -> Task<> {
    co_await out.write("half");
    throw HttpError(500, "no more");
  });
  TestServer server(app.handler());
  RawClient client(server.port());
  client.send(get_request("/"));
  const std::string answer = client.everything();
  EXPECT_TRUE(answer.contains("half"));
  EXPECT_FALSE(answer.ends_with("0\r\n\r\n")) << answer;
}

TEST(StreamedAnswer, keeps_its_handler_waiting_while_the_client_does_not_read) {
  App app;
  std::atomic<int> sent = 0;
  app.get("/", [&sent](Output<> out) -> Task<> {
    for (;;) {
      co_await out.write(std::string(64 * 1024, 'x'));
      ++sent;
    }
  });
  TestServer server(app.handler());
  RawClient client(server.port());
  client.send(get_request("/"));
  int before = -1;
  ASSERT_TRUE(server.wait_until([&] { return std::exchange(before, sent.load()) == sent && sent > 0; }));
  EXPECT_LT(sent, 1000);  // what the kernel's buffers hold
}

TEST(StreamedAnswer, is_over_for_who_keeps_its_way_out) {
  App app;
  std::shared_ptr<EventStream<Tick>> kept;
  app.get("/keep", [&kept](EventStream<Tick> events) -> Task<> {
    kept = std::make_shared<EventStream<Tick>>(events);
    co_await events.send(Tick{1});
  });
  app.get("/late", [&kept]() -> Task<std::string> {
    try {
      co_await kept->send(Tick{2});
    } catch (const Error& error) {
      co_return error.code();
    }
    co_return "sent";
  });
  TestClient client(app);
  EXPECT_EQ(client.get("/keep").body, "data: {\"number\":1}\n\n");
  EXPECT_EQ(client.get("/late").body, R"("peer_gone")");
}

std::string refusal(const std::function<void(App&)>& add) {
  App app;
  add(app);
  try {
    static_cast<void>(app.handler());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(StreamedAnswer, does_not_start_with_a_dependency_that_ends_before_it) {
  EXPECT_TRUE(refusal([](App& app) {
                app.provide([] { return Session{1}; });
                app.get("/", [](const Session&, Output<>) -> Task<> { co_return; });
              }).contains("take it by value"));
  EXPECT_TRUE(refusal([](App& app) {
                app.provide([](Yield<Session> yield) -> Task<> { co_await yield(Session{1}); });
                app.get("/", [](Session, Output<>) -> Task<> { co_return; });
              }).contains("Lifetime::request"));
  EXPECT_EQ(refusal([](App& app) {
              app.provide([] { return Session{1}; });
              app.get("/", [](Session, Output<>) -> Task<> { co_return; });
            }),
            "");
}

// What it looks into cannot be seen.
class Cards {
 public:
  explicit Cards(const Session& session) : session_(&session) {}
  explicit Cards(const Request&) {}
  [[nodiscard]] int id() const { return session_ == nullptr ? 0 : session_->id; }

 private:
  const Session* session_ = nullptr;
};
class Decks {
 public:
  explicit Decks(const Cards& cards) : cards_(cards) {}

 private:
  Cards cards_;
};
struct Owner {
  int id = 0;
  std::vector<std::string> names;
};

TEST(StreamedAnswer, does_not_start_with_a_dependency_that_may_look_into_one_that_ends_before_it) {
  const auto provide_session = [](App& app) {
    app.provide([](Yield<Session> yield) -> Task<> { co_await yield(Session{1}); });
  };
  const auto stream_cards = [](App& app) { app.get("/", [](Cards, Output<>) -> Task<> { co_return; }); };
  const std::string closed = refusal([&](App& app) {
    provide_session(app);
    app.provide([](const Session& session) { return Cards(session); });
    stream_cards(app);
  });
  EXPECT_TRUE(closed.contains("which is made of")) << closed;
  EXPECT_TRUE(closed.contains("Lifetime::request")) << closed;
  EXPECT_TRUE(refusal([&](App& app) {
                provide_session(app);
                app.provide([](const Session& session) { return Cards(session); });
                app.provide([](Cards cards) { return Decks(cards); });
                app.get("/", [](Decks, Output<>) -> Task<> { co_return; });
              }).contains("Lifetime::request"));
  EXPECT_TRUE(refusal([&](App& app) {
                app.provide([] { return Session{1}; });
                app.provide([](const Session& session) { return Cards(session); });
                stream_cards(app);
              }).contains("by value"));
  EXPECT_TRUE(refusal([&](App& app) {
                app.provide([](const Request& request) { return Cards(request); });
                stream_cards(app);
              }).contains("made of the request"));
  EXPECT_TRUE(refusal([&](App& app) {
                provide_session(app);
                app.provide([](const Session& session) { return Cards(session); });
                app.provide([](Cards, Yield<Owner, Lifetime::request> yield) -> Task<> { co_await yield(Owner{}); });
                app.get("/", [](const Owner& owner) { return owner.id; });
              }).contains("may outlive the request"));
}

TEST(StreamedAnswer, takes_what_was_made_of_one_that_ends_before_it_where_that_is_seen_to_own_what_it_says) {
  EXPECT_EQ(refusal([](App& app) {
              app.provide([](Yield<Session> yield) -> Task<> { co_await yield(Session{1}); });
              app.provide([](const Session& session) { return Owner{.id = session.id, .names = {}}; });
              app.get("/", [](Owner, Output<>) -> Task<> { co_return; });
            }),
            "");
  App app;
  app.provide([](Yield<Session, Lifetime::request> yield) -> Task<> { co_await yield(Session{7}); });
  app.provide([](const Session& session) { return Cards(session); });
  app.get("/", [](Cards cards, EventStream<Tick> events) -> Task<> { co_await events.send(Tick{cards.id()}); });
  EXPECT_EQ(TestClient(app).get("/").body, "data: {\"number\":7}\n\n");
}

}  // namespace
}  // namespace bailey
