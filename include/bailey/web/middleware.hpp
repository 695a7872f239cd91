#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/request.hpp>
#include <bailey/web/route_info.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace bailey {

// The rest of the pipeline, for a middleware of the `around` kind. Call it once, with the request it was given for.
// What it answers is complete: errors thrown further in have become responses already.
class Next {
 public:
  Next(const web_detail::Pipeline& pipeline, std::size_t first) noexcept : pipeline_(&pipeline), first_(first) {}
  [[nodiscard]] Task<Response> operator()(Request& request) const;

 private:
  const web_detail::Pipeline* pipeline_;
  std::size_t first_;
};

// Let the request go on.
struct Pass {};

// What `before` decides: go on, answer now, or decide later (nullopt: go on).
using Before = std::variant<Pass, Response, Task<std::optional<Response>>>;

// One layer around all handlers. The first one used is the outermost: its `before` runs first, its `after` last.
//
// - `before` sees the request on its way in, before its body is read, and may answer in the handler's place. Then no
//   layer further in runs, and the `after` hooks of the layers outside of it do.
// - `after` sees every response on its way out: errors and what inner layers answered, too.
// - `around` is a coroutine about both, for what must await on both sides. It costs a coroutine frame a request; a
//   pipeline of the other two kinds costs none as long as nothing suspends. A middleware has either `around` or hooks:
//   App::use refuses one with both.
//
// What a hook throws becomes a response as a handler's exception does. Hooks run on the connection's thread and are
// shared by all threads: they must not change what they capture.
struct Middleware {
  std::string name = {};
  std::function<Before(Request&)> before = {};
  std::function<void(Request&, Response&)> after = {};
  std::function<Task<Response>(Request&, const Next&)> around = {};
  // Called at start with all routes, to refuse by throwing an Error what would go wrong later.
  std::function<void(std::span<const RouteInfo> routes)> check = {};
};

}  // namespace bailey
