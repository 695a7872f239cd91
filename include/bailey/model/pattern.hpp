#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {

// A regular expression that is matched in time linear in the text, whatever the pattern: no back-references, no
// look-around, so a stranger's text cannot make it run away.
//
// Literals, `.` (any but newline), `[a-z]` `[^…]`, `\d \w \s \D \W \S` (ASCII), `^ $` (ends of the text), groups
// `(…)` `(?:…)`, `|`, and `* + ? {m} {m,} {m,n}`. Works on code points; the text must be valid UTF-8.
// Immutable once made; any thread.
class Pattern {
 public:
  // Throws std::invalid_argument with a sentence when the expression is wrong or grows beyond 2,000 states.
  explicit Pattern(std::string_view expression);

  // Whether any part of the text matches; anchor the expression to match the whole.
  [[nodiscard]] bool found_in(std::string_view text) const;

  struct Range {
    char32_t first;
    char32_t last;
  };
  enum class Step : std::uint8_t { one_of, none_of, split, begin, end, match };
  // The compiled program, a Thompson machine: `next` (and `other` of a split) are indexes of instructions.
  struct Instruction {
    Step step;
    std::uint32_t next = 0;
    std::uint32_t other = 0;
    std::vector<Range> ranges;
  };

 private:
  std::vector<Instruction> program_;
  std::uint32_t start_ = 0;
};

}  // namespace bailey
