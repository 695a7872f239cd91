#include <bailey/web/middleware.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/request_id.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::get;
using web_testing::Reply;

using Trace = std::string;

Task<std::optional<Response>> decide_later(std::optional<int> status) {
  co_await sleep_for(std::chrono::milliseconds(0));
  if (status == 599) throw HttpError(403, "later");
  if (status) co_return Response::text(*status, "early");
  co_return std::nullopt;
}

// Middleware that writes down when it runs: ">a" in, "a<" out with the status.
struct Hooks {
  Trace& trace;

  Middleware passing(std::string name) const {
    return make(std::move(name), [](Request&) -> Before { return Pass{}; });
  }
  Middleware answering(std::string name) const {
    return make(std::move(name), [](Request&) -> Before { return Response::text(202, "early"); });
  }
  Middleware throwing(std::string name) const {
    return make(std::move(name), [](Request&) -> Before { throw HttpError(403, "no"); });
  }
  Middleware later(std::string name, std::optional<int> status) const {
    return make(std::move(name), [status](Request&) -> Before { return decide_later(status); });
  }
  Middleware around(std::string name) const {
    return {.name = name, .around = [&t = trace, name](Request& request, Next next) -> Task<Response> {
              t += ">" + name + " ";
              Response response = co_await next(request);
              t += name + "<" + std::to_string(response.status) + " ";
              co_return response;
            }};
  }

 private:
  Middleware make(std::string name, std::function<Before(Request&)> decide) const {
    return {.name = name,
            .before =
                [&t = trace, name, decide = std::move(decide)](Request& request) {
                  t += ">" + name + " ";
                  return decide(request);
                },
            .after = [&t = trace, name](
                         Request&, Response& response) { t += name + "<" + std::to_string(response.status) + " "; }};
  }
};

struct Case {
  std::string_view what;
  std::function<std::vector<Middleware>(const Hooks&)> chain;
  std::string_view trace;
};

TEST(Middleware, runs_from_the_first_used_inwards_and_back) {
  using Chain = std::vector<Middleware>;
  const std::vector<Case> cases{
      {"none", [](const Hooks&) { return Chain{}; }, "handler "},
      {"two", [](const Hooks& h) { return Chain{h.passing("a"), h.passing("b")}; }, ">a >b handler b<200 a<200 "},
      {"the inner one answers", [](const Hooks& h) { return Chain{h.passing("a"), h.answering("b"), h.passing("c")}; },
       ">a >b a<202 "},
      {"the inner one throws", [](const Hooks& h) { return Chain{h.passing("a"), h.throwing("b"), h.passing("c")}; },
       ">a >b a<403 "},
      {"the inner one waits", [](const Hooks& h) { return Chain{h.passing("a"), h.later("b", {}), h.passing("c")}; },
       ">a >b >c handler c<200 b<200 a<200 "},
      {"the inner one waits and answers",
       [](const Hooks& h) { return Chain{h.passing("a"), h.later("b", 202), h.passing("c")}; }, ">a >b a<202 "},
      {"the inner one waits and throws",
       [](const Hooks& h) { return Chain{h.passing("a"), h.later("b", 599), h.passing("c")}; }, ">a >b a<403 "},
      {"around", [](const Hooks& h) { return Chain{h.passing("a"), h.around("b"), h.passing("c")}; },
       ">a >b >c handler c<200 b<200 a<200 "},
      {"around a refusal", [](const Hooks& h) { return Chain{h.around("a"), h.throwing("b")}; }, ">a >b a<403 "},
      {"around around around",
       [](const Hooks& h) { return Chain{h.around("a"), h.around("b"), h.later("c", {}), h.around("d")}; },
       ">a >b >c >d handler d<200 c<200 b<200 a<200 "},
  };
  for (const Case& c : cases) {
    for (const std::string path : {"/now", "/later", "/body"}) {
      Trace trace;
      App app;
      for (Middleware& middleware : c.chain(Hooks{trace})) app.use(std::move(middleware));
      app.post("/now", [&trace] {
        trace += "handler ";
        return 1;
      });
      app.post("/later", [&trace]() -> Task<int> {
        co_await sleep_for(std::chrono::milliseconds(0));
        trace += "handler ";
        co_return 1;
      });
      app.post("/body", [&trace](Json<int> body) {
        trace += "handler ";
        return *body;
      });
      static_cast<void>(web_testing::post_json(app, path, "1"));
      EXPECT_EQ(trace, c.trace) << c.what << " " << path;
    }
  }
}

