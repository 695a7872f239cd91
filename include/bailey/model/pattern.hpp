#pragma once

#include <memory>
#include <string_view>

namespace bailey {

// A regular expression that is matched in time linear in the text, whatever the pattern: no back-references, no
// look-around, so a stranger's text cannot make it run away. The memory that matching keeps is bounded, too.
//
// The dialect is that of `Field(pattern=…)` in pydantic, as far as RE2 can follow: `\d \w \s` are Unicode's, `.` is any
// character but newline, `^ $` are the ends of the text unless (?m) says otherwise, `(?i)`, `\p{Greek}`. What RE2 takes
// in another sense, as `\b`, or not at all, is refused (docs/validation.md). Works on code points; the text must be
// valid UTF-8. Immutable once made; any thread.
class Pattern {
 public:
  // Compiles `expression`, which need not outlive the call. Throws std::invalid_argument with a sentence when it is
  // wrong, not supported, or too large.
  explicit Pattern(std::string_view expression);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // Returns whether any part of the text matches; anchor the expression to match the whole.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace bailey
