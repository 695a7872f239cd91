#pragma once

#include <bailey/http/server.hpp>
#include <bailey/web/error_handler.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/router.hpp>

#include <chrono>
#include <concepts>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace bailey {

struct AppOptions {
  std::string title = "Bailey";
  std::string version = "0.1.0";
  http::ServerOptions server = {};  // an address and a port that are set here count, whatever HOST and PORT say
  unsigned threads = 0;             // event loops; 0: one per core
  // One literal path: {"status":"ok"}, 503 while draining, without a token. Empty: none.
  std::string health_path = "/health";
  // A handler that keeps its event loop busy for so long without waiting is logged with its route, for all other
  // requests on that loop wait as long. 600 ms at least; 0: never.
  std::chrono::milliseconds stall_after{1000};
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

  // The first middleware used is the outermost. One with both `around` and hooks, and a second guard, are refused with
  // Error "invalid_middleware".
  App& use(Middleware middleware);
  // A middleware of the `around` kind: [](Request& request, Next next) -> Task<Response> { … }
  template <std::invocable<Request&, const Next&> F>
    requires std::same_as<std::invoke_result_t<F&, Request&, const Next&>, Task<Response>>
  App& use(F around) {
    return use(Middleware{.name = "around", .around = std::move(around)});
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

  // Starts the app in a server of one's own. Throws Error "invalid_route" or "route_conflict" for what can be told
  // before the first request: two routes of one shape, a Path<"x"> that is not in the template, a handler that asks for
  // the user where no guard stands, a pattern that does not compile, a health path that is no literal one.
  [[nodiscard]] http::Handler& handler();

  // Serves until SIGINT or SIGTERM, then drains. On the options' address and port, where they are not set on HOST and
  // PORT of the environment, else on 127.0.0.1:8000. Prints one line with the URL. Raises the soft limit of open files
  // to the hard one. Throws what `handler` throws, and Error "address_in_use".
  void run();

  // Makes /health answer 503, so that a load balancer looks elsewhere. `run` calls it when it is told to stop.
  void begin_draining() noexcept;

 private:
  App& add_error_handler(web_detail::ErrorHandler handler);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace bailey
