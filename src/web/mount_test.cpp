// An app below a prefix of another, and what of a request, its state and its errors each of them sees.
#include <bailey/web/app.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/test_client.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::error_code_of;
using web_testing::get;

struct Tenant {
  std::string name;
};

class Mount : public testing::Test {
 protected:
  Mount() {
    inner_.get("/cards/{id}", [](Path<"id", int> id, const Request& request) {
      return PlainText{std::to_string(*id) + " " + std::string(request.path()) + " " + std::string(request.route()) +
                       " " + std::string(request.root_path()) + " " + request.url()};
    });
    inner_.get("/", [] { return PlainText{"root"}; });
    inner_.get("/raw/{name}", [](const Request& request) { return PlainText{std::string(request.raw_path())}; });
    inner_.post("/echo", [](Body body) { return PlainText{std::string(*body)}; });
    inner_.get("/slow", [](const Request& request) -> Task<PlainText> {
      co_await sleep_for(std::chrono::milliseconds(1));
      co_return PlainText{std::string(request.outer()->route())};
    });
    inner_.get("/tenant", [](const Request& request) {
      const auto* tenant = request.outer() == nullptr ? nullptr : request.outer()->state().get<Tenant>();
      return PlainText{tenant == nullptr ? "nobody's" : tenant->name};
    });
    inner_.get("/broken", []() -> int { throw HttpError(418, "inner"); });
    inner_.on_error<HttpError>(
        [](const HttpError& error, const Request&) { return Response::text(error.http_status(), "an inner error"); });
    inner_.on_status(404, [](const Request&) { return Response::text(404, "nothing in here"); });
    inner_.on_refusal([](const Refusal& refusal, Response) {
      return Response::text(refusal.status, "inner " + std::string(refusal.target));
    });
  }

  App inner_{{.title = "inner", .openapi_path = ""}};
  App outer_{{.title = "outer"}};
};

TEST_F(Mount, answers_what_is_below_its_prefix) {
  outer_.mount("/auth/v1", inner_);
  outer_.get("/auth", [] { return PlainText{"outer"}; });
  EXPECT_EQ(get(outer_, "/auth/v1/cards/7?a=b").body,
            "7 /cards/7 /cards/{id} /auth/v1 http://localhost/auth/v1/cards/7?a=b");
  for (const char* path : {"/auth/v1", "/auth/v1/"}) EXPECT_EQ(get(outer_, path).body, "root") << path;
  EXPECT_EQ(get(outer_, "/auth").body, "outer");
  EXPECT_EQ(get(outer_, "/auth/v10").body, R"({"detail":"Not Found"})");
  EXPECT_EQ(get(outer_, "/auth/v1/none").body, "nothing in here");
  EXPECT_EQ(ask(outer_, "DELETE", "/auth/v1/cards/7").status, 405);
  EXPECT_EQ(ask(outer_, "DELETE", "/auth/v1/cards/7").header("allow"), "GET, HEAD");
  EXPECT_EQ(ask(outer_, "POST", "/auth/v1/echo", {}, "said").body, "said");
  EXPECT_EQ(get(outer_, "/auth/v1/slow").body, "/auth/v1/{below:path}");
  EXPECT_EQ(get(outer_, "/auth/v1/broken").body, "an inner error");
}

TEST_F(Mount, is_an_app_by_itself_as_well) {
  outer_.mount("/auth/v1", inner_);
  EXPECT_EQ(get(inner_, "/cards/7").body, "7 /cards/7 /cards/{id}  http://localhost/cards/7");
  EXPECT_EQ(get(inner_, "/tenant").body, "nobody's");
}

TEST_F(Mount, knows_its_path_as_it_came) {
  outer_.mount("/auth/v1", inner_);
  EXPECT_EQ(get(outer_, "/auth/v1/raw/a%20b").body, "/raw/a%20b");
  EXPECT_EQ(get(outer_, "/%61uth/v%31/raw/%61").body, "/raw/%61");
  EXPECT_EQ(get(outer_, "/auth/v1%2fraw/%61").body, "/raw/%61") << "it begins with a slash, however that came";
  EXPECT_EQ(get(outer_, "/auth%2Fv1%2Fraw%2fa").body, "/raw%2fa");
  EXPECT_EQ(get(inner_, "/raw/a%20b").body, "/raw/a%20b");
}

