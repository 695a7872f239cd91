#pragma once

#include <bailey/web/error_format.hpp>
#include <bailey/web/error_handler.hpp>
#include <bailey/web/status_handler.hpp>

#include <exception>
#include <map>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// What an error looks like to a client: a table from exceptions to responses, and what is made of those by their
// status.
class ErrorResponses {
 public:
  explicit ErrorResponses(ErrorFormat format = ErrorFormat::detail);

  void add(ErrorHandler handler);
  // Of two for one status the later one counts.
  void add(int status, StatusHandler handler);

  // The response to `failure`. Never throws. Those of status 500 and above carry the request's id as X-Request-Id, with
  // which they are logged; what the client is not to see is in the log alone.
  [[nodiscard]] Response respond(const std::exception_ptr& failure, const Request& request) const noexcept;
  // The response to a request that is refused without an exception, with the status's phrase: 404, or 405 with these
  // methods in Allow. Never throws.
  [[nodiscard]] Response refuse(int status, const Request& request, std::string_view allow = {}) const noexcept;

  [[nodiscard]] ErrorFormat format() const noexcept { return format_; }

 private:
  struct Entry {
    ErrorHandler handler;
    bool is_default;  // ours, and no program's
  };

  void add(Entry entry);
  [[nodiscard]] Response answer(const std::exception_ptr& failure, const Request& request) const;
  [[nodiscard]] Response by_status(Response usual, const Request& request) const;

  ErrorFormat format_;
  std::vector<Entry> entries_;  // derived types before their bases; of one type the later one first
  std::map<int, StatusHandler> by_status_;
};

}  // namespace bailey::web_detail
