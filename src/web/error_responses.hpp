#pragma once

#include <bailey/web/middleware.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <vector>

namespace bailey::web_detail {

// What an error looks like to a client: a table from exceptions to responses, the user's entries first.
class ErrorResponses {
 public:
  using Handler = std::function<std::optional<Response>(const std::exception_ptr&, const Request&)>;

  void add(Handler handler) { handlers_.push_back(std::move(handler)); }

  // The response to `failure`. Never throws. Those of status 500 and above carry the request's id as X-Request-Id, with
  // which the default ones are logged; what the client is not to see is in the log alone.
  [[nodiscard]] Response respond(const std::exception_ptr& failure, const Request& request) const noexcept;

 private:
  std::vector<Handler> handlers_;
};

// {"detail": "…"}
[[nodiscard]] Response detail_response(int status, std::string_view detail);

}  // namespace bailey::web_detail
