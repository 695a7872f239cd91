// One pass over the expression. The two dialects agree but for these:
//
// - `\d \s \w` are ASCII in RE2 and Unicode's in Rust (UTS 18, annex C). They are written out as Unicode's categories.
// - Word boundaries are ASCII in RE2; nothing it has says Unicode's.
// - In brackets Rust has sets in sets and operations on them (`[a-z&&[^x]]`), RE2 takes the signs as characters.
// - A brace that does not repeat is a fault in Rust and a character in RE2.
// - RE2 has escapes that Rust lacks (`\C`, `\Q…\E`, octal), and spells `\u0041` and `(?<name>…)` otherwise.
#include "model/pattern_dialect.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::detail {
namespace {

// What stands between brackets for each class, and for those that are not in it.
struct CharacterClass {
  char name;
  std::string_view members;
  std::string_view others;  // empty: RE2 cannot list them
};

// White_Space; and Alphabetic, M, Nd, Pc, Join_Control, where Alphabetic is L, Nl and what of So is a letter in a
// circle or a square.
constexpr CharacterClass classes[] = {
    {'d', R"(\p{Nd})", R"(\P{Nd})"},
    {'s', R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})",
     R"(\x{0}-\x{8}\x{E}-\x{1F}\x{21}-\x{84}\x{86}-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027})"
     R"(\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{10FFFF})"},
    {'w',
     R"(\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169})"
     R"(\x{1F170}-\x{1F189})",
     ""}};

class Translation {
 public:
  explicit Translation(std::string_view expression) : rest_(expression) {}

  Expected<std::string> run() {
    while (!rest_.empty() && reason_.empty()) piece();
    if (!reason_.empty()) return std::unexpected(Error("unsupported", std::string(reason_), 500));
    return std::move(out_);
  }

 private:
  void refuse(std::string_view reason) {
    if (reason_.empty()) reason_ = reason;
  }

  [[nodiscard]] bool sees(std::string_view text) const { return rest_.starts_with(text); }
  void copy(std::size_t count) {
    out_ += rest_.substr(0, count);
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  void piece() {
    switch (rest_.front()) {
      case '\\': escape(Place::outside); break;
      case '[': brackets(); break;
      case '(': group(); break;
      case '{': repetition(); break;
      default: copy(1);
    }
  }

  void group() {
    if (sees("(?=") || sees("(?!") || sees("(?<=") || sees("(?<!")) return refuse("look-around is not supported");
    if (!sees("(?<")) return copy(1);
    out_ += "(?P<";
    rest_.remove_prefix(3);
  }

  void repetition() {
    const std::size_t end = rest_.find('}');
    const std::string_view bounds = rest_.substr(1, end == std::string_view::npos ? 0 : end - 1);
    if (bounds.empty() || !ascii::is_digit(bounds.front()) ||
        bounds.find_first_not_of("0123456789,") != std::string_view::npos) {
      return refuse(R"(a brace repeats nothing; as a character it is written \{)");
    }
    copy(end + 1);
  }

  enum class Place { outside, in_brackets };

  // Whether it was a class and no character.
  bool escape(Place place) {
    const char name = rest_.size() > 1 ? rest_[1] : '\0';
    for (const CharacterClass& each : classes) {
      const bool negated = name == each.name - 'a' + 'A';
      if (negated || name == each.name) {
        character_class(each, negated, place);
        return true;
      }
    }
    switch (name) {
      case 'p':
      case 'P': copy(name_length(rest_)); return true;
      case 'x': copy(name_length(rest_)); return false;
      case 'u': code_point(4); return false;
      case 'U': code_point(8); return false;
      case 'A':
      case 'z':
        if (place == Place::in_brackets) refuse("brackets hold characters, and an end of the text is none");
        break;
      case '_': rest_.remove_prefix(1); break;  // RE2 escapes no underscore
      case 'b':
      case 'B':
      case '<':
      case '>': refuse("word boundaries are not supported"); break;
      case 'a':
      case 'f':
      case 'n':
      case 'r':
      case 't':
      case 'v': break;
      default:
        if (ascii::is_letter(name) || ascii::is_digit(name)) refuse("it has an escape that is not known");
        if (static_cast<unsigned char>(name) >= 0x80) refuse("it escapes a character that needs no escape");
    }
    copy(2);
    return false;
  }

  void character_class(const CharacterClass& which, bool negated, Place place) {
    rest_.remove_prefix(2);
    if (place == Place::outside) {
      out_.append(negated ? "[^" : "[").append(which.members).append("]");
    } else if (negated && which.others.empty()) {
      refuse(R"(\W stands in brackets; outside of them it can be used)");
    } else {
      out_ += negated ? which.others : which.members;
    }
  }

  // Of `\pL`, `\p{Greek}`, `\x41`, `\x{41}`; what is behind `\x4` is a character of its own.
  static std::size_t name_length(std::string_view text) {
    const std::size_t end = text.find('}');
    return text.size() > 2 && text[2] == '{' && end != std::string_view::npos ? end + 1 : 3;
  }

  void code_point(std::size_t digits) {
    const bool braced = rest_.size() > 2 && rest_[2] == '{';
    const std::size_t end = braced ? rest_.find('}') : digits + 2;
    if (end == std::string_view::npos || end > rest_.size()) return refuse("it has an escape that is not known");
    const std::size_t begin = braced ? 3 : 2;
    out_.append("\\x{").append(rest_.substr(begin, end - begin)).append("}");
    rest_.remove_prefix(braced ? end + 1 : end);
  }

  void brackets() {
    copy(1);
    if (sees("^")) copy(1);
    for (; sees("-"); rest_.remove_prefix(1)) out_ += "\\-";
    if (sees("]")) literal_in_brackets();
    while (!rest_.empty() && reason_.empty()) {
      if (sees("]")) return copy(1);
      const bool was_class = item_in_brackets();
      if (was_class && sees("-") && !sees("-]")) refuse("a range in brackets begins with a class");
    }
  }

  void literal_in_brackets() {
    out_ += '\\';
    copy(1);
  }

  bool item_in_brackets() {
    if (sees("\\")) return escape(Place::in_brackets);
    if (sees("[:")) {
      const std::size_t end = rest_.find(":]");
      if (end == std::string_view::npos) refuse("a bracket is not closed");
      copy(end + 2);
      return true;
    }
    if (sees("[")) refuse(R"(brackets stand in brackets; as a character one is written \[)");
    if (sees("&&") || sees("--") || sees("~~")) refuse("operations on sets of characters are not supported");
    copy(1);
    return false;
  }

  std::string_view rest_;
  std::string out_;
  std::string_view reason_;
};

}  // namespace

Expected<std::string> to_re2(std::string_view expression) { return Translation(expression).run(); }

}  // namespace bailey::detail
