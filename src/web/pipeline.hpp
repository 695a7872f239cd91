#pragma once

#include <bailey/web/middleware.hpp>
#include "web/error_responses.hpp"
#include "web/route_table.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailey::web_detail {

// The way of a request through middleware to its handler and of the response back. Immutable, shared by all threads.
class Pipeline {
 public:
  // `layers`: of requests that no route matches.
  Pipeline(std::vector<std::shared_ptr<const Middleware>> middlewares, std::vector<const Middleware*> layers,
           RouteTable routes, ErrorResponses errors, std::string root_path);

  [[nodiscard]] http::Answer handle(http::Request& message) const;
  // The same of a request that has begun: for a mounted app.
  [[nodiscard]] http::Answer handle(Request& request) const;

  // What is sent while the request's task takes no notice of its cancellation, through the `after` hooks that are still
  // to run. When the task does end, they do not run again.
  [[nodiscard]] Response answer_instead(Request& request) const;

  // From the middleware `first` inwards and back out to it.
  [[nodiscard]] http::Answer run(Request& request, std::size_t first) const;

  // The `after` hooks of the middlewares [first, end), innermost first.
  [[nodiscard]] Response finish(Request& request, Response response, std::size_t first, std::size_t end) const noexcept;
  [[nodiscard]] Response fail(Request& request, const std::exception_ptr& failure, std::size_t first,
                              std::size_t end) const noexcept;

  // The layers that the request goes through, outermost first.
  [[nodiscard]] const std::vector<const Middleware*>& layers(const Request& request) const noexcept {
    return request.route_ == nullptr ? layers_ : request.route_->layers;
  }
  [[nodiscard]] const RouteTable& routes() const noexcept { return routes_; }
  [[nodiscard]] const std::string& root_path() const noexcept { return root_path_; }
  [[nodiscard]] ErrorFormat error_format() const noexcept { return errors_.format(); }

 private:
  [[nodiscard]] http::Answer dispatch(Request& request, std::size_t first) const;
  [[nodiscard]] Task<Response> run_around(Request& request, std::size_t at, std::size_t first) const;
  [[nodiscard]] Task<Response> run_when_decided(Request& request, Task<std::optional<Response>> decision,
                                                std::size_t at, std::size_t first) const;

  std::vector<std::shared_ptr<const Middleware>> middlewares_;  // in some route's layers
  std::vector<const Middleware*> layers_;
  RouteTable routes_;
  ErrorResponses errors_;
  std::string root_path_;
};

}  // namespace bailey::web_detail
