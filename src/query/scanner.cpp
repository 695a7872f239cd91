// The lexical layer of the dialect: names, quoted names, JSON paths, and the error text of a failed parse.
//
// A name may hold dashes, but "->" starts a JSON path. Everything beyond ASCII counts as a letter. Error texts have the
// form of PostgREST's ("unexpected x expecting a, b or c"); clients show them but do not depend on them.
#include "query/scanner.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <charconv>
#include <span>

namespace bailey::query::detail {
namespace {

constexpr std::size_t path_limit = 64;  // each step nests the SQL expression once more
constexpr std::string_view field_label = "field name (* or [a..z0..9_$])";
constexpr std::string_view key_label = "any non reserved character different from: .,>()";

// "\0" … "\x7f", each in quotes: labels that outlive every scanner.
constexpr auto quoted_characters = [] {
  std::array<char, std::size_t{128} * 3> table{};
  for (std::size_t i = 0; i < 128; ++i) {
    table[i * 3] = table[i * 3 + 2] = '"';
    table[i * 3 + 1] = static_cast<char>(i);
  }
  return table;
}();

bool is_key_byte(char c) { return std::string_view("(-:.,>)").find(c) == std::string_view::npos; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; }));
}

std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (text[length] & '\xC0') == '\x80') ++length;
  return text.substr(0, length);
}

}  // namespace

bool is_identifier_byte(char c) {
  return ascii::is_letter(c) || ascii::is_digit(c) || c == '_' || c == ' ' || c == '$' || (c & '\x80') != 0;
}

void Scanner::expect(std::string_view label) {
  if (position_ < furthest_) return;
  if (position_ > furthest_) {
    furthest_ = position_;
    expected_count_ = 0;
  }
  const std::span known(expected_.data(), expected_count_);
  if (expected_count_ < expected_.size() && std::ranges::find(known, label) == known.end()) {
    expected_[expected_count_++] = label;
  }
}

bool Scanner::take(std::string_view literal, std::string_view label) {
  if (sees(literal)) {
    position_ += literal.size();
    return true;
  }
  expect(label);
  return false;
}

bool Scanner::take(char character) {
  if (peek() == character && !at_end()) {
    ++position_;
    return true;
  }
  expect(std::string_view(&quoted_characters[static_cast<std::size_t>(character & 0x7F) * 3], 3));
  return false;
}

void Scanner::skip_blanks() {
  while (peek() == ' ' || peek() == '\t') ++position_;
}

std::string Scanner::take_rest() {
  std::string result(rest());
  position_ = text_.size();
  return result;
}

std::optional<std::string> Scanner::quoted() {
  if (peek() != '"') return std::nullopt;
  std::string result;
  for (std::size_t i = position_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '"') {
      position_ = i + 1;
      return result;
    }
    if (text_[i] == '\\' && ++i == text_.size()) break;
    result += text_[i];
  }
  return std::nullopt;
}

std::optional<std::string> Scanner::identifier() {
  const std::size_t start = position_;
  while (!at_end() && is_identifier_byte(peek())) ++position_;
  const std::string_view result = ascii::trim(text_.substr(start, position_ - start));
  if (!result.empty()) return std::string(result);
  position_ = start;
  return std::nullopt;
}

std::optional<std::string> Scanner::name() {
  if (peek() == '"') {
    const std::size_t start = position_;
    auto result = quoted();
    if (result && !result->empty()) return result;
    position_ = start;
    expect(field_label);
    return std::nullopt;
  }
  auto result = identifier();
  if (!result) {
    expect(field_label);
    return std::nullopt;
  }
  while (peek() == '-' && !sees("->")) {
    ++position_;
    const auto chunk = identifier();
    if (!chunk) {
      expect(field_label);
      return std::nullopt;
    }
    *result += '-' + *chunk;
  }
  return result;
}

std::optional<std::string> Scanner::type_name() {
  auto result = identifier();
  if (!result) expect(field_label);
  return result;
}

std::optional<JsonStep> Scanner::json_step(JsonStep::Arrow arrow) {
  const std::size_t start = position_;
  const bool negative = peek() == '-';
  const std::size_t digits = position_ + (negative ? 1 : 0);
  std::size_t end = digits;
  while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') ++end;
  const std::string_view after = text_.substr(end);
  const bool ends = after.empty() || after.starts_with("->") || after.starts_with("::") || after.starts_with('.') ||
                    after.starts_with(',');
  if (end > digits && ends) {
    std::int64_t index = 0;
    const auto [_, problem] = std::from_chars(text_.data() + start, text_.data() + end, index);
    if (problem == std::errc{}) {
      position_ = end;
      return JsonStep{arrow, index};
    }
    expect("digit");
    return std::nullopt;
  }
  if (peek() == '"') {
    if (auto key = quoted()) return JsonStep{arrow, std::move(*key)};
  }
  std::string key;
  for (;;) {
    const std::size_t chunk = position_;
    while (!at_end() && is_key_byte(peek())) ++position_;
    if (position_ == chunk) {
      expect(key_label);
      return std::nullopt;
    }
    key += ascii::trim(text_.substr(chunk, position_ - chunk));
    if (peek() != '-' || sees("->")) return JsonStep{arrow, std::move(key)};
    ++position_;
    key += '-';
  }
}

std::optional<std::vector<JsonStep>> Scanner::json_path() {
  std::vector<JsonStep> path;
  while (sees("->")) {
    if (path.size() == path_limit) {
      expect("at most 64 steps into a JSON value");
      return std::nullopt;
    }
    const auto arrow = sees("->>") ? JsonStep::Arrow::text : JsonStep::Arrow::json;
    position_ += arrow == JsonStep::Arrow::text ? 3 : 2;
    auto step = json_step(arrow);
    if (!step) return std::nullopt;
    path.push_back(std::move(*step));
  }
  return path;
}

std::optional<Field> Scanner::field() {
  skip_blanks();
  auto column = name();
  if (!column) return std::nullopt;
  auto path = json_path();
  if (!path) return std::nullopt;
  skip_blanks();
  return Field{std::move(*column), std::move(*path)};
}

RestError Scanner::error(std::string_view what, std::string_view shown) const {
  if (shown.empty()) shown = text_;
  const std::size_t offset = shown.size() - text_.size();
  std::string message = "\"failed to parse ";
  message.append(what).append(" (").append(shown).append(")\" (line 1, column ");
  message += std::to_string(characters(shown.substr(0, offset + furthest_)) + 1) + ')';
  std::string details = "unexpected ";
  if (furthest_ >= text_.size()) {
    details += "end of input";
  } else {
    details.append("\"").append(first_character(text_.substr(furthest_))).append("\"");
  }
  for (std::size_t i = 0; i < expected_count_; ++i) {
    details += i == 0 ? " expecting " : i + 1 == expected_count_ ? " or " : ", ";
    details += expected_[i];
  }
  return RestError(400, "PGRST100", std::move(message), std::move(details));
}

}  // namespace bailey::query::detail
