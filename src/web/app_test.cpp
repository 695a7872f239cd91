#include <bailey/web/app.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/deferred.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/error.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::error_code_of;
using web_testing::get;
using web_testing::Reply;
using web_testing::Served;

struct Card {
  int id;
  std::optional<std::string> website;
};

TEST(App, encodes_what_handlers_return) {
  App app;
  app.get("/number", [] { return 7; });
  app.get("/text", [] { return std::string("a\"b"); });
  app.get("/model", [] { return Card{1, std::nullopt}; });
  app.get("/list", []() -> Task<std::vector<Card>> { co_return std::vector<Card>{{1, "x"}}; });
  app.get("/none", [] { return std::optional<Card>(); });
  app.get("/map", [] { return std::map<std::string, int>{{"a", 1}}; });
  app.get("/json", [] { return json::value{{"a", 1}}; });
  app.get("/void", [] {});
  app.get("/void-task", []() -> Task<> { co_return; });
  app.get("/deferred", [] { return Deferred<int>([]() -> Task<int> { co_return 8; }()); });
  app.get("/no-content", [] { return NoContent{}; });
  app.get("/created", []() -> Task<Created<Card>> { co_return Card{1, "x"}; });
  app.get("/located", [] { return Created<int>(7, "/cards/7"); });
  app.get("/response", [] { return Response::text(203, "mine"); });
  app.get("/status", [] { return 1; }, {.status = 202});
  app.get("/expected", []() -> Expected<int> { return 1; });
  app.get("/expected-void", []() -> Expected<void> { return {}; });
  struct Case {
    std::string_view path;
    int status;
    std::string_view body;
  };
  for (const Case& c : std::vector<Case>{{"/number", 200, "7"},
                                         {"/deferred", 200, "8"},
                                         {"/text", 200, R"("a\"b")"},
                                         {"/model", 200, R"({"id":1,"website":null})"},
                                         {"/list", 200, R"([{"id":1,"website":"x"}])"},
                                         {"/none", 200, "null"},
                                         {"/map", 200, R"({"a":1})"},
                                         {"/json", 200, R"({"a":1})"},
                                         {"/void", 204, ""},
                                         {"/void-task", 204, ""},
                                         {"/no-content", 204, ""},
                                         {"/created", 201, R"({"id":1,"website":"x"})"},
                                         {"/located", 201, "7"},
                                         {"/response", 203, "mine"},
                                         {"/status", 202, "1"},
                                         {"/expected", 200, "1"},
                                         {"/expected-void", 204, ""}}) {
    const Reply reply = get(app, std::string(c.path));
    EXPECT_EQ(reply.status, c.status) << c.path;
    EXPECT_EQ(reply.body, c.body) << c.path;
  }
  EXPECT_EQ(get(app, "/located").header("location"), "/cards/7");
}

int free_function(Path<"id", int> id) { return *id + 1; }

TEST(App, takes_functions_routers_and_prefixes) {
  Router cards;
  cards.get("/{id}", free_function).post("/", [] { return 1; });
  Router api;
  api.include(std::move(cards), "/cards");
  App app;
  app.include(std::move(api), "/api").get("/", [] { return 0; });
  for (const std::string_view prefix : {"api", "/api/"}) {
    EXPECT_EQ(error_code_of([&] { app.include(Router(), prefix); }), "invalid_route");
  }
  EXPECT_EQ(get(app, "/api/cards/7").body, "8");
  EXPECT_EQ(ask(app, "POST", "/api/cards/").body, "1");
  EXPECT_EQ(get(app, "/").body, "0");
}

TEST(App, answers_404_and_405_as_fastapi_does_with_every_method_allowed) {
  App app;
  app.get("/cards", [] { return 1; }).post("/cards", [] { return 1; }).delete_("/{any}", [] { return 1; });
  const Reply missing = get(app, "/cards/");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"detail":"Not Found"})");
  const Reply wrong = ask(app, "PATCH", "/cards");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.body, R"({"detail":"Method Not Allowed"})");
  EXPECT_EQ(wrong.header("allow"), "DELETE, GET, HEAD, POST");
  EXPECT_EQ(ask(app, "HEAD", "/cards").status, 200);
  EXPECT_EQ(ask(app, "PROPFIND", "/cards").status, 405);
}

