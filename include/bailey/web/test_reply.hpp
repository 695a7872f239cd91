#pragma once

#include <bailey/http/headers.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {

// What a TestClient is answered.
struct TestReply {
  int status = 0;
  http::Headers headers = {};
  std::string body = {};

  // All lines of that name as one list (RFC 9110 section 5.3); nullopt without one.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  // The body as JSON. Throws Error "invalid_json" with what was sent.
  [[nodiscard]] json::value json() const;
  // The body as a T. Throws Error "invalid_value" with what is wrong, and where.
  template <class T>
  [[nodiscard]] T as() const {
    auto decoded = decode_json<T>(body);
    if (!decoded) fail(decoded.error());
    return std::move(*decoded);
  }

 private:
  [[noreturn]] static void fail(const ValidationErrors& errors);
};

}  // namespace bailey
