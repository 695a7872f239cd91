// What a handler is given lives until its answer is made, however the handler takes it and whenever it suspends.
#include <bailey/runtime/sleep.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::Reply;

struct Note {
  std::string text;
};

struct Tenant {
  std::string name;
};

}  // namespace

template <>
struct Binder<Tenant> {
  static Tenant bind(const Request& request) { return {std::string(request.header("x-tag").value_or(""))}; }
};

namespace {

// Suspends, and writes over whatever memory has become free meanwhile.
Task<> give_way() {
  co_await sleep_for(std::chrono::milliseconds(0));
  std::vector<std::string> scribbled;
  for (std::size_t size = 16; size < 4096; size += 16) scribbled.emplace_back(size, '#');
}

// Longer than what a std::string keeps inside itself.
constexpr std::string_view sent = "a-text-that-is-long-enough-to-have-memory-of-its-own";

std::string said_by(const Path<"text">& path) { return *path; }
std::string said_by(const Path<"number", int>& path) { return std::to_string(*path); }
std::string said_by(const Query<"text">& query) { return *query; }
std::string said_by(const Query<"text", std::vector<std::string>>& query) { return query->front(); }
std::string said_by(const Query<"number", std::optional<int>>& query) { return std::to_string(**query); }
std::string said_by(const Header<"x-tag">& header) { return *header; }
std::string said_by(const Json<Note>& note) { return note->text; }
std::string said_by(const Tenant& tenant) { return tenant.name; }
std::string said_by(const Body& body) { return std::string(*body); }
std::string said_by(const Request& request) { return std::string(*request.header("x-tag")); }

template <class T>
Task<std::string> say_later(const T& given) {
  co_await give_way();
  std::string said = said_by(given);
  co_await give_way();
  co_return said + " " + said_by(given);
}

// A handler that is the coroutine itself, and one that hands its parameter on to a coroutine.
template <class P>
void add_handlers(App& app, std::string_view path) {
  app.post(runtime_path(path), [](P given) -> Task<std::string> {
    co_await give_way();
    std::string said = said_by(given);
    co_await give_way();
    co_return said + " " + said_by(given);
  });
  app.put(runtime_path(path), [](P given) { return say_later(given); });
}

template <class T>
void expect_said(std::string_view template_path, const std::string& target, std::string_view expected,
                 const std::string& body = "{\"text\":\"" + std::string(sent) + "\"}") {
  App by_value;
  App by_reference;
  App by_rvalue;
  if constexpr (!std::same_as<T, Request>) {
    add_handlers<T>(by_value, template_path);
    add_handlers<T&&>(by_rvalue, template_path);
  }
  add_handlers<const T&>(by_reference, template_path);
  const std::string wanted = "\"" + std::string(expected) + " " + std::string(expected) + "\"";
  for (App* app : {&by_value, &by_reference, &by_rvalue}) {
    if (std::same_as<T, Request> && app != &by_reference) continue;
    for (const std::string method : {"POST", "PUT"}) {
      const Reply reply =
          ask(*app, method, target, {{"Content-Type", "application/json"}, {"X-Tag", std::string(sent)}}, body);
      EXPECT_EQ(reply.body, wanted) << target << " " << method << " "
                                    << (app == &by_value    ? "by value"
                                        : app == &by_rvalue ? "by rvalue"
                                                            : "by reference");
    }
  }
}

TEST(HandlerLifetime, what_is_bound_lives_until_the_answer_in_every_form_a_parameter_can_take) {
  const std::string text(sent);
  expect_said<Path<"text">>("/{text}", "/" + text, text);
  expect_said<Path<"number", int>>("/{number}", "/77", "77");
  expect_said<Query<"text">>("/", "/?text=" + text, text);
  expect_said<Query<"text", std::vector<std::string>>>("/", "/?text=" + text, text);
  expect_said<Query<"number", std::optional<int>>>("/", "/?number=77", "77");
  expect_said<Header<"x-tag">>("/", "/", text);
  expect_said<Json<Note>>("/", "/", text);
  expect_said<Tenant>("/", "/", text);
  expect_said<Body>("/", "/", text, text);
  expect_said<Request>("/", "/", text);
}

TEST(HandlerLifetime, what_is_bound_lives_while_the_answer_is_encoded) {
  App app;
  // The error refers to what was bound: it is read after the handler has ended.
  app.get("/", [](const Query<"text">& text) -> Task<std::expected<std::string, Error>> {
    co_await give_way();
    co_return std::unexpected(Error("taken", *text, 409));
  });
  EXPECT_EQ(ask(app, "GET", "/?text=" + std::string(sent)).body, "{\"detail\":\"" + std::string(sent) + "\"}");
}

TEST(HandlerLifetime, a_parameter_that_does_not_fit_is_a_422_of_a_coroutine_as_of_a_function) {
  App app;
  app.get("/", [](const Query<"n", int>& n, const Query<"m", int>& m) -> Task<int> { co_return *n + *m; });
  const Reply reply = ask(app, "GET", "/?n=x");
  EXPECT_EQ(reply.status, 422);
  EXPECT_NE(reply.body.find(R"(["query","n"])"), std::string::npos) << reply.body;
  EXPECT_NE(reply.body.find(R"(["query","m"])"), std::string::npos) << reply.body;
}

TEST(HandlerLifetime, a_middleware_may_take_what_is_next_by_reference) {
  App app;
  app.use([](Request& request, const Next& next) -> Task<Response> {
    co_await give_way();
    Response response = co_await next(request);
    response.headers.set("x-by", "reference");
    co_return response;
  });
  app.use([](Request& request, Next next) -> Task<Response> {
    co_await give_way();
    co_return co_await next(request);
  });
  app.get("/", [] { return 1; });
  const Reply reply = ask(app, "GET", "/");
  EXPECT_EQ(reply.body, "1");
  EXPECT_EQ(reply.header("x-by"), "reference");
}

}  // namespace
}  // namespace bailey