TEST(App, answers_options_of_a_path_with_its_methods_and_of_the_server_with_all_there_are) {
  App app{{.openapi_path = "", .health_path = ""}};
  app.post("/cards", [] { return 1; }).get("/cards/{id}", [] { return 1; }).delete_("/cards/{id}", [] { return 1; });
  struct Case {
    std::string_view target, allow;
    int status;
  };
  for (const Case& c : {Case{"/cards", "POST", 204}, Case{"/cards/7", "DELETE, GET, HEAD", 204},
                        Case{"*", "DELETE, GET, HEAD, POST", 204}, Case{"/nowhere", "(none)", 404}}) {
    const Reply reply = ask(app, "OPTIONS", std::string(c.target));
    EXPECT_EQ(reply.status, c.status) << c.target;
    EXPECT_EQ(reply.header("allow"), c.allow) << c.target;
  }
}

TEST(App, health_is_ready_until_it_drains) {
  App app;
  EXPECT_EQ(get(app, "/health").body, R"({"status":"ok"})");
  app.begin_draining();
  EXPECT_EQ(get(app, "/health").status, 503);

  App own;
  own.get("/health", [] { return 1; });
  EXPECT_EQ(get(own, "/health").body, "1");
  App posted;
  posted.post("/health", [] { return 1; });
  EXPECT_EQ(get(posted, "/health").body, R"({"status":"ok"})") << "a route of another method is no health check";
  App none{{.health_path = ""}};
  EXPECT_EQ(get(none, "/health").status, 404);
}

TEST(App, is_not_included_where_it_goes_by_the_name_of_a_router) {
  App app;
  App sub;
  sub.get("/secret", [] { return 1; });
  Router& named = sub;
  EXPECT_EQ(error_code_of([&] { app.include(std::move(named), "/sub"); }), "invalid_route");
  Router moved = std::move(named);
  EXPECT_EQ(error_code_of([&] { app.include(std::move(moved), "/sub"); }), "invalid_route");
  EXPECT_EQ(get(app, "/sub/secret").status, 404);
}

TEST(App, refuses_a_health_path_that_is_no_literal_path) {
  for (const char* path : {"/*", "/health?x=1", "/{x}", "health", "/he%61lth", "/health#now", "/health check"}) {
    App app{{.health_path = path}};
    EXPECT_EQ(error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route") << path;
  }
}

TEST(App, is_fixed_once_it_has_started) {
  App app;
  static_cast<void>(app.handler());
  EXPECT_EQ(error_code_of([&] { app.use(Middleware{}); }), "app_started");
  EXPECT_EQ(error_code_of([&] { app.get("/late", [] { return 1; }); }), "app_started");
  EXPECT_EQ(error_code_of([&] { app.include(Router()); }), "app_started");
  EXPECT_EQ(get(app, "/late").status, 404);
}

TEST(App, refuses_to_start_as_often_as_it_is_told_to_when_it_cannot) {
  App twice;
  twice.get("/a", [] { return 1; }).get("/a", [] { return 2; });
  App without_placeholder;
  without_placeholder.get(runtime_path("/cards"), [](Path<"id", int> id) { return *id; });
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_EQ(error_code_of([&] { static_cast<void>(twice.handler()); }), "route_conflict");
    EXPECT_EQ(error_code_of([&] { static_cast<void>(without_placeholder.handler()); }), "invalid_route");
  }
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(App, serves_over_sockets_and_keeps_nothing_from_one_request_to_the_next) {
  App app;
  app.use(Middleware{.name = "who", .before = [](Request& request) -> Before {
                       EXPECT_FALSE(request.state().has_identity());
                       EXPECT_EQ(request.state().get<int>(), nullptr);
                       EXPECT_EQ(request.body(), "");
                       if (request.header("x-who")) {
                         request.state().set_identity(std::nullopt);
                         request.state().set(7);
                       }
                       return Pass{};
                     }});
  app.post("/{id}", [](const Request& request, Path<"id", int> id, Body body) -> Task<std::string> {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return std::to_string(*id) + std::string(*body) + (request.state().has_identity() ? " known" : " unknown");
  });
  const Served served(app);
  const std::string answer = served.talk(
      "POST /1 HTTP/1.1\r\nHost: x\r\nX-Who: a\r\nContent-Length: 1\r\n\r\na"
      "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb"
      "HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("\"1a known\""), std::string::npos) << answer;
  EXPECT_NE(answer.find("\"2b unknown\""), std::string::npos) << answer;
  EXPECT_EQ(count(answer, "HTTP/1.1 200"), 3U) << answer;
  EXPECT_EQ(count(answer, R"({"status":"ok"})"), 0U) << answer;
  EXPECT_EQ(count(answer, "Content-Length: 15"), 1U) << answer;
  EXPECT_EQ(count(answer, "HTTP/1.1 405"), 1U) << answer;
}

