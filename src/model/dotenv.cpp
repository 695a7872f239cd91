// One pass, by hand. Line and column are counted out of the place only when there is an error to tell.
#include "model/dotenv.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <ranges>

namespace bailey::detail {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
bool is_name_start(char c) noexcept { return ascii::is_letter(c) || c == '_'; }
bool is_name_part(char c) noexcept { return is_name_start(c) || ascii::is_digit(c); }

struct Fault {
  std::size_t at;
  std::string_view reason;
};

class Parser {
 public:
  Parser(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& known)
      : text_(text), known_(known) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
  }

  std::expected<Variables, DotenvError> parse() {
    try {
      if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos) throw Fault{nul, "a NUL"};
      while (at_ < text_.size()) line();
      return std::move(variables_);
    } catch (const Fault& fault) {
      return std::unexpected(located(fault));
    }
  }

 private:
  [[nodiscard]] DotenvError located(const Fault& fault) const {
    const std::string_view before = text_.substr(0, fault.at);
    const std::size_t line_end = before.rfind('\n');
    return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            .column = before.size() - (line_end == std::string_view::npos ? 0 : line_end + 1) + 1,
            .reason = fault.reason};
  }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char here() const noexcept { return text_[at_]; }
  // At a line's end: before \n, \r\n or the end of the text.
  [[nodiscard]] bool at_line_end() const noexcept {
    const std::string_view rest = text_.substr(at_);
    return rest.empty() || rest.starts_with('\n') || rest.starts_with("\r\n") || rest == "\r";
  }
  void skip_blanks() noexcept {
    while (!at_end() && is_blank(here())) ++at_;
  }
  void skip_line_end() noexcept {
    if (!at_end() && here() == '\r') ++at_;
    if (!at_end()) ++at_;
  }
  // The rest of a line behind a value, or of one without any.
  void finish_line(std::string_view otherwise) {
    skip_blanks();
    if (!at_end() && here() == '#')
      while (!at_line_end()) ++at_;
    if (!at_line_end()) throw Fault{at_, otherwise};
    skip_line_end();
  }

  [[nodiscard]] std::string_view name() noexcept {
    const std::size_t begin = at_;
    if (!at_end() && is_name_start(here()))
      while (!at_end() && is_name_part(here())) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void line() {
    skip_blanks();
    if (at_line_end() || here() == '#') return finish_line({});
    std::string_view key = name();
    if (key == "export" && !at_end() && is_blank(here())) {
      skip_blanks();
      key = name();
    }
    if (key.empty()) throw Fault{at_, "a variable's name was expected: letters, digits and _"};
    skip_blanks();
    if (at_end() || here() != '=') throw Fault{at_, "= was expected behind the variable's name"};
    ++at_;
    const bool has_blank = !at_end() && is_blank(here());
    skip_blanks();
    std::string value;
    if (!at_end() && here() == '\'') {
      single_quoted(value);
    } else if (!at_end() && here() == '"') {
      double_quoted(value);
    } else if (!has_blank || at_end() || here() != '#') {
      unquoted(value);
    }
    finish_line("a line's end was expected behind the value");
    variables_.emplace_back(std::string(key), std::move(value));
  }

  void single_quoted(std::string& value) {
    const std::size_t end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) throw Fault{at_, "a ' without the one that ends the value"};
    append(value, text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
  }

  void double_quoted(std::string& value) {
    const std::size_t begin = at_++;
    while (!at_end() && here() != '"') {
      if (here() == '\\' && at_ + 1 < text_.size()) {
        escape(value);
      } else if (is_expansion()) {
        expand(value);
      } else {
        append(value, text_.substr(at_++, 1));
      }
    }
    if (at_end()) throw Fault{begin, "a \" without the one that ends the value"};
    ++at_;
  }

  void unquoted(std::string& value) {
    std::size_t kept = 0;  // without the blanks at the end
    while (!at_line_end()) {
      if (is_blank(here())) {
        if (text_.substr(at_ + 1).starts_with('#')) break;
        append(value, text_.substr(at_++, 1));
        continue;
      }
      if (is_expansion()) {
        expand(value);
      } else {
        append(value, text_.substr(at_++, 1));
      }
      kept = value.size();
    }
    value.resize(kept);
  }

  void escape(std::string& value) {
    constexpr std::string_view marks = "nrt\"\\$";
    constexpr std::string_view meant = "\n\r\t\"\\$";
    const std::size_t found = marks.find(text_[at_ + 1]);
    if (found == std::string_view::npos) {
      append(value, text_.substr(at_++, 1));
      return;
    }
    append(value, meant.substr(found, 1));
    at_ += 2;
  }

  [[nodiscard]] bool is_expansion() const noexcept { return text_.substr(at_).starts_with("${"); }

  void expand(std::string& value) {
    const std::size_t begin = at_;
    at_ += 2;
    const std::string_view wanted = name();
    std::string_view fallback;
    if (text_.substr(at_).starts_with(":-")) {
      at_ += 2;
      const std::size_t end = text_.find_first_of("}\n", at_);
      fallback = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
      at_ += fallback.size();
    }
    if (wanted.empty() || at_end() || here() != '}') throw Fault{begin, "${ is followed by a name and }"};
    ++at_;
    const std::string found = value_of(wanted);
    append(value, found.empty() ? fallback : std::string_view(found));
  }

  [[nodiscard]] std::string value_of(std::string_view wanted) const {
    if (std::optional<std::string> value = known_(wanted); value && !value->empty()) return *std::move(value);
    const auto latest_first = variables_ | std::views::reverse;
    const auto own = std::ranges::find(latest_first, wanted, &Variables::value_type::first);
    return own == latest_first.end() ? std::string() : own->second;
  }

  void append(std::string& value, std::string_view part) {
    total_ += part.size();
    if (total_ > dotenv_limit_bytes) throw Fault{at_, "the values are too large together"};
    value += part;
  }

  std::string_view text_;
  const std::function<std::optional<std::string>(std::string_view)>& known_;
  std::size_t at_ = 0;
  std::size_t total_ = 0;
  Variables variables_;
};

}  // namespace

std::expected<Variables, DotenvError> parse_dotenv(
    std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& known) {
  return Parser(text, known).parse();
}

}  // namespace bailey::detail
