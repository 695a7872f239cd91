#include <bailey/web/dependency.hpp>

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/error.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::get;
using web_testing::post_json;
using web_testing::Reply;

struct Page {
  int number = 1;
};
struct Tenant {
  std::string name;
};
struct Session {
  std::string tenant;
  int statements = 0;
};

// What happened, in order, on any thread.
class Trace {
 public:
  void add(std::string_view what) {
    const std::scoped_lock lock(mutex_);
    text_ += (text_.empty() ? "" : " ") + std::string(what);
  }
  [[nodiscard]] std::string text() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

Task<> wait() { co_await sleep_for(std::chrono::milliseconds(0)); }

TEST(Dependencies, are_made_from_the_request_by_the_type_that_a_handler_takes) {
  App app;
  app.provide([](Query<"page", int, Number{.default_value = 1, .ge = 1}> page) { return Page{*page}; });
  app.provide([](Header<"x-tenant"> name) -> Task<Tenant> {
    co_await wait();
    co_return Tenant{*name};
  });
  app.provide([](const Tenant& tenant) -> Expected<Session> {
    if (tenant.name == "gone") return std::unexpected(Error("tenant_gone", "The tenant has gone", 410));
    return Session{tenant.name};
  });
  app.get("/by-value", [](Page page) { return page.number; });
  app.get("/by-reference", [](const Page& page, Tenant& tenant) { return tenant.name + std::to_string(page.number); });
  app.get("/nested", [](const Session& session, const Tenant& tenant) -> Task<std::string> {
    co_await wait();
    co_return session.tenant + "=" + tenant.name;
  });
  EXPECT_EQ(get(app, "/by-value?page=7").body, "7");
  EXPECT_EQ(get(app, "/by-reference", {{"x-tenant", "ada"}}).body, R"("ada1")");
  EXPECT_EQ(get(app, "/nested", {{"x-tenant", "ada"}}).body, R"("ada=ada")");
  EXPECT_EQ(get(app, "/nested", {{"x-tenant", "gone"}}).status, 410);
}

TEST(Dependencies, are_made_once_a_request_and_shared_in_it) {
  std::atomic<int> made = 0;
  App app;
  app.provide([&made]() -> Task<Page> {
    co_await wait();
    co_return Page{++made};
  });
  app.provide([](Page& page) {
    ++page.number;
    return Tenant{};
  });
  app.get("/", [](const Page& page, const Tenant&, Page again) { return page.number * 100 + again.number; });
  EXPECT_EQ(get(app, "/").body, "202");
  EXPECT_EQ(get(app, "/").body, "303");
  EXPECT_EQ(made, 2);
}

TEST(Dependencies, are_not_made_for_routes_that_do_not_ask_for_them) {
  App app;
  app.provide([]() -> Page { throw HttpError(500, "asked for"); });
  app.get("/", [] { return 1; });
  EXPECT_EQ(get(app, "/").status, 200);
}

TEST(Dependencies, say_what_is_wrong_with_their_parameters_together_with_the_handlers) {
  App app;
  app.provide([](Query<"page", int> page) { return Page{*page}; });
  app.provide([](const Page&, Header<"x-tenant"> name) { return Tenant{*name}; });
  struct Body {
    int n;
  };
  app.post("/{id}", [](Path<"id", int> id, const Tenant&, Json<Body> body) { return *id + body->n; });
  const Reply reply = post_json(app, "/x?page=y", R"({"n":"z"})");
  EXPECT_EQ(reply.status, 422);
  std::string places;
  for (const char* place : {R"(["query","page"])", R"(["header","x-tenant"])", R"(["path","id"])", R"(["body","n"])"}) {
    const std::size_t at = reply.body.find(place);
    EXPECT_NE(at, std::string::npos) << place << " in " << reply.body;
  }
  EXPECT_LT(reply.body.find("x-tenant"), reply.body.find("\"id\"")) << "a dependency's stand before the handler's";
}

TEST(Dependencies, run_before_the_body_is_read_unless_they_read_it) {
  Trace trace;
  App app;
  app.provide([](Header<"x-key", std::optional<std::string>> key) {
    if (!*key) throw HttpError(403, "No key");
    return Tenant{**key};
  });
  app.provide([](Body body) { return Session{std::string(body.bytes)}; });
  app.post("/", [](const Session& session, const Tenant& tenant) { return tenant.name + session.tenant; },
           {.body_limit_bytes = 4});
  EXPECT_EQ(post_json(app, "/", "12345").status, 403) << "the body is over the limit, but was not looked at";
  EXPECT_EQ(ask(app, "POST", "/", {{"x-key", "k"}}, "12345").status, 413);
  EXPECT_EQ(ask(app, "POST", "/", {{"x-key", "k"}}, "1234").body, R"("k1234")");
}

TEST(Dependencies, that_stay_open_are_closed_in_reverse_when_the_handler_has_answered) {
  Trace trace;
  App app;
  app.provide([&](Yield<Tenant> yield) -> Task<> {
    trace.add(">tenant");
    co_await wait();
    co_await yield(Tenant{"ada"});
    co_await wait();
    trace.add("tenant<");
  });
  app.provide([&](const Tenant& tenant, Yield<Session> yield) -> Task<> {
    trace.add(">session");
    Session session{tenant.name};
    co_await yield(session);
    trace.add("session<" + std::to_string(session.statements));
  });
  app.get("/now", [&](Session& session) {
    trace.add("handler");
    session.statements = 3;
    return session.tenant;
  });
  app.get("/later", [&](Session& session) -> Task<std::string> {
    co_await wait();
    session.statements = 4;
    trace.add("handler");
    co_return session.tenant;
  });
  EXPECT_EQ(get(app, "/now").body, R"("ada")");
  EXPECT_EQ(get(app, "/later").body, R"("ada")");
  EXPECT_EQ(trace.text(), ">tenant >session handler session<3 tenant< >tenant >session handler session<4 tenant<");
}

TEST(Dependencies, that_stay_open_see_what_the_handler_throws_and_cannot_swallow_it) {
  Trace trace;
  App app;
  app.provide([&](Yield<Session> yield) -> Task<> {
    Session session;
    std::exception_ptr failure;
    try {
      co_await yield(session);
      trace.add("commit");
    } catch (const HttpError& error) {
      trace.add("rollback:" + error.message());
    }
  });
  app.get("/", [](const Session&) -> Task<int> {
    co_await wait();
    throw HttpError(409, "taken");
    co_return 1;
  });
  EXPECT_EQ(get(app, "/").status, 409);
  EXPECT_EQ(trace.text(), "rollback:taken");
}

TEST(Dependencies, that_stay_open_may_throw_something_in_the_place_of_what_the_handler_throws) {
  App app;
  app.provide([](Yield<Session> yield) -> Task<> {
    Session session;
    bool has_failed = false;
    try {
      co_await yield(session);
    } catch (const HttpError&) {
      has_failed = true;
    }
    if (has_failed) throw HttpError(409, "taken");
  });
  app.get("/", [](const Session&) -> int { throw HttpError(404); });
  EXPECT_EQ(get(app, "/").status, 409);
}

TEST(Dependencies, that_fail_while_closing_fail_the_request) {
  App app;
  app.provide([](Yield<Session> yield) -> Task<> {
    Session session;
    co_await yield(session);
    throw HttpError(503, "The commit failed");
  });
  app.get("/", [](const Session&) { return 1; });
  EXPECT_EQ(get(app, "/").status, 503);
}

TEST(Dependencies, that_never_give_a_value_or_give_two_are_the_programs_own_mistake) {
  App app;
  app.provide([](Yield<Session>) -> Task<> { co_return; });
  app.provide([](Yield<Tenant> yield) -> Task<> {
    co_await yield(Tenant{});
    co_await yield(Tenant{});
  });
  app.get("/none", [](const Session&) { return 1; });
  app.get("/two", [](const Tenant&) { return 1; });
  EXPECT_EQ(get(app, "/none").status, 500);
  EXPECT_EQ(get(app, "/two").status, 500);
}

TEST(Dependencies, of_a_requests_lifetime_are_closed_when_the_answer_has_been_sent) {
  Trace trace;
  Event closed;
  App app;
  app.provide([&](Yield<Tenant, Lifetime::request> yield) -> Task<> {
    co_await yield(Tenant{"ada"});
    trace.add("tenant<");
    closed.set();
  });
  app.provide([&](Tenant tenant, Yield<Session, Lifetime::request> yield) -> Task<> {
    Session session{tenant.name};
    co_await yield(session);
    co_await wait();
    trace.add("session<");
  });
  app.get("/", [&](const Session& session) {
    return Response::stream(200, "text/plain", [&trace, tenant = session.tenant](http::BodyWriter& body) -> Task<> {
      co_await body.write(tenant);
      trace.add("sent");
    });
  });
  {
    web_testing::Served served(app);
    EXPECT_NE(served.talk("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").find("ada"), std::string::npos);
    run_blocking([&]() -> Task<> { EXPECT_TRUE(co_await closed.wait_for(std::chrono::seconds(5))); });
  }
  EXPECT_EQ(trace.text(), "sent session< tenant<");
}

TEST(Dependencies, of_a_requests_lifetime_that_fail_before_their_value_fail_the_request) {
  App app;
  app.provide([](Yield<Tenant, Lifetime::request>) -> Task<> {
    co_await wait();
    throw HttpError(402, "Pay first");
  });
  app.get("/", [](const Tenant&) { return 1; });
  EXPECT_EQ(get(app, "/").status, 402);
}

TEST(Dependencies, that_all_requests_share_are_read_or_changed_as_they_are_provided) {
  App app;
  const Page fixed{42};
  app.provide(Tenant{"all"});
  app.provide(std::cref(fixed));
  app.provide(std::make_shared<std::atomic<int>>(5));
  app.get("/", [](const Tenant& tenant, const Page& page, const std::shared_ptr<std::atomic<int>>& hits) {
    return tenant.name + std::to_string(page.number) + std::to_string(++*hits);
  });
  Session session;
  app.provide(std::ref(session));
  app.get("/changed", [](Session& shared) { return ++shared.statements; });
  EXPECT_EQ(get(app, "/").body, R"("all426")");
  EXPECT_EQ(get(app, "/changed").body, "1");
  EXPECT_EQ(session.statements, 1);
}

TEST(Dependencies, without_a_value_run_in_order_from_the_app_to_the_route) {
  Trace trace;
  const auto note = [&trace](std::string_view what) { return depends([&trace, what] { trace.add(what); }); };
  App app;
  app.depends(note("app"));
  Router inner({.prefix = "/inner", .dependencies = {note("inner")}});
  inner.get("/x", [&] { trace.add("handler"); }, {.dependencies = {note("route"), depends([&](Yield<> yield) -> Task<> {
                                                                     trace.add(">around");
                                                                     co_await yield();
                                                                     trace.add("around<");
                                                                   })}});
  Router outer({.prefix = "/outer", .dependencies = {note("outer")}});
  outer.include(std::move(inner));
  app.include(std::move(outer), "/api");
  EXPECT_EQ(get(app, "/api/outer/inner/x").status, 204);
  EXPECT_EQ(trace.text(), "app outer inner route >around handler around<");
  EXPECT_EQ(get(app, "/health").status, 200);
  EXPECT_EQ(trace.text(), "app outer inner route >around handler around<") << "not for the health check";
}

TEST(Dependencies, without_a_value_refuse_by_throwing) {
  App app;
  app.get("/", [] { return 1; }, {.dependencies = {depends([](Header<"x-key"> key) {
                                    if (*key != "right") throw HttpError(403, "Wrong key");
                                  })}});
  EXPECT_EQ(get(app, "/").status, 422);
  EXPECT_EQ(get(app, "/", {{"x-key", "wrong"}}).status, 403);
  EXPECT_EQ(get(app, "/", {{"x-key", "right"}}).status, 200);
}

TEST(Dependencies, of_a_router_stand_before_those_of_the_app) {
  App app;
  app.provide(Tenant{"app"});
  Router router({.prefix = "/r"});
  router.provide([] { return Tenant{"router"}; });
  router.get("/", [](const Tenant& tenant) { return tenant.name; });
  app.include(std::move(router));
  app.get("/a", [](const Tenant& tenant) { return tenant.name; });
  EXPECT_EQ(get(app, "/r/").body, R"("router")");
  EXPECT_EQ(get(app, "/a").body, R"("app")");
}

TEST(Dependencies, that_cannot_be_made_end_the_start_with_the_route_and_what_to_write) {
  struct Loop1 {
    int n = 0;
  };
  struct Loop2 {
    int n = 0;
  };
  struct Case {
    std::string_view what;
    std::function<void(App&)> build;
    std::vector<std::string> says;
  };
  for (const Case& c : std::vector<Case>{
           {"nobody provides it",
            [](App& app) { app.get("/cards", [](const Tenant&) { return 1; }); },
            {"GET /cards: its handler takes", "Tenant, which nothing provides", "Json<", "app.provide("}},
           {"a dependency's dependency",
            [](App& app) {
              app.provide([](const Tenant&) { return Page{}; });
              app.get("/cards", [](const Page&) { return 1; });
            },
            {"GET /cards: the", "Page that it takes takes", "Tenant, which nothing provides"}},
           {"a circle",
            [](App& app) {
              app.provide([](const Loop2&) { return Loop1{}; });
              app.provide([](const Loop1&) { return Loop2{}; });
              app.get("/cards", [](const Loop1&) { return 1; });
            },
            {"GET /cards:", "needs itself"}},
           {"a shared one to be changed",
            [](App& app) {
              app.provide(Tenant{});
              app.get("/cards", [](Tenant&) { return 1; });
            },
            {"GET /cards:", "Tenant& but all requests share it", "std::ref"}},
           {"one that outlives what it looks at",
            [](App& app) {
              app.provide([] { return Tenant{}; });
              app.provide(
                  [](const Tenant&, Yield<Page, Lifetime::request> yield) -> Task<> { co_await yield(Page{}); });
              app.get("/cards", [](const Page&) { return 1; });
            },
            {"GET /cards:", "outlives the request", "by value"}},
       }) {
    App app;
    c.build(app);
    try {
      static_cast<void>(app.handler());
      ADD_FAILURE() << c.what;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "invalid_route") << c.what;
      for (const std::string& part : c.says)
        EXPECT_NE(error.message().find(part), std::string::npos) << c.what << ": " << error.message();
    }
  }
}