TEST(App, reads_a_body_that_comes_late_and_bounds_it) {
  App app;
  app.post("/", [](Json<std::vector<int>> list) { return list->size(); }, {.body_limit_bytes = 16});
  const Served served(app);
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
      "Connection: close\r\n\r\n";
  EXPECT_NE(served.talk(chunked + "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n").find("\r\n\r\n2"), std::string::npos);
  const std::string large = served.talk(chunked + "13\r\n[1,1,1,1,1,1,1,1,1]\r\n0\r\n\r\n");
  EXPECT_EQ(large.substr(0, 12), "HTTP/1.1 413") << large;
}

// On a thread of its own: sends SIGTERM once the app handles it. Not to that thread, for Asio's handler reads what the
// thread has written that runs the app.
void stop_when_it_listens() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  struct sigaction present{};
  while (::sigaction(SIGTERM, nullptr, &present) == 0 && present.sa_handler == SIG_DFL) std::this_thread::yield();
  ::kill(::getpid(), SIGTERM);
}

TEST(App, runs_with_as_many_descriptors_as_it_may_have_and_stops_on_a_signal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = 100;
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::setenv("PORT", "0", 1);
        App app({.threads = 1});
        std::thread stopper(stop_when_it_listens);
        app.run();
        stopper.join();
        ::getrlimit(RLIMIT_NOFILE, &limit);
        std::exit(limit.rlim_cur == limit.rlim_max ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

// As a process of its own, until it is told to stop while its second lifespan opens. Its status is 0 when that was
// orderly, and what it has to say is on standard error.
[[noreturn]] void be_stopped_while_opening(std::function<Task<>()> open) {
  ::setenv("PORT", "0", 1);
  App app({.threads = 1});
  app.lifespan([](Yield<> serving) -> Task<> {
    co_await serving();
    std::fputs("first closed; ", stderr);
  });
  app.lifespan([open = std::move(open)](Yield<> serving) -> Task<> {
    std::thread(stop_when_it_listens).detach();
    co_await open();
    co_await serving();
    std::fputs("second closed; ", stderr);
  });
  try {
    app.run();
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    std::_Exit(1);
  }
  std::fputs("stopped", stderr);
  std::_Exit(0);
}

TEST(App, that_is_stopped_while_its_lifespans_open_closes_those_that_are_open_and_has_not_failed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto orderly = testing::ExitedWithCode(0);
  EXPECT_EXIT(be_stopped_while_opening([]() -> Task<> { co_await sleep_for(std::chrono::hours(1)); }), orderly,
              "first closed; stopped$");
  EXPECT_EXIT(be_stopped_while_opening([]() -> Task<> {
                try {
                  co_await sleep_for(std::chrono::hours(1));
                } catch (const std::exception&) {
                  throw Error("no_mail", "The mail server does not answer");
                }
              }),
              orderly, "first closed; .*stopped$");
}

TEST(App, ends_without_the_lifespans_that_do_not) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ::alarm(20);
        App app({.server = {.address = "127.0.0.1", .port = 0, .shutdown_timeout = std::chrono::milliseconds(100)},
                 .threads = 1});
        app.lifespan([](Yield<> serving) -> Task<> {
          co_await serving();
          co_await sleep_for(std::chrono::minutes(1));
        });
        std::thread stopper([] {
          std::this_thread::sleep_for(std::chrono::milliseconds(300));  // when it is open
          stop_when_it_listens();
        });
        app.run();
        stopper.join();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "the lifespans have not ended in time");
}

// Serves as a process of its own with HOST and PORT set to these, until it is told to stop or cannot start. Its status
// is 0 when it did serve.
[[noreturn]] void serve_with_environment(const char* host, const char* port, AppOptions options) {
  ::setenv("HOST", host, 1);
  ::setenv("PORT", port, 1);
  options.threads = 1;
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // where a death test looks
  try {
    App app(std::move(options));
    std::thread(stop_when_it_listens).detach();
    app.run();
  } catch (const Error& error) {
    std::fputs(error.message().c_str(), stderr);
    std::_Exit(1);
  }
  std::_Exit(0);
}

