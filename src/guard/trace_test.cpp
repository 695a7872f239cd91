// What the client of a request sends along, so that the request is found again in the logs of the project.
#include <bailey/guard/user.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/trace_context.hpp>
#include "guard/provider.hpp"
#include "http/client_test_server.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

namespace bailey {
namespace {

using http::test::RawServer;
using web_testing::get;
using web_testing::Headers;

constexpr std::string_view sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// A project that writes down what it was asked.
class Project {
 public:
  Project()
      : server_([this](const std::string& request) -> std::optional<std::string> {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          return RawServer::ok("[]", "Content-Type: application/json\r\n");
        }) {}
  [[nodiscard]] Supabase client() const {
    std::string url = server_.url();
    url.pop_back();
    return guard_testing::project_at(url);
  }
  [[nodiscard]] std::string last() const {
    const std::lock_guard lock(mutex_);
    return requests_.empty() ? std::string() : requests_.back();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  RawServer server_;
};

Guard ada_of(const Supabase& supabase) {
  return {.name = "ada", .admit = [supabase](Request& request) -> Before {
            admit(request,
                  Identity::verified(jwt::parse_claims(R"({"sub":")" + std::string(guard_testing::ada) +
                                                       R"(","role":"authenticated"})")
                                         .value(),
                                     "a.b.c"),
                  supabase);
            return Pass{};
          }};
}

void build(App& app, const Supabase& supabase) {
  app.use(ada_of(supabase));
  app.get("/rows", [](User user, const Request& request) -> Task<std::string> {
    const auto rows = co_await user.supabase().from("cards").select();
    co_return std::string(request.id()) + std::to_string(rows.size());
  });
  app.get("/auth", [](Supabase client, const Request& request) -> Task<std::string> {
    static_cast<void>(co_await client.auth().try_get_user());
    co_return std::string(request.id());
  });
}

TEST(Trace, goes_along_with_what_a_users_client_asks_of_the_project) {
  const Project project;
  App app;
  app.use(trace_context());
  build(app, project.client());
  for (const char* path : {"/rows", "/auth"}) {
    const std::string body = get(app, path, {{"traceparent", std::string(sent)}, {"tracestate", "a=1"}}).body;
    const std::string asked = project.last();
    EXPECT_NE(asked.find("\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-"), std::string::npos) << asked;
    EXPECT_EQ(asked.find("00f067aa0ba902b7"), std::string::npos) << "the parent is our part of the trace: " << asked;
    EXPECT_NE(asked.find("\r\ntracestate: a=1\r\n"), std::string::npos) << asked;
    EXPECT_NE(asked.find("\r\nX-Request-Id: " + body.substr(1, 16) + "\r\n"), std::string::npos) << asked << body;
    EXPECT_NE(asked.find("\r\nAuthorization: Bearer a.b.c\r\n"), std::string::npos) << asked;
  }
}

TEST(Trace, is_not_there_where_nobody_asked_for_one) {
  const Project project;
  App app;
  build(app, project.client());
  static_cast<void>(get(app, "/rows", {{"traceparent", std::string(sent)}}));
  EXPECT_FALSE(project.last().empty());
  EXPECT_EQ(project.last().find("traceparent"), std::string::npos) << project.last();
  EXPECT_EQ(project.last().find("X-Request-Id"), std::string::npos) << project.last();
}

TEST(Trace, is_the_handles_own_and_of_those_made_from_it) {
  const Project project;
  const Supabase plain = project.client();
  const Supabase traced = plain.traced({.traceparent = std::string(sent), .request_id = "7"});
  const auto ask = [](const Supabase& client) {
    run_blocking([&]() -> Task<> { static_cast<void>(co_await client.from("cards").select()); });
  };
  ask(plain);
  EXPECT_EQ(project.last().find("traceparent"), std::string::npos);
  ask(traced.as("a.b.c"));
  EXPECT_NE(project.last().find("\r\ntraceparent: " + std::string(sent) + "\r\nX-Request-Id: 7\r\n"), std::string::npos)
      << project.last();
  EXPECT_EQ(project.last().find("tracestate"), std::string::npos) << project.last();
}

TEST(Trace, that_is_no_header_is_not_sent) {
  const Project project;
  run_blocking([&]() -> Task<> {
    const auto rows =
        co_await project.client().traced({.traceparent = "a\r\nX-Evil: 1"}).from("cards").select().try_execute();
    EXPECT_FALSE(rows.has_value());
  });
  EXPECT_EQ(project.last(), "");
}

}  // namespace
}  // namespace bailey
