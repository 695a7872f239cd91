// A pattern becomes a machine whose steps are all tried at once, character by character (Thompson's construction): no
// pattern makes it slow, where a matcher that tries one way after the other is slow for `**a**a**a**b`.
//
// Read as gobwas/glob reads it, its oddities too: within […] a `!` negates, one range or one list is all there is, and
// neither minds separators; a comma parts only within {…}; a `}` outside of one is text. An unclosed `{`, which gobwas
// closes at the end, is refused.
#include "stack/glob.hpp"

#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <string>

namespace bailey::stack {
namespace {

constexpr std::size_t pattern_limit_bytes = 4096;
constexpr int nesting_limit = 16;
constexpr char32_t no_character = 0x110000;  // one byte that is no UTF-8: nothing in a pattern names it

char32_t next_character(std::string_view text, std::size_t& at) {
  if (detail::utf8_sequence(text, at) != 0) return detail::next_code_point(text, at);
  ++at;
  return no_character;
}

bool is_separator(char32_t character) { return character == U'.' || character == U'/'; }

}  // namespace

class GlobParser {
 public:
  explicit GlobParser(std::string_view pattern) : pattern_(pattern) {}

  Expected<Glob> parse() {
    if (pattern_.size() > pattern_limit_bytes) return fail("it has more than 4096 bytes");
    if (!detail::is_utf8(pattern_)) return fail("it is not UTF-8");
    sequence(0);
    if (!problem_.empty()) return fail(problem_);
    add({.kind = Kind::accept});
    return std::move(glob_);
  }

 private:
  using Step = Glob::Step;
  using Kind = Glob::Step::Kind;

  static std::unexpected<Error> fail(std::string_view why) {
    return std::unexpected(Error("invalid_pattern", std::string(why), 400));
  }

  [[nodiscard]] bool has(char c) const { return at_ < pattern_.size() && pattern_[at_] == c; }
  [[nodiscard]] std::uint32_t end() const { return static_cast<std::uint32_t>(glob_.steps_.size()); }
  // Appends a step; one that takes a character is followed by the one behind it.
  void add(Step step) {
    if (step.kind != Kind::fork) step.next = end() + 1;
    glob_.steps_.push_back(std::move(step));
  }
  void add_character(char32_t character) { add({.kind = Kind::character, .character = character}); }

  // Up to the end or, within braces, to what ends an alternative.
  void sequence(int depth) {
    while (problem_.empty() && at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (depth > 0 && (c == ',' || c == '}')) return;
      switch (c) {
        case '*': run(); break;
        case '?':
          ++at_;
          add({.kind = Kind::no_separator});
          break;
        case '[': characters(); break;
        case '{': alternatives(depth + 1); break;
        case '\\':
          ++at_;
          if (at_ < pattern_.size()) add_character(detail::next_code_point(pattern_, at_));
          break;
        default: add_character(detail::next_code_point(pattern_, at_));
      }
    }
  }

  void run() {
    const bool any = pattern_.substr(at_).starts_with("**");
    at_ += any ? 2 : 1;
    const std::uint32_t start = end();
    add({.kind = Kind::fork, .next = start + 1, .other = start + 2});
    add({.kind = any ? Kind::anything : Kind::no_separator});
    glob_.steps_.back().next = start;
  }

  void characters() {
    ++at_;
    Step step{.kind = Kind::one_of};
    if (has('!')) {
      step.kind = Kind::none_of;
      ++at_;
    }
    std::size_t behind = at_;
    const char32_t low = behind < pattern_.size() ? detail::next_code_point(pattern_, behind) : U'\0';
    if (behind < pattern_.size() && pattern_[behind] == '-') {
      at_ = behind + 1;
      if (at_ == pattern_.size()) return refuse("a [ is not closed");
      const char32_t high = detail::next_code_point(pattern_, at_);
      if (high < low) return refuse("a range in [] ends before it begins");
      step.ranges.push_back({low, high});
    } else {
      while (at_ < pattern_.size() && !has(']')) {
        if (has('\\') && ++at_ == pattern_.size()) break;
        const char32_t character = detail::next_code_point(pattern_, at_);
        step.ranges.push_back({character, character});
      }
    }
    if (at_ == pattern_.size()) return refuse("a [ is not closed");
    if (!has(']')) return refuse("a range in [] is followed by something");
    if (step.ranges.empty()) return refuse("a [] is empty");
    ++at_;
    add(std::move(step));
  }

  // Forks to each alternative; each jumps behind the last.
  void alternatives(int depth) {
    if (depth > nesting_limit) return refuse("its {} are nested too deeply");
    std::vector<std::uint32_t> jumps;
    for (;;) {
      ++at_;  // the brace, or a comma
      const std::uint32_t fork = end();
      add({.kind = Kind::fork, .next = fork + 1, .other = fork + 1});
      sequence(depth);
      if (!problem_.empty()) return;
      if (at_ == pattern_.size()) return refuse("a { is not closed");
      jumps.push_back(end());
      add({.kind = Kind::fork});
      if (has('}')) break;
      glob_.steps_[fork].other = end();
    }
    ++at_;
    for (const std::uint32_t jump : jumps) glob_.steps_[jump].next = glob_.steps_[jump].other = end();
  }

  void refuse(std::string_view why) { problem_ = why; }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string_view problem_;
  Glob glob_;
};

Expected<Glob> Glob::parse(std::string_view pattern) { return GlobParser(pattern).parse(); }

bool Glob::takes(const Step& step, char32_t character) {
  const auto is_listed = [&] {
    return std::ranges::any_of(
        step.ranges, [&](const CharacterRange& range) { return range.low <= character && character <= range.high; });
  };
  switch (step.kind) {
    case Step::Kind::character: return step.character == character;
    case Step::Kind::one_of: return is_listed();
    case Step::Kind::none_of: return !is_listed();
    case Step::Kind::no_separator: return !is_separator(character);
    case Step::Kind::anything: return true;
    case Step::Kind::fork:
    case Step::Kind::accept: return false;
  }
  return false;
}

bool Glob::matches(std::string_view text) const {
  std::vector<std::uint32_t> here, ahead, to_enter;
  std::vector<bool> entered(steps_.size());
  const auto enter = [&](std::uint32_t step) {
    to_enter.push_back(step);
    while (!to_enter.empty()) {
      const std::uint32_t at = to_enter.back();
      to_enter.pop_back();
      if (entered[at]) continue;
      entered[at] = true;
      if (steps_[at].kind == Step::Kind::fork) {
        to_enter.push_back(steps_[at].other);
        to_enter.push_back(steps_[at].next);
      } else {
        ahead.push_back(at);
      }
    }
  };
  enter(0);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t character = next_character(text, at);
    here.swap(ahead);
    ahead.clear();
    entered.assign(steps_.size(), false);
    for (const std::uint32_t step : here) {
      if (takes(steps_[step], character)) enter(steps_[step].next);
    }
    if (ahead.empty()) return false;
  }
  return std::ranges::any_of(ahead, [&](std::uint32_t step) { return steps_[step].kind == Step::Kind::accept; });
}

}  // namespace bailey::stack
