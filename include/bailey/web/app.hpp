#pragma once

#include <bailey/base/make_shared_as.hpp>
#include <bailey/http/server.hpp>
#include <bailey/http/spooled_file.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/error_format.hpp>
#include <bailey/web/error_handler.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/metrics.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/ready_check.hpp>
#include <bailey/web/refusal.hpp>
#include <bailey/web/router.hpp>
#include <bailey/web/status_handler.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey {

namespace web_detail {
class Lifespans;
}

struct AppOptions {
  std::string title = "Bailey";
  std::string version = "0.1.0";
  std::string summary = {};
  std::string description = {};  // Markdown
  // What tags stand for, in the order in which the docs show them: {"cards", "Business cards"}.
  std::vector<std::pair<std::string, std::string>> tags = {};
  // URLs the API is to be found at, where that is not where its document is.
  std::vector<std::string> servers = {};
  // "/api/v1": the prefix that a proxy in front serves the app below. Whether the proxy takes it off or hands it on,
  // routes are found without it; URLs have it (Request::base_url), and so has the document. It starts with a slash and
  // does not end with one. Where a proxy says it by itself: proxy_headers.
  std::string root_path = {};
  // The document of the API (OpenAPI 3.1), without a token. Empty: none, and no pages.
  std::string openapi_path = "/openapi.json";
  // The pages that show it: Swagger UI, where requests can be tried out, and ReDoc. Empty: there is none.
  //
  // "Authorize" on the first takes what the API's guards and credentials ask for. Where a guard can sign people in
  // (Guard::sign_in, as `authenticate` can), an e-mail address and a password do: the page sends them to a route below
  // it, which asks the guard, ten times at once and then once every six seconds for each client.
  std::string docs_path = "/docs";
  std::string redoc_path = "/redoc";
  // In place of nobody: who may see the document and the pages, GraphiQL's among them, what they load and where they
  // sign in included.
  std::optional<Guard> docs_guard = {};
  // As whom the page asks an authorization server (OAuth2Code, OpenIdConnect), with PKCE and without a secret.
  std::string docs_client_id = {};
  http::ServerOptions server = {};  // an address and a port that are set here count, whatever HOST and PORT say
  unsigned threads = 0;             // event loops; 0: one per core
  // One literal path: {"status":"ok"}, 503 while draining, without a token. Empty: none. A GET of the program's own at
  // that path counts instead, and is a route like any other, with the app's guard before it.
  std::string health_path = "/health";
  // The same for whether it can do its work: {"status":"ready"}, 503 while draining, or while a check of App::ready
  // fails.
  std::string ready_path = "/ready";
  // What Prometheus reads, for example "/metrics": requests by route, connections, the guard's caches, the process, and
  // what the program counts itself (App::metrics). Empty: nothing of it is counted.
  std::string metrics_path = {};
  // Who may read the metrics; not set: as with any route of the app. See scrape_token().
  std::optional<Guard> metrics_guard = {};
  // How errors are told: {"detail": …}, or problem documents (RFC 9457).
  ErrorFormat error_format = ErrorFormat::detail;
  // A handler that keeps its event loop busy for so long without waiting is logged with its route, for all other
  // requests on that loop wait as long. 600 ms at least; 0: never.
  std::chrono::milliseconds stall_after{1000};
  // Where the files of forms lie while they are worked with.
  http::SpoolOptions spool = {};
};

// An API: routes, the middleware around them, and what errors look like. Built by one thread, then started by `handler`
// or `run`, unless they throw: from then on it is immutable, and adding a route or middleware throws Error
// "app_started".
class App : public Router {
 public:
  explicit App(AppOptions options = {});
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // The first middleware used is the outermost. One with both `around` and hooks is refused with Error
  // "invalid_middleware".
  App& use(Middleware middleware);
  // The guard of all routes that have no other, in its place among the middleware. A second one is refused with Error
  // "invalid_middleware".
  App& use(Guard guard);
  // Something that is done before every handler of the app; not for the health check. See depends().
  App& depends(Dependency dependency);
  // A middleware of the `around` kind: [](Request& request, Next next) -> Task<Response> { … }
  template <std::invocable<Request&, const Next&> F>
    requires std::same_as<std::invoke_result_t<F&, Request&, const Next&>, Task<Response>>
  App& use(F around) {
    return use(Middleware{.name = "around", .around = std::move(around)});
  }

