#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

#include <memory>
#include <variant>

namespace bailey::http {

// An answer at once, or later. The first costs no coroutine.
using Answer = std::variant<Response, Task<Response>>;

// What answers requests. Called on the loop of the connection, from all loops at once: what it shares must be
// immutable.
class Handler {
 public:
  virtual ~Handler() = default;

  // `request` is valid until the answer is complete. What it throws becomes an answer {"detail": …}: a bailey::Error
  // with its status and message, anything else 500.
  [[nodiscard]] virtual Answer handle(Request& request) = 0;

  // Makes what Request::attachment returns.
  [[nodiscard]] virtual std::unique_ptr<Attachment> attach() { return nullptr; }
};

}  // namespace bailey::http
