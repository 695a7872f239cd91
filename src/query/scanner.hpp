#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/query/rest_error.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::query::detail {

// A cursor over the decoded text of one parameter, which must outlive it. One thread.
//
// Each function that takes something either succeeds and moves the cursor behind it, or fails and notes what was
// expected, and where. `rewind` after a failure, before the next alternative is tried. `error` reports the furthest
// place where something was expected, so a parser need not keep the errors of its alternatives.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  // Moves back to what `position` has returned earlier; what was expected since stays noted.
  void rewind(std::size_t position) { position_ = position; }
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }
  // The next character; NUL at the end.
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }

  // Notes that `label` was expected here. It must outlive the scanner: a string literal.
  void expect(std::string_view label);

  // Takes `literal`, or notes that `label` was expected. Returns whether it was there.
  bool take(std::string_view literal, std::string_view label);
  // Takes an ASCII character, or notes that it was expected. Returns whether it was there.
  bool take(char character);
  [[nodiscard]] bool sees(std::string_view literal) const { return rest().starts_with(literal); }
  void skip_blanks();
  std::string take_rest();
  void advance(std::size_t count) { position_ += count; }

  // Take the elements that all parameters share, and return them unquoted; nullopt when there is none.
  std::optional<std::string> quoted();               // "…", with backslash escapes
  std::optional<std::string> name();                 // of a column: quoted, or plain
  std::optional<std::string> type_name();            // of a cast
  std::optional<std::vector<JsonStep>> json_path();  // empty when no path is there
  std::optional<Field> field();                      // a name and its path, with the blanks around them

  // Returns the PGRST100 for the furthest place where something was expected. `what` names the parameter ("filter",
  // "order", …). The error quotes `shown`, which ends in the scanned text; without it, the scanned text.
  [[nodiscard]] RestError error(std::string_view what, std::string_view shown = {}) const;

 private:
  std::optional<std::string> identifier();
  std::optional<JsonStep> json_step(JsonStep::Arrow arrow);

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t furthest_ = 0;
  std::size_t expected_count_ = 0;
  std::array<std::string_view, 12> expected_{};  // at the furthest place; more than twelve are not told
};

// Whether a name may hold the character without quotes: letters, digits, _, $, blanks, and all bytes beyond ASCII.
[[nodiscard]] bool is_identifier_byte(char character);

}  // namespace bailey::query::detail
