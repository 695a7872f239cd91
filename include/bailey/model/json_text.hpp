#pragma once

#include <string>
#include <utility>

#include <bailey/model/json.hpp>
#include <bailey/model/shape.hpp>

namespace bailey {

// A JSON value that is text already, as PostgreSQL hands out its documents: as a member, an element or what a handler
// returns it is written as it stands, so that numbers keep all their digits. Who makes one answers for its being JSON.
// Read from a document it is that document's text.
class JsonText {
 public:
  JsonText() = default;  // null
  explicit JsonText(std::string json) : text_(std::move(json)) {}
  JsonText& operator=(const json::value& value) {
    text_.clear();
    append_json(text_, value);
    return *this;
  }

  [[nodiscard]] const std::string& text() const& noexcept { return text_; }
  [[nodiscard]] std::string text() && noexcept { return std::move(text_); }

  friend bool operator==(const JsonText&, const JsonText&) = default;
  friend void append_json(std::string& out, const JsonText& value) { out += value.text_; }

 private:
  std::string text_ = "null";
};

namespace detail {
template <>
inline constexpr Shape named_shape<JsonText> = Shape::json_value;
}  // namespace detail

}  // namespace bailey
