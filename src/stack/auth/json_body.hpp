#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/http/request.hpp>
#include <bailey/runtime/task.hpp>

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack::auth {

inline constexpr std::size_t body_limit_bytes = 1024 * 1024;

// A request's JSON object, read as GoTrue reads it: unknown keys are ignored, null counts as absent, a wrong type is
// 400 `bad_json`.
class JsonBody {
 public:
  enum class Empty { refused, allowed };

  // Throws AuthError.
  [[nodiscard]] static JsonBody parse(std::string_view text, Empty empty = Empty::refused);
  // Reads the request's body first; over the limit: Error 413.
  [[nodiscard]] static Task<JsonBody> read(http::Request& request, Empty empty = Empty::refused);

  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] std::string text_or_empty(std::string_view name) const { return text(name).value_or(""); }
  [[nodiscard]] std::optional<Secret> secret(std::string_view name) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view name) const;
  [[nodiscard]] const boost::json::object* object(std::string_view name) const;  // of this body; null: absent

 private:
  explicit JsonBody(boost::json::object members) : members_(std::move(members)) {}
  [[nodiscard]] const boost::json::value* member(std::string_view name) const;

  boost::json::object members_;
};

}  // namespace bailey::stack::auth
