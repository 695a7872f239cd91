#pragma once

#include <bailey/web/error_handler.hpp>

#include <exception>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// What an error looks like to a client: a table from exceptions to responses.
class ErrorResponses {
 public:
  ErrorResponses();

  void add(ErrorHandler handler);

  // The response to `failure`. Never throws. Those of status 500 and above carry the request's id as X-Request-Id, with
  // which they are logged; what the client is not to see is in the log alone.
  [[nodiscard]] Response respond(const std::exception_ptr& failure, const Request& request) const noexcept;

 private:
  [[nodiscard]] Response answer(const std::exception_ptr& failure, const Request& request) const;

  std::vector<ErrorHandler> handlers_;  // derived types before their bases; of one type the later one first
};

// {"detail": "…"}
[[nodiscard]] Response detail_response(int status, std::string_view detail);

}  // namespace bailey::web_detail