  // Something that is open as long as the app is served: what stands before its `yield` is done before the first
  // request is taken, what stands behind it when the last one has been answered. Several are opened in the order they
  // were added and closed in reverse. What one throws before its `yield` ends `run`, which throws it. A coroutine with
  // a Yield<> as its last parameter and, before it, what the app provides for all requests; on the first event loop.
  //   app.lifespan([](Mailer& mailer, Yield<> serving) -> Task<> {
  //     co_await mailer.connect();
  //     co_await serving();
  //     co_await mailer.flush();
  //   });
  template <web_detail::PlainCallable F>
  App& lifespan(F function) {
    using Parameters = typename web_detail::Signature<F>::Parameters;
    static_assert(web_detail::OpensNothingOfARequest<Parameters>::value,
                  "a lifespan takes what the app provides for all requests, and a Yield<> last");
    return add_lifespan(web_detail::provider_of(std::move(function)));
  }

  // How errors of type E and of those derived from it are answered, instead of the default. The handler of the most
  // derived type that fits gets the error, whatever the order of registration; of two for one type the later one. What
  // comes along is such handlers, too: for HttpError, RequestValidationError and, below 500 and from 501 up, Error. So
  // one for std::exception gets what nobody else has a handler for: strangers, and an Error that would be a 500.
  //
  // An error handler passes an error on to the next with `throw;`. When it throws another, that one is answered, by the
  // defaults. What is answered with 500 or above, or by a handler for std::exception, is logged with its reason. From
  // 500 up X-Request-Id is put on what they return, and where they are missing WWW-Authenticate on a 401 and
  // Retry-After on a 503.
  //   app.on_error<SqlError>([](const SqlError& error, const Request&) { return Response::text(409, "taken"); });
  template <class E, std::invocable<const E&, const Request&> F>
  App& on_error(F respond) {
    static_assert(std::convertible_to<std::invoke_result_t<F&, const E&, const Request&>, Response>,
                  "an error handler returns a Response, at once: it is no coroutine");
    return add_error_handler(web_detail::ErrorHandler::of<E>(std::move(respond)));
  }

  // What is made of answers to errors that have this status: those that Bailey gives itself, for a path that is no
  // route's (404) or another method's (405) as well, and of every HttpError with it. It is given the request and, if it
  // takes it, the answer that would have been sent; what it returns is sent instead, with Allow, WWW-Authenticate and
  // Retry-After as they were unless it sets them. Not for what a handler returns by itself, nor for what an error
  // handler of the app's has answered. It must not wait. What it throws is answered by the defaults.
  //   app.on_status(404, [](const Request&) { return Response::text(404, "There is nothing here"); });
  // Throws Error "invalid_status" for a status that is not one of an error.
  template <class F>
  App& on_status(int status, F respond) {
    return add_status_handler(status, web_detail::status_handler_of(std::move(respond)));
  }

  // What is made of the answer to a request that the server gives up before the app has it: see Refusal. It is given
  // the answer that would have been sent, which for a path below a mounted app is that app's; what it returns is sent
  // instead. It must not wait; what it throws is answered by the defaults.
  //   app.on_refusal([](const Refusal& refusal, Response) { return Response::text(refusal.status, refusal.detail); });
  template <class F>
  App& on_refusal(F respond) {
    static_assert(std::convertible_to<std::invoke_result_t<const F&, const Refusal&, Response>, Response>,
                  "a refusal is answered with a Response, at once: it is no coroutine");
    return set_refusal_handler(web_detail::RefusalHandler(std::move(respond)));
  }

  // Has another app answer whatever is asked for below a prefix ("/auth/v1"; a literal one), with its own routes,
  // middleware, guard, dependencies, error handlers and on_refusal. Its paths are those behind the prefix, which is
  // part of its root path: Request::base_url and what it finds its own URLs with have it. This app's middleware and its
  // guard stand before it, and so do those of the options; routes of this app below the prefix come first. What this
  // app has left in a request's state the other finds by Request::outer.
  //   app.use(authenticate(supabase)).mount("/admin", admin);
  // The other app outlives this one, and starts with it; its lifespans are opened behind this one's. Its document and
  // pages are below the prefix, too. Throws Error "invalid_route" for a prefix that is none and for an app that would
  // be mounted in itself.
  App& mount(std::string_view prefix, App& app, RouteOptions options = {});