TEST_F(Mount, stands_behind_the_middleware_of_the_app_around_it_and_finds_what_that_left) {
  outer_.use(Middleware{.name = "tenant", .before = [](Request& request) -> Before {
                          request.state().set(Tenant{"anna's"});
                          return Pass{};
                        }});
  outer_.use(cors({.allow_origins = {"https://app.example"}}));
  outer_.mount("/in", inner_, {.middleware = {Middleware{.name = "mark", .after = [](Request&, Response& response) {
                                                           response.headers.set("x-mark", "yes");
                                                         }}}});
  EXPECT_EQ(get(outer_, "/in/tenant").body, "anna's");
  for (const char* path : {"/in/tenant", "/in/slow", "/in/broken", "/in/none"}) {
    const auto reply = get(outer_, path, {{"Origin", "https://app.example"}});
    EXPECT_EQ(reply.header("x-mark"), "yes") << path;
    EXPECT_EQ(reply.header("access-control-allow-origin"), "https://app.example") << path;
  }
}

TEST_F(Mount, is_guarded_by_the_guard_of_the_app_around_it_whatever_the_method) {
  outer_.use(Guard{.name = "closed", .admit = [](Request&) -> Before { return Response::text(401, "who"); }});
  outer_.mount("/in", inner_);
  for (const char* method : {"GET", "POST", "OPTIONS", "PURGE"})
    EXPECT_EQ(ask(outer_, method, "/in/tenant").status, 401) << method;
  EXPECT_EQ(get(outer_, "/in/health").status, 401) << "it is no health check of the app that is served";
}

TEST_F(Mount, has_the_root_path_of_the_app_around_it_before_its_prefix) {
  App outer({.root_path = "/api"});
  outer.mount("/in", inner_);
  for (const char* path : {"/in/cards/1", "/api/in/cards/1"})
    EXPECT_EQ(get(outer, path).body, "1 /cards/1 /cards/{id} /api/in http://localhost/api/in/cards/1") << path;
}

TEST_F(Mount, may_be_within_another_that_is_mounted) {
  App between;
  between.mount("/b", inner_);
  outer_.mount("/a", between);
  EXPECT_EQ(get(outer_, "/a/b/cards/1?x").body, "1 /cards/1 /cards/{id} /a/b http://localhost/a/b/cards/1?x");
  EXPECT_EQ(outer_.handler().refuse(431, "too long", "/a/b/x").body, "inner /x");
}

TEST_F(Mount, tells_in_its_own_way_what_the_server_refuses_below_its_prefix) {
  outer_.mount("/in", inner_);
  outer_.on_refusal([](const Refusal& refusal, Response usual) {
    usual.headers.set("x-refused", std::to_string(refusal.status));
    return usual;
  });
  http::Handler& handler = outer_.handler();
  const Response below = handler.refuse(413, "too much", "/in/cards?limit=1");
  EXPECT_EQ(below.body, "inner /cards?limit=1");
  EXPECT_EQ(below.headers.get("x-refused"), "413");
  for (const char* target : {"/inside", "", "/other", "*"}) {
    const Response own = handler.refuse(431, "too long", target);
    EXPECT_EQ(own.body, R"({"detail":"too long"})") << target;
    EXPECT_EQ(own.headers.get("x-refused"), "431") << target;
  }
}

TEST_F(Mount, at_the_longest_prefix_of_a_target_tells_what_is_refused_there) {
  App other;
  App outer({.root_path = "/api"});
  outer.mount("/in", other).mount("/in/deep", inner_);
  EXPECT_EQ(get(outer, "/in/deep/cards/1").status, 200);
  for (const char* target : {"/in/deep/x", "/api/in/deep/x"})
    EXPECT_EQ(outer.handler().refuse(431, "too long", target).body, "inner /x") << target;
  for (const char* target : {"/in/deeper", "/api/in", "/apiin/deep/x"})
    EXPECT_EQ(outer.handler().refuse(431, "too long", target).body, R"({"detail":"too long"})") << target;
}

TEST_F(Mount, of_an_app_with_a_root_path_of_its_own_is_at_the_prefix_alone) {
  App rooted({.root_path = "/v1"});
  rooted.get("/x", [](const Request& request) { return PlainText{request.url() + " " + request.base_url()}; });
  rooted.on_refusal(
      [](const Refusal& refusal, Response) { return Response::text(refusal.status, std::string(refusal.target)); });
  outer_.mount("/in", rooted);
  EXPECT_EQ(get(outer_, "/in/x").body, "http://localhost/in/x http://localhost/in");
  EXPECT_EQ(get(outer_, "/in/v1/x").status, 404);
  EXPECT_EQ(outer_.handler().refuse(413, "too much", "/in/v1/x").body, "/v1/x");
}

TEST(OnRefusal, that_throws_leaves_the_usual_answer) {
  App app;
  app.on_refusal([](const Refusal&, Response) -> Response { throw std::runtime_error("no"); });
  const Response response = app.handler().refuse(400, "malformed", "/");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"detail":"malformed"})");
}

