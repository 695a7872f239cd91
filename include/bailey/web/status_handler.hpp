#pragma once

#include <bailey/web/request.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace bailey::web_detail {

// What the program makes of an answer of one status; it is given the usual one.
using StatusHandler = std::function<Response(const Request&, Response usual)>;

template <class F>
[[nodiscard]] StatusHandler status_handler_of(F respond) {
  if constexpr (std::invocable<const F&, const Request&, Response>) {
    static_assert(std::convertible_to<std::invoke_result_t<const F&, const Request&, Response>, Response>,
                  "a status handler returns a Response, at once: it is no coroutine");
    return [respond = std::move(respond)](const Request& request, Response usual) -> Response {
      return respond(request, std::move(usual));
    };
  } else {
    static_assert(
        std::invocable<const F&, const Request&>,
        "a status handler takes the request, and the usual answer if it wants it, and is shared by all threads: "
        "[](const Request& request, Response usual) -> Response { … }, without `mutable`");
    static_assert(std::convertible_to<std::invoke_result_t<const F&, const Request&>, Response>,
                  "a status handler returns a Response, at once: it is no coroutine");
    return [respond = std::move(respond)](const Request& request, Response) -> Response { return respond(request); };
  }
}

}  // namespace bailey::web_detail
