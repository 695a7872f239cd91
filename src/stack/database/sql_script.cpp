// A lexer for as much of PostgreSQL's SQL as finding the ends of statements takes (its manual, 4.1).
#include "stack/database/sql_script.hpp"

#include <algorithm>
#include <cctype>

namespace bailey::stack {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }
bool continues_word(char c) { return starts_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$'; }

class Splitter {
 public:
  explicit Splitter(std::string_view script) : script_(script) {}

  std::vector<ScriptStatement> run() {
    if (script_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < script_.size()) step();
    finish(at_);
    return std::move(statements_);
  }

 private:
  static constexpr std::size_t nowhere = std::string_view::npos;

  void step() {
    const char c = script_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (script_.substr(at_, 2) == "--") {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (script_.substr(at_, 2) == "/*") {
      skip_comment();
    } else if (c == ';' && parentheses_ == 0 && blocks_ == 0) {
      finish(at_++);
    } else {
      if (begin_ == nowhere) begin_ = at_;
      token(c);
    }
  }

  void token(char c) {
    if (c == '\'') {
      skip_quoted('\'', escapes_next_);
    } else if (c == '"') {
      skip_quoted('"', false);
    } else if (c == '$') {
      skip_dollar_quoted();
    } else if (starts_word(c)) {
      word();
      return;
    } else {
      if (c == '(') ++parentheses_;
      if (c == ')' && parentheses_ > 0) --parentheses_;
      ++at_;
    }
    escapes_next_ = false;
  }

  void skip_comment() {
    int depth = 0;
    do {
      const std::string_view pair = script_.substr(at_, 2);
      const int change = pair == "/*" ? 1 : pair == "*/" ? -1 : 0;
      depth += change;
      at_ += change == 0 ? 1 : 2;
    } while (depth > 0 && at_ < script_.size());
    at_ = std::min(at_, script_.size());
  }

  void skip_quoted(char quote, bool backslash_escapes) {
    for (++at_; at_ < script_.size(); ++at_) {
      if (backslash_escapes && script_[at_] == '\\') {
        ++at_;
      } else if (script_[at_] == quote) {
        if (at_ + 1 < script_.size() && script_[at_ + 1] == quote) {
          ++at_;
        } else {
          ++at_;
          return;
        }
      }
    }
    at_ = std::min(at_, script_.size());
  }

  // $tag$ … $tag$; a lone dollar ($1) is just passed over.
  void skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < script_.size() && script_[end] != '$' && continues_word(script_[end])) ++end;
    const bool opens = end < script_.size() && script_[end] == '$' && (end == at_ + 1 || starts_word(script_[at_ + 1]));
    if (!opens) {
      ++at_;
      return;
    }
    const std::string_view tag = script_.substr(at_, end + 1 - at_);
    const std::size_t close = script_.find(tag, end + 1);
    at_ = close == nowhere ? script_.size() : close + tag.size();
  }

  void word() {
    const std::size_t from = at_;
    while (at_ < script_.size() && continues_word(script_[at_])) ++at_;
    std::string text(script_.substr(from, at_ - from));
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    escapes_next_ = text == "e";
    if (blocks_ == 0 && text == "atomic" && previous_ == "begin") {
      blocks_ = 1;
    } else if (blocks_ > 0 && text == "case") {
      ++blocks_;
    } else if (blocks_ > 0 && text == "end") {
      --blocks_;
    }
    previous_ = std::move(text);
  }

  void finish(std::size_t end) {
    if (begin_ != nowhere) {
      while (end > begin_ && is_blank(script_[end - 1])) --end;
      line_ += static_cast<std::size_t>(std::ranges::count(script_.substr(counted_, begin_ - counted_), '\n'));
      counted_ = begin_;
      statements_.push_back({std::string(script_.substr(begin_, end - begin_)), line_});
    }
    begin_ = nowhere;
    parentheses_ = blocks_ = 0;
    previous_.clear();
    escapes_next_ = false;
  }

  std::string_view script_;
  std::size_t at_ = 0;
  std::size_t begin_ = nowhere;  // of the statement being read
  std::size_t line_ = 1, counted_ = 0;
  int parentheses_ = 0, blocks_ = 0;
  std::string previous_;  // the word before
  bool escapes_next_ = false;
  std::vector<ScriptStatement> statements_;
};

}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script) { return Splitter(script).run(); }

std::size_t line_of(const ScriptStatement& statement, std::size_t position) {
  std::size_t line = statement.line, characters = 0;
  for (const char c : statement.text) {
    if ((c & 0xC0) != 0x80 && ++characters >= position) break;
    if (c == '\n') ++line;
  }
  return position == 0 ? statement.line : line;
}

}  // namespace bailey::stack