TEST(App, serves_where_the_program_says_whatever_the_environment_says) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto served = testing::ExitedWithCode(0);
  const auto refused = testing::ExitedWithCode(1);
  EXPECT_EXIT(serve_with_environment("my-machine", "no port", {.server = {.address = "127.0.0.1", .port = 0}}), served,
              "");
  EXPECT_EXIT(serve_with_environment("127.0.0.1", "0", {}), served, "is on http://127.0.0.1:");
  EXPECT_EXIT(serve_with_environment("0.0.0.0", "0", {}), served, "is on http://0.0.0.0:");
  EXPECT_EXIT(serve_with_environment("localhost", "0", {}), served, "");
  char machine[256] = {};
  ASSERT_EQ(::gethostname(machine, sizeof machine - 1), 0);
  EXPECT_EXIT(serve_with_environment(machine, "0", {}), served, "is on http://127.0.0.1:");  // as tcsh sets it
  EXPECT_EXIT(serve_with_environment("my-machine", "0", {}), refused, "not an IP address: my-machine; .*HOST");
  EXPECT_EXIT(serve_with_environment("", "no port", {}), refused, "PORT");
  EXPECT_EXIT(serve_with_environment("127.0.0.1", "0", {.server = {.address = "my-machine"}}), refused,
              "not an IP address: my-machine$");
}

TEST(App, names_the_route_and_the_time_when_a_handler_stalls_its_loop) {
  std::atomic<bool> told = false;
  std::string line;
  log::set_sink([&](log::Level, std::string_view text) {
    if (text.find("event loop stalled") == std::string_view::npos || told) return;
    line = text;
    told = true;
  });
  App app;
  app.get("/quick", [] { return 1; });
  app.get("/slow", [&told] {
    while (!told) std::this_thread::yield();
    return 1;
  });
  {
    const Served served(app, 1, std::chrono::milliseconds(600));
    static_cast<void>(served.talk(
        "GET /quick HTTP/1.1\r\nHost: x\r\n\r\nGET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  }
  log::set_sink({});
  EXPECT_NE(line.find("running=\"GET /slow\""), std::string::npos) << line;
  EXPECT_NE(line.find("stalled_ms=600"), std::string::npos) << line;
}

TEST(App, tells_its_loop_what_it_runs_as_long_as_it_runs) {
  App app;
  const auto running = [] {
    const std::string* const activity = Loop::current().activity();
    return activity != nullptr ? *activity : std::string("nothing");
  };
  app.get("/cards/{id}", [&](Path<"id", int>) { return running(); });
  app.get("/later", [&]() -> Task<std::string> {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return running();
  });
  app.post("/cards", [&](Json<Card>) { return running(); });
  EXPECT_EQ(get(app, "/cards/7").body, "\"GET /cards/{id}\"");
  EXPECT_EQ(get(app, "/later").body, "\"GET /later\"");
  EXPECT_EQ(web_testing::post_json(app, "/cards", R"({"id":1})").body, "\"POST /cards\"");
  std::string afterwards;
  run_blocking([&]() -> Task<> {
    http::LocalRequest::Parts parts;
    parts.target = "/later";
    static_cast<void>(co_await web_testing::ask_app(app.handler(), std::move(parts)));
    afterwards = running();
  });
  EXPECT_EQ(afterwards, "nothing");
}

TEST(AccessLog, writes_a_line_a_request_after_the_response) {
  std::promise<std::string> written;
  App app;
  app.use(access_log({.sink = [&](std::string_view lines) { written.set_value(std::string(lines)); }}));
  app.get("/cards", [] { return 1; });
  std::string lines;
  {
    const Served served(app);
    static_cast<void>(
        served.talk("GET /cards?token=canary HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary\r\n\r\n"
                    "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    lines = written.get_future().get();
  }
  EXPECT_EQ(count(lines, "\n"), 2U) << lines;
  EXPECT_EQ(count(lines, " 127.0.0.1 - \"GET /cards?token=*** HTTP/1.1\" 200 "), 1U) << lines;
  EXPECT_EQ(count(lines, "\"GET /none HTTP/1.1\" 404 "), 1U) << lines;
  EXPECT_EQ(count(lines, "canary"), 0U) << lines;
}

Task<> use_an_app_and_let_it_go() {
  std::string lines;
  const auto kept = std::make_shared<int>();
  {
    App app;
    app.use(access_log({.sink = [&lines, kept](std::string_view more) { lines += more; }}));
    http::LocalRequest request({}, app.handler().attach());
    static_cast<void>(co_await http::ask(app.handler(), request.request()));
  }
  co_await sleep_for(std::chrono::milliseconds(1));  // the loop lets go in a later turn
  EXPECT_EQ(count(lines, "\n"), 1U) << lines;
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(AccessLog, leaves_nothing_on_a_loop_once_the_app_is_gone) { run_blocking(use_an_app_and_let_it_go()); }

}  // namespace
}  // namespace bailey
