#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

namespace bailey::http {

// What a Handler may be besides: one that answers itself for a request whose task takes no notice of its cancellation.
// Of others Handler::refuse is asked.
class Substitute {
 public:
  // Called on the connection's loop, once at most for a request, while the task is suspended. That goes on at some
  // time, and what it returns then is dropped. What this throws leaves the client without an answer.
  [[nodiscard]] virtual Response answer_instead(Request& request) = 0;

 protected:
  ~Substitute() = default;
};

}  // namespace bailey::http
