#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

#include <memory>
#include <string_view>
#include <variant>

namespace bailey::http {

// A response that is there already, which costs no coroutine, or a task that makes one.
using Answer = std::variant<Response, Task<Response>>;

// Answers requests; to be derived from. The server calls it on the loop of the connection, so on all loops at the same
// time: keep what its calls share immutable, or lock it. The server does not own it.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers one request. `request` is valid until the answer has been sent, the stream of a streamed answer included.
  // When it throws, now or in its task, `refuse` makes the answer: for a bailey::Error of its status and message, for
  // anything else of 500.
  [[nodiscard]] virtual Answer handle(Request& request) = 0;

  // Makes the answer to a request that the server gives up itself: it is malformed, over a limit or out of time, or
  // `handle` has thrown. `detail` may be sent to the client. `target` is what has arrived of the request's target,
  // perhaps nothing, and unchecked. Both are valid during the call. The default is {"detail": …}. Must not throw.
  [[nodiscard]] virtual Response refuse(int status, std::string_view detail, std::string_view target);

  // Makes what Request::attachment returns; null: nothing. Called on the loop, which keeps it for further requests.
  [[nodiscard]] virtual std::unique_ptr<Attachment> attach() { return nullptr; }
};

}  // namespace bailey::http
