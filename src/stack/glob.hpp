#pragma once

#include <bailey/base/error.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace bailey::stack {

// A pattern for whole texts, as GoTrue takes them for URLs (gobwas/glob with the separators `.` and `/`):
//
//   *        any run without a separator       [abc]  one of these      {a,b*}  one of these patterns
//   **       any run                           [a-c]  one from a to c   \x      x itself
//   ?        one character but a separator     [!…]   none of them
//
// A character is a code point of UTF-8. Matching takes a time of pattern times text, whatever either is. Immutable;
// any thread.
class Glob {
 public:
  // Error "invalid_pattern" says what is wrong with it.
  [[nodiscard]] static Expected<Glob> parse(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  friend class GlobParser;
  struct CharacterRange {
    char32_t low, high;
  };
  // A step of a machine that is in many places at once. `fork` goes on at both of its targets.
  struct Step {
    enum class Kind : std::uint8_t { character, one_of, none_of, no_separator, anything, fork, accept };
    Kind kind = Kind::accept;
    char32_t character = 0;
    std::uint32_t next = 0, other = 0;
    std::vector<CharacterRange> ranges;
  };
  [[nodiscard]] static bool takes(const Step& step, char32_t character);

  std::vector<Step> steps_;
};

}  // namespace bailey::stack
