#include <bailey/web/request_id.hpp>

namespace bailey {

Middleware request_id() {
  return {.name = "request_id",
          .after = [](Request& request, Response& response) { response.headers.set("X-Request-Id", request.id()); }};
}

}  // namespace bailey
