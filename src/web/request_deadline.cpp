#include <bailey/web/request_deadline.hpp>

#include <bailey/base/error.hpp>

namespace bailey {

// The connection looks after its handler's time already: it is told another one. That costs no coroutine and no timer.
Middleware request_deadline(std::chrono::milliseconds after) {
  if (after.count() <= 0) throw Error("invalid_deadline", "request_deadline: a request needs some time");
  return {.name = "request_deadline", .before = [after](Request& request) -> Before {
            request.http().limit_handler(after);
            return Pass{};
          }};
}

}  // namespace bailey
