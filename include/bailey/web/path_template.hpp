#pragma once

#include <cstddef>
#include <string_view>

namespace bailey::web_detail {

// Path templates: "/cards/{id}", "/files/{path:path}". A placeholder is a whole segment. Its kind says which texts the
// route matches at all (else 404); the type of the handler's parameter says which are valid (else 422). Literal text is
// compared with the decoded path, so it has no escapes itself, and a query is no part of it.
//
//   {name}        one or more characters, no slash        {name:path}  the rest, slashes included, perhaps empty; last
//   {name:int}    digits     {name:float}  digits, or digits.digits     {name:uuid}  32 hex digits, hyphens optional
enum class SegmentKind { text, string, integer, number, uuid, rest };

struct Segment {
  SegmentKind kind = SegmentKind::text;
  std::string_view text;  // the literal text, or the placeholder's name
};

// Cuts a template into segments, one a call. Usable at compile time.
class PathTemplateReader {
 public:
  constexpr explicit PathTemplateReader(std::string_view path) noexcept : rest_(path) {
    if (rest_.empty() || rest_.front() != '/') problem_ = "a path must start with a slash";
  }

  // False at the end, and when there is a problem.
  [[nodiscard]] constexpr bool next(Segment& segment) noexcept {
    if (problem_ != nullptr || rest_.empty()) return false;
    rest_.remove_prefix(1);
    const std::size_t end = rest_.find('/');
    const std::string_view text = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end);
    return read(text, segment);
  }
  // What is wrong with the template, or null.
  [[nodiscard]] constexpr const char* problem() const noexcept { return problem_; }

 private:
  [[nodiscard]] constexpr bool read(std::string_view text, Segment& segment) noexcept {
    if (!text.starts_with('{') || !text.ends_with('}')) {
      if (text.find_first_of("{}") != std::string_view::npos) {
        problem_ = "a placeholder must be a whole segment of the path, as in /cards/{id}";
      }
      if (has_escape(text)) problem_ = "a path is compared with decoded ones, so it has no escapes such as %20";
      if (text.find('?') != std::string_view::npos) problem_ = "a query is no part of a path: take it as a Query";
      segment = {SegmentKind::text, text};
      return problem_ == nullptr;
    }
    text = text.substr(1, text.size() - 2);
    const std::size_t colon = text.find(':');
    segment = {SegmentKind::string, text.substr(0, colon)};
    if (!is_identifier(segment.text)) problem_ = "a placeholder's name must be a letter or _, then letters, digits, _";
    if (colon != std::string_view::npos) segment.kind = kind_of(text.substr(colon + 1));
    if (segment.kind == SegmentKind::rest && !rest_.empty()) problem_ = "nothing can follow a {…:path} placeholder";
    return problem_ == nullptr;
  }

  [[nodiscard]] constexpr SegmentKind kind_of(std::string_view name) noexcept {
    if (name == "str") return SegmentKind::string;
    if (name == "int") return SegmentKind::integer;
    if (name == "float") return SegmentKind::number;
    if (name == "uuid") return SegmentKind::uuid;
    if (name == "path") return SegmentKind::rest;
    problem_ = "a placeholder's kind must be str, int, float, uuid or path";
    return SegmentKind::string;
  }

  [[nodiscard]] static constexpr bool has_escape(std::string_view text) noexcept {
    const auto is_digit = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    for (std::size_t i = 0; i + 2 < text.size(); ++i)
      if (text[i] == '%' && is_digit(text[i + 1]) && is_digit(text[i + 2])) return true;
    return false;
  }

  [[nodiscard]] static constexpr bool is_identifier(std::string_view name) noexcept {
    if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
    for (const char c : name) {
      const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (!fits) return false;
    }
    return true;
  }

  std::string_view rest_;
  const char* problem_ = nullptr;
};

// The kind of the template's placeholder of that name; `text` where it has none.
[[nodiscard]] constexpr SegmentKind placeholder_kind(std::string_view path, std::string_view name) noexcept {
  PathTemplateReader reader(path);
  Segment segment;
  while (reader.next(segment)) {
    if (segment.kind != SegmentKind::text && segment.text == name) return segment.kind;
  }
  return SegmentKind::text;
}

}  // namespace bailey::web_detail