TEST_F(Mount, refuses_a_prefix_that_is_none_and_an_app_within_itself) {
  for (const char* prefix : {"", "/", "in", "/in/", "/{tenant}", "/a b"})
    EXPECT_EQ(error_code_of([&] { outer_.mount(prefix, inner_); }), "invalid_route") << prefix;
  EXPECT_EQ(error_code_of([&] { inner_.mount("/in", inner_); }), "invalid_route");
  outer_.mount("/in", inner_);
  EXPECT_EQ(error_code_of([&] { inner_.mount("/out", outer_); }), "invalid_route");
  EXPECT_EQ(error_code_of([&] {
              outer_.mount("/in", inner_);
              static_cast<void>(outer_.handler());
            }),
            "route_conflict");
}

TEST_F(Mount, opens_the_lifespans_of_the_mounted_app_once) {
  std::vector<std::string> events;
  const auto lifespan = [&events](std::string name) {
    return [&events, name](Yield<> serving) -> Task<> {
      events.push_back("open " + name);
      co_await serving();
      events.push_back("close " + name);
    };
  };
  inner_.lifespan(lifespan("inner"));
  outer_.lifespan(lifespan("outer"));
  outer_.mount("/a", inner_).mount("/b", inner_);
  {
    TestClient client(outer_);
    EXPECT_EQ(client.get("/b/slow").body, "/b/{below:path}");
  }
  EXPECT_EQ(events, (std::vector<std::string>{"open outer", "open inner", "close inner", "close outer"}));
}

TEST_F(Mount, is_told_of_among_the_routes_and_in_no_document) {
  outer_.mount("/in", inner_);
  std::string routes;
  for (const RouteInfo& route : outer_.routes())
    if (route.is_any_method) routes += std::string(route.method_text()) + " " + route.path + ";";
  EXPECT_EQ(routes, "ANY /in;ANY /in/{below:path};");
  EXPECT_FALSE(outer_.openapi().contains("/in"));
}

TEST_F(Mount, has_its_document_and_its_pages_below_the_prefix) {
  App inner({.title = "inner"});
  inner.get("/cards", [] { return 1; });
  outer_.get("/own", [] { return 1; });
  outer_.mount("/in", inner);
  const std::string document = get(outer_, "/in/openapi.json").body;
  EXPECT_TRUE(document.contains(R"("servers":[{"url":"/in"}])")) << document;
  EXPECT_TRUE(document.contains(R"("/cards")") && !document.contains(R"("/own")")) << document;
  EXPECT_EQ(get(outer_, "/in/docs").status, 200);
  const std::string own = get(outer_, "/openapi.json").body;
  EXPECT_TRUE(own.contains(R"("/own")") && !own.contains(R"("/cards")")) << own;
  EXPECT_FALSE(get(inner, "/openapi.json").body.contains("servers")) << "served by itself it is at the root";
}

TEST_F(Mount, may_have_another_below_it_and_routes_of_the_app_around_it_come_first) {
  App other({.openapi_path = ""});
  other.get("/", [] { return PlainText{"other"}; });
  outer_.mount("/in", inner_).mount("/in/cards", other);
  outer_.get("/in/raw/own", [] { return PlainText{"outer"}; });
  outer_.get("/{page}/{below:path}", [](Path<"page">, Path<"below">) { return PlainText{"wide"}; });
  EXPECT_EQ(get(outer_, "/in/cards").body, "other");
  EXPECT_EQ(get(outer_, "/in/cards/7").status, 404) << "that app has none, and no other is asked";
  EXPECT_EQ(get(outer_, "/in/raw/own").body, "outer");
  EXPECT_EQ(get(outer_, "/in/raw/else").body, "/raw/else");
  EXPECT_EQ(ask(outer_, "DELETE", "/in/raw/own").status, 405) << "the mounted app has it for GET alone";
  EXPECT_EQ(get(outer_, "/elsewhere/x").body, "wide");
}

TEST(RouteOfAnyMethod, takes_those_that_have_no_route_of_their_own) {
  App app;
  app.any("/files/{path:path}", [](const Request& request, Path<"path"> path) {
    return PlainText{std::string(request.method_text()) + " " + *path};
  });
  app.get("/files/{path:path}", [](Path<"path">) { return PlainText{"got"}; });
  EXPECT_EQ(get(app, "/files/a/b").body, "got");
  EXPECT_EQ(ask(app, "HEAD", "/files/a").status, 200);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"})
    EXPECT_EQ(ask(app, method, "/files/a/b").body, std::string(method) + " a/b");
  EXPECT_EQ(get(app, "/other").status, 404);
  EXPECT_EQ(ask(app, "OPTIONS", "*").header("allow"), "GET, HEAD");
}

TEST(RouteOfAnyMethod, is_there_once_a_shape) {
  App app;
  app.any("/x/{a}", [](Path<"a">) { return 1; });
  app.any("/x/{b}", [](Path<"b">) { return 2; });
  EXPECT_EQ(error_code_of([&] { static_cast<void>(app.handler()); }), "route_conflict");
}

}  // namespace
}  // namespace bailey