TEST(Dependencies, are_provided_once_a_type_and_before_the_start) {
  App app;
  app.provide(Tenant{});
  EXPECT_THROW(app.provide([] { return Tenant{}; }), Error);
  EXPECT_THROW(app.provide([] {}), Error) << "it provides nothing";
  static_cast<void>(app.handler());
  EXPECT_THROW(app.provide(Page{}), Error);
}

TEST(Dependencies, of_interleaved_requests_are_each_their_own) {
  App app;
  app.provide([](Header<"x-tenant"> name) -> Task<Tenant> {
    for (int i = 0; i < 3; ++i) co_await wait();
    co_return Tenant{*name};
  });
  app.provide([](const Tenant& tenant, Yield<Session> yield) -> Task<> {
    co_await wait();
    Session session{tenant.name};
    co_await yield(session);
    co_await wait();
  });
  app.get("/", [](const Session& session) -> Task<std::string> {
    for (int i = 0; i < 3; ++i) co_await wait();
    co_return session.tenant;
  });
  web_testing::Served served(app, 2);
  std::vector<std::thread> clients;
  std::atomic<int> wrong = 0;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      const std::string name = "tenant-" + std::to_string(client);
      std::string request;
      for (int i = 0; i < 50; ++i) {
        request +=
            "GET / HTTP/1.1\r\nHost: x\r\nx-tenant: " + name + (i == 49 ? "\r\nConnection: close" : "") + "\r\n\r\n";
      }
      const std::string answer = served.talk(request);
      int mine = 0;
      for (std::size_t at = 0; (at = answer.find('"' + name + '"', at)) != std::string::npos; ++at) ++mine;
      if (mine != 50) ++wrong;
    });
  }
  for (std::thread& each : clients) each.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace bailey
