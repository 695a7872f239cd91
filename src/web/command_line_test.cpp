#include <bailey/base/log.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/cors.hpp>
#include "web/testing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

struct Ran {
  int status;
  std::string out;
  std::string error;
};

Ran run_with(App& app, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "program");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = run(app, static_cast<int>(arguments.size()), arguments.data());
  std::fflush(stdout);
  return {status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}
Ran run_with(std::vector<const char*> arguments) {
  App app({.title = "Cards", .version = "1.2.3"});
  app.get("/cards/{id}", [](Path<"id", int> id) { return *id; }, {.name = "show_card"});
  app.post("/cards", [] { return 1; }, {.guard = open_to_all()});
  return run_with(app, std::move(arguments));
}

TEST(CommandLine, prints_the_routes) {
  const Ran ran = run_with({"--routes"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, testing::ContainsRegex("GET     /cards/[{]id[}] +- +show_card\n"));
  EXPECT_THAT(ran.out, testing::ContainsRegex("POST    /cards +open\n"));
  EXPECT_NE(ran.out.find("GET     /health"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.error, "");
}

TEST(CommandLine, prints_the_document_and_nothing_else) {
  const Ran ran = run_with({"--openapi"});
  EXPECT_EQ(ran.status, 0);
  const auto document = parse_json(ran.out.substr(0, ran.out.size() - 1));
  ASSERT_TRUE(document) << ran.out;
  EXPECT_EQ(document->at_pointer("/info/version"), "1.2.3");
}

TEST(CommandLine, says_that_there_is_no_schema_where_none_is_served) {
  const Ran ran = run_with({"--schema"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.error.find("The app has no GraphQL schema"), std::string::npos) << ran.error;
}

TEST(CommandLine, says_its_version_and_what_it_takes) {
  EXPECT_EQ(run_with({"--version"}).out, "Cards 1.2.3\n");
  const Ran help = run_with({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* option : {"--host ADDRESS", "--port PORT", "--workers N", "--log-level LEVEL", "--access-log FORMAT",
                             "--routes", "--openapi", "--schema [PATH]", "--version"})
    EXPECT_NE(help.out.find(option), std::string::npos) << option << "\n" << help.out;
}

TEST(CommandLine, answers_wrong_usage_with_2_and_a_sentence_that_names_it) {
  struct Case {
    std::vector<const char*> arguments;
    std::string_view named;
  };
  for (const Case& c : std::vector<Case>{
           {{"--prot", "80"}, "--prot"},
           {{"serve"}, "serve"},
           {{"--port"}, "--port"},
           {{"--port", "eighty"}, "eighty"},
           {{"--port", "65536"}, "--port"},
           {{"--port", "-1"}, "--port"},
           {{"--workers", "0"}, "--workers"},
           {{"--workers", "many"}, "--workers"},
           {{"--workers", "5000"}, "--workers"},
           {{"--log-level", "loud"}, "--log-level"},
           {{"--access-log", "xml"}, "--access-log"},
       }) {
    const Ran ran = run_with(c.arguments);
    EXPECT_EQ(ran.status, 2) << c.named;
    EXPECT_NE(ran.error.find(c.named), std::string::npos) << c.named << ": " << ran.error;
    EXPECT_EQ(ran.out, "") << c.named;
  }
}

TEST(CommandLine, tells_an_app_that_cannot_start_as_one_sentence) {
  App app;
  app.get("/{a}", [](Path<"a">) { return 1; });
  app.get("/{b}", [](Path<"b">) { return 1; });
  const Ran ran = run_with(app, {"--routes"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.error.find("there is a route of this method and shape already"), std::string::npos) << ran.error;
  App elsewhere;
  EXPECT_EQ(run_with(elsewhere, {"--host", "my-machine"}).status, 1);
}

TEST(CommandLine, tells_of_a_lifespan_that_throws_what_is_no_exception) {
  App app;
  app.lifespan([](Yield<>) -> Task<> {
    throw 5;
    co_return;
  });
  const Ran ran = run_with(app, {"--host", "127.0.0.1", "--port", "0", "--workers", "1"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.error.find("is not derived from std::exception"), std::string::npos) << ran.error;
}

TEST(CommandLine, sets_the_level_of_the_log) {
  const log::Level before = log::level();
  EXPECT_EQ(run_with({"--log-level", "error", "--routes"}).status, 0);
  EXPECT_EQ(log::level(), log::Level::error);
  log::set_level(before);
}

// Served as a process of its own until it is told to stop.
[[noreturn]] void serve(std::vector<const char*> arguments, const std::function<void(App&)>& build) {
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // where a death test looks
  ::setenv("HOST", "my-machine", 1);
  ::setenv("PORT", "no port", 1);
  arguments.insert(arguments.begin(), {"program", "--host", "127.0.0.1", "--port", "0", "--workers", "1"});
  App app({.title = "Cards"});
  build(app);
  std::thread([] {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    struct sigaction present{};
    while (::sigaction(SIGTERM, nullptr, &present) == 0 && present.sa_handler == SIG_DFL) std::this_thread::yield();
    ::kill(::getpid(), SIGTERM);
  }).detach();
  std::_Exit(run(app, static_cast<int>(arguments.size()), arguments.data()));
}

TEST(CommandLine, counts_before_the_environment_and_says_where_it_serves_and_in_which_order) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto well = testing::ExitedWithCode(0);
  EXPECT_EXIT(serve({}, [](App&) {}), well, "Cards .* is on http://127.0.0.1:");
  const auto with_layers = [](App& app) {
    app.use(cors({.allow_origins = {"https://a.example"}}));
    app.use(access_log());
    app.use(open_to_all());
  };
  EXPECT_EXIT(serve({}, [](App&) {}), well,
              "Its documentation is at http://127.0.0.1:[0-9]+/docs\nIts API is described at "
              "http://127.0.0.1:[0-9]+/openapi.json");
  EXPECT_EXIT(serve({}, with_layers), well, "order=\"cors, access_log, open_to_all\"");
  EXPECT_EXIT(serve({"--access-log", "off"}, with_layers), well, "order=\"cors, open_to_all\"");
  EXPECT_EXIT(serve({"--access-log", "json"}, with_layers), well, "order=\"cors, access_log, open_to_all\"");
  EXPECT_EXIT(serve({"--access-log", "text"}, [](App& app) { app.use(open_to_all()); }), well,
              "order=\"access_log, open_to_all\"");
}

}  // namespace
}  // namespace bailey