  // A check that `ready_path` asks: a coroutine that returns Task<bool> and takes what the app provides for all
  // requests. It has failed when it says false, throws, or has not answered in time: then the path answers 503 with its
  // name, and the log has the reason. Each event loop runs it once a second at most, and only when somebody asks.
  //   app.ready("database", [](const pg::Database& database) -> Task<bool> {
  //     co_await database.run(pg::Statement("select 1"));
  //     co_return true;
  //   });
  // Throws Error "invalid_setting" for a second one of that name.
  template <web_detail::PlainCallable F>
  App& ready(std::string name, F check, ReadyOptions options = {}) {
    using Parameters = typename web_detail::Signature<F>::Parameters;
    return add_ready_check(
        std::move(name),
        make_shared_as<const web_detail::ReadyCheck, web_detail::BoundReadyCheck<F, Parameters>>(std::move(check)),
        options);
  }

  // What is counted, to which the program may add its own. Any thread, at any time.
  [[nodiscard]] Metrics& metrics() noexcept;

  // Has a function change the document before it is served, for what the types do not say. Called once, when the app
  // starts; several in their order.
  //   app.openapi_edit([](json::object& document) { document["externalDocs"] = json::object{{"url", "https://…"}}; });
  App& openapi_edit(std::function<void(json::object& document)> edit);

  // Starts the app in a server of one's own. Throws Error "invalid_route" or "route_conflict" for what can be told
  // before the first request: two routes of one shape, a Path<"x"> that is not in the template, a handler that asks for
  // the user where no guard stands, a pattern that does not compile, a path of the health check that is no literal one.
  [[nodiscard]] http::Handler& handler();

  // The routes as data, in the order they were added: what there is, who may, what each reads and answers. Starts the
  // app as `handler` does.
  [[nodiscard]] std::span<const RouteInfo> routes();
  // The document of the API, as it is served. Starts the app as `handler` does.
  [[nodiscard]] const std::string& openapi();

  // Serves until SIGINT or SIGTERM, then drains. On the options' address and port, where they are not set on HOST and
  // PORT of the environment, else on 127.0.0.1:8000. Prints its URL and the document's. Raises the soft limit of open
  // files to the hard one. Throws what `handler` throws, and Error "address_in_use".
  void run();

  [[nodiscard]] const std::string& title() const noexcept;
  [[nodiscard]] const std::string& version() const noexcept;

  // What a command line says in place of the options, before `run`.
  App& listen(std::optional<std::string> address, std::optional<std::uint16_t> port, unsigned threads = 0);

  // Makes /health and /ready answer 503, so that a load balancer looks elsewhere. `run` calls it when it is told to
  // stop.
  void begin_draining() noexcept;

 private:
  friend class TestClient;
  // Another handler of the same app, whose requests get other dependencies, and are admitted by another guard.
  [[nodiscard]] std::unique_ptr<http::Handler> handler_for_test(
      std::span<const std::shared_ptr<const web_detail::Provider>> overrides, std::shared_ptr<const Guard> guard);
  friend int run(App& app, int argc, const char* const* argv);
  App& add_error_handler(web_detail::ErrorHandler handler);
  App& add_status_handler(int status, web_detail::StatusHandler handler);
  App& set_refusal_handler(web_detail::RefusalHandler handler);
  [[nodiscard]] bool leads_to(const App& app) const noexcept;
  void start_mounted();
  void add_lifespans_to(web_detail::Lifespans& lifespans, std::vector<const App*>& added) const;
  [[nodiscard]] std::unique_ptr<web_detail::Lifespans> make_lifespans() const;
  App& add_ready_check(std::string name, std::shared_ptr<const web_detail::ReadyCheck> check, ReadyOptions options);
  App& add_lifespan(std::shared_ptr<const web_detail::Provider> lifespan);
  [[nodiscard]] bool has_get(std::string_view path) const;
  void add_probes();
  void count_requests();
  void add_metrics_route();
  void collect_metrics_of_guards();
  void set_access_log(std::optional<AccessLogOptions::Format> format);
  void add_docs();
  void write_docs();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The app as a program, for `main` to return:
//
//   int main(int argc, char** argv) {
//     App app;
//     …
//     return run(app, argc, argv);
//   }
//
//   --host ADDRESS, --port PORT   where to listen; they count before the options and the environment
//   --workers N                   event loops
//   --log-level LEVEL             debug, info, warning, error or off
//   --access-log FORMAT           text, json or off: in place of what the program has
//   --routes                      prints method, path, guard and name of each route, and ends
//   --openapi                     prints the API's document, and ends
//   --schema [PATH]               prints the GraphQL schema (of that path, where there are several), and ends
//   --version, --help
//
// What ends the app is printed as one sentence on standard error; then the status is 1, and 2 for wrong usage.
[[nodiscard]] int run(App& app, int argc, const char* const* argv);

}  // namespace bailey
