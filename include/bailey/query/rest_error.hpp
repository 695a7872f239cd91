#pragma once

#include <bailey/base/error.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey::query {

// An error as PostgREST answers it: a code (PGRST… or an SQLSTATE), a message, perhaps details and a hint. All of it
// may be sent to the client.
class RestError : public Error {
 public:
  RestError(int http_status, std::string code, std::string message, std::optional<std::string> details = {},
            std::optional<std::string> hint = {})
      : Error(std::move(code), std::move(message), http_status), details_(std::move(details)), hint_(std::move(hint)) {}

  [[nodiscard]] const std::optional<std::string>& details() const noexcept { return details_; }
  [[nodiscard]] const std::optional<std::string>& hint() const noexcept { return hint_; }

  // {"code":…,"details":…,"hint":…,"message":…}, keys in this order, absent ones null.
  [[nodiscard]] std::string to_json() const;

 private:
  std::optional<std::string> details_;
  std::optional<std::string> hint_;
};

}  // namespace bailey::query
