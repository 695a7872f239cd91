// RE2 does the matching. What is asked is only "does it match", so nothing is captured, and RE2 runs its DFA,
// which falls back to an NFA when its memory is used up: slower, and as linear.
#include <bailey/model/pattern.hpp>

#include <bailey/base/utf8.hpp>

#include <re2/re2.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/pattern_dialect.hpp"

namespace bailey {
namespace {

// For the compiled expression and the states that texts have led to. A pattern is the program's, but which states are
// kept is up to those who send the texts. Enough for `^[\w-]{3,100}$`, with all letters of Unicode a hundred times.
constexpr std::int64_t memory_limit_bytes = std::int64_t{16} * 1024 * 1024;

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(memory_limit_bytes);
  return options;
}

// Ours, because RE2's sentences quote the expression as it was translated.
const char* sentence(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorBadEscape: return "it has an escape that is not known";
    case re2::RE2::ErrorBadCharClass: return "it has brackets that are not understood";
    case re2::RE2::ErrorBadCharRange: return "it has a range of characters that is none, or a class that is not known";
    case re2::RE2::ErrorMissingBracket: return "a bracket is not closed";
    case re2::RE2::ErrorMissingParen: return "a parenthesis is not closed";
    case re2::RE2::ErrorUnexpectedParen: return "it has a closing parenthesis too many";
    case re2::RE2::ErrorTrailingBackslash: return "it ends with a backslash";
    case re2::RE2::ErrorRepeatArgument: return "a repetition has nothing to repeat";
    case re2::RE2::ErrorRepeatSize: return "a repetition has bounds that are the wrong way round, or beyond 1000";
    case re2::RE2::ErrorRepeatOp: return "a repetition is repeated";
    case re2::RE2::ErrorBadPerlOp: return "it has a group or flag that is not known";
    case re2::RE2::ErrorBadNamedCapture: return "a group has a name that is none";
    case re2::RE2::ErrorPatternTooLarge: return "it is too large";
    default: return "it is not understood";
  }
}

[[noreturn]] void refuse(const std::string& reason) {
  throw std::invalid_argument("The pattern cannot be used: " + reason + ".");
}

std::string translated(std::string_view expression) {
  if (!detail::is_utf8(expression)) refuse("it is not UTF-8");
  Expected<std::string> text = detail::to_re2(expression);
  if (!text) refuse(text.error().message());
  return *std::move(text);
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(const std::string& expression) : re(expression, options()) {}
  re2::RE2 re;
};

Pattern::Pattern(std::string_view expression) : compiled_(std::make_unique<const Compiled>(translated(expression))) {
  if (!compiled_->re.ok()) refuse(sentence(compiled_->re.error_code()));
}
Pattern::~Pattern() = default;

bool Pattern::found_in(std::string_view text) const {
  return compiled_->re.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace bailey
