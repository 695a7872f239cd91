#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

#include <memory>
#include <string_view>
#include <variant>

namespace bailey::http {

// An answer at once, or later. The first costs no coroutine.
using Answer = std::variant<Response, Task<Response>>;

// What answers requests. Called on the loop of the connection, from all loops at once: what it shares must be
// immutable.
class Handler {
 public:
  virtual ~Handler() = default;

  // `request` is valid until the answer is complete. What it throws becomes what `refuse` makes of it: a bailey::Error
  // with its status and message, anything else 500.
  [[nodiscard]] virtual Answer handle(Request& request) = 0;

  // The answer where the server gives a request up itself: malformed, over a limit, out of time, or its handler has
  // thrown. `detail` is fit for the client. `target` is the request's as far as it has come, "" for none of it; nothing
  // of it has been checked. The default is {"detail": …}. Must not throw.
  [[nodiscard]] virtual Response refuse(int status, std::string_view detail, std::string_view target);

  // Makes what Request::attachment returns.
  [[nodiscard]] virtual std::unique_ptr<Attachment> attach() { return nullptr; }
};

}  // namespace bailey::http
