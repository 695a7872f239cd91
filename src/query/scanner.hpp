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

// A cursor over one parameter's decoded text. Its primitives either succeed and move on, or fail, leave the cursor
// where it was and remember what they had expected there. The furthest place where something was expected makes the
// error, so that backtracking over alternatives needs no bookkeeping.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  void rewind(std::size_t position) { position_ = position; }
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }

  // Notes that `label`, a string literal, would have been welcome here.
  void expect(std::string_view label);

  // Takes `literal`, or expects `label`.
  bool take(std::string_view literal, std::string_view label);
  // Takes an ASCII character, or expects it.
  bool take(char character);
  [[nodiscard]] bool sees(std::string_view literal) const { return rest().starts_with(literal); }
  void skip_blanks();
  std::string take_rest();
  void advance(std::size_t count) { position_ += count; }

  // The lexical elements that all parameters share.
  std::optional<std::string> quoted();
  std::optional<std::string> name();
  std::optional<std::string> type_name();
  std::optional<std::vector<JsonStep>> json_path();  // nothing there: empty
  std::optional<Field> field();                      // with the blanks around it

  // PGRST100 for the furthest failure. `what` is "filter", "order", …; `shown` the text to quote (the parsed text when
  // empty), of which the parsed text is the end.
  [[nodiscard]] RestError error(std::string_view what, std::string_view shown = {}) const;

 private:
  std::optional<std::string> identifier();
  std::optional<JsonStep> json_step(JsonStep::Arrow arrow);

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t furthest_ = 0;
  std::size_t expected_count_ = 0;
  std::array<std::string_view, 12> expected_{};  // literals; what comes after twelve is not told
};

// Letters, digits, _, $, blanks and everything beyond ASCII: what a name may consist of without quotes.
[[nodiscard]] bool is_identifier_byte(char character);

}  // namespace bailey::query::detail