TEST(Middleware, after_hooks_see_errors_as_responses) {
  struct Thrown {
    std::string_view path;
    int status;
  };
  for (const Thrown& t :
       std::vector<Thrown>{{"/error", 409}, {"/stranger", 500}, {"/later", 409}, {"/none", 404}, {"/n", 422}}) {
    for (const bool wait : {false, true}) {
      Trace trace;
      const Hooks hooks{trace};
      App app;
      app.use(hooks.passing("a"));
      app.use(wait ? hooks.later("b", {}) : hooks.around("b"));
      app.get("/error", []() -> int { throw Error("taken", "taken", 409); });
      app.get("/stranger", []() -> int { throw std::runtime_error("x"); });
      app.get("/later", []() -> Task<int> {
        co_await sleep_for(std::chrono::milliseconds(0));
        throw Error("taken", "taken", 409);
      });
      app.get("/n", [](Query<"n", int> n) { return *n; });
      const Reply reply = get(app, std::string(t.path));
      EXPECT_EQ(reply.status, t.status);
      const std::string status = std::to_string(t.status);
      EXPECT_EQ(trace, ">a >b b<" + status + " a<" + status + " ") << t.path;
    }
  }
}

TEST(Middleware, an_after_hook_that_throws_becomes_the_response_for_those_outside) {
  Trace trace;
  App app;
  app.use(Hooks{trace}.passing("a"));
  app.use(Middleware{.name = "b", .after = [](Request&, Response&) { throw HttpError(410, "gone"); }});
  app.get("/", [] { return 1; });
  EXPECT_EQ(get(app, "/").status, 410);
  EXPECT_EQ(trace, ">a a<410 ");
}

TEST(Middleware, is_refused_when_it_has_around_and_hooks_since_the_hooks_would_not_run) {
  const Middleware around{.around = [](Request& request, Next next) { return next(request); }};
  Middleware with_before = around;
  with_before.before = [](Request&) -> Before { return Response::text(403, "no"); };
  Middleware with_after = around;
  with_after.after = [](Request&, Response&) {};
  App app;
  EXPECT_EQ(web_testing::error_code_of([&] { app.use(with_before); }), "invalid_middleware");
  EXPECT_EQ(web_testing::error_code_of([&] { app.use(with_after); }), "invalid_middleware");
  EXPECT_EQ(web_testing::error_code_of([&] { app.use(around); }), "");
}

TEST(Middleware, leaves_values_for_handlers_which_cannot_change_them) {
  struct Tenant {
    std::string name;
  };
  App app;
  app.use(Middleware{.name = "tenant", .before = [](Request& request) -> Before {
                       request.state().set(Tenant{"first"});
                       request.state().set(Tenant{std::string(request.query())});
                       return Pass{};
                     }});
  app.get("/", [](const Request& request) {
    static_assert(std::is_const_v<std::remove_reference_t<decltype(request.state())>>);
    static_assert(std::is_const_v<std::remove_pointer_t<decltype(request.state().get<Tenant>())>>);
    EXPECT_EQ(request.state().get<int>(), nullptr);
    return request.state().get<Tenant>()->name;
  });
  EXPECT_EQ(get(app, "/?acme").body, R"("acme")");
}

TEST(Middleware, runs_before_the_body_is_read) {
  std::string seen = "nothing";
  App app;
  app.use(Middleware{.name = "guard", .before = [&](Request& request) -> Before {
                       seen = request.body();
                       throw HttpError(401, "no");
                     }});
  app.post("/", [](Json<int> body) { return *body; });
  EXPECT_EQ(web_testing::post_json(app, "/", "not json").status, 401) << "no 422: the guard comes first";
  EXPECT_EQ(seen, "");
}

TEST(RequestId, is_on_every_response) {
  App app;
  app.use(request_id());
  app.get("/", [](const Request& request) { return std::string(request.id()); });
  const Reply reply = get(app, "/");
  EXPECT_EQ(reply.body, "\"" + reply.header("x-request-id") + "\"");
  EXPECT_EQ(get(app, "/none").header("x-request-id").size(), 16U);
}

}  // namespace
}  // namespace bailey
