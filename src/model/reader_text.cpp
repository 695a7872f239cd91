// Scalars from paths, queries, headers and forms, as leniently as FastAPI takes them.
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include <bailey/model/detail/reader.hpp>

namespace bailey::detail {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
using ascii::is_digit;

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Digits with single underscores between them, made plain; nullopt for anything else.
std::optional<std::string> plain_digits(std::string_view text) {
  std::string digits;
  bool after_digit = false;
  for (const char c : text) {
    if (is_digit(c)) {
      digits.push_back(c);
    } else if (c != '_' || !after_digit) {
      return std::nullopt;
    }
    after_digit = is_digit(c);
  }
  if (!after_digit) return std::nullopt;
  return digits;
}

struct Magnitude {
  bool negative = false;
  std::uint64_t value = 0;
  bool beyond = false;  // of what 64 bits hold
};
enum class IntegerFault { syntax, size };

constexpr std::size_t integer_digits_limit = 4300;

// "+1_000", "-7", "007", "12.000".
std::expected<Magnitude, IntegerFault> parse_integer(std::string_view text) {
  text = trim(text);
  if (text.size() > integer_digits_limit) return std::unexpected(IntegerFault::size);
  Magnitude result;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    result.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (const std::size_t point = text.find('.'); point != std::string_view::npos && point > 0) {
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) {
      return std::unexpected(IntegerFault::syntax);
    }
    text = text.substr(0, point);
  }
  const auto digits = plain_digits(text);
  if (!digits) return std::unexpected(IntegerFault::syntax);
  const auto parsed = std::from_chars(digits->data(), digits->data() + digits->size(), result.value);
  result.beyond = parsed.ec != std::errc();
  return result;
}

// Without the single underscores between digits; others stay, and are no number.
std::string without_underscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between =
        text[i] == '_' && i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (!between) plain.push_back(text[i]);
  }
  return plain;
}

}  // namespace

std::optional<bool> Reader::boolean(const Path& path, std::string_view text) {
  if (text.size() <= 5) {
    const std::string word = ascii::to_lower(text);
    for (const std::string_view yes : {"1", "true", "on", "yes", "t", "y"}) {
      if (word == yes) return true;
    }
    for (const std::string_view no : {"0", "false", "off", "no", "f", "n"}) {
      if (word == no) return false;
    }
  }
  fail(path, "bool_parsing", "Input should be a valid boolean, unable to interpret input", text);
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(const Path& path, std::string_view text, std::int64_t least,
                                            std::int64_t most, const Constraints& constraints) {
  const auto parsed = parse_integer(text);
  if (!parsed) {
    fail_integer_text(path, parsed.error() == IntegerFault::size, text);
    return std::nullopt;
  }
  constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (parsed->beyond || parsed->value > limit + (parsed->negative ? 1 : 0)) {
    if (parsed->negative) {
      fail_below(path, least, text);
    } else {
      fail_above(path, static_cast<std::uint64_t>(most), text);
    }
    return std::nullopt;
  }
  // Two's complement: also right for the least integer, whose magnitude no int64 has.
  const auto number = static_cast<std::int64_t>(parsed->negative ? 0 - parsed->value : parsed->value);
  if (!check_number(path, number, text, constraints) || !in_range(path, number, least, most, text)) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> Reader::unsigned_integer(const Path& path, std::string_view text, std::uint64_t most,
                                                      const Constraints& constraints) {
  const auto parsed = parse_integer(text);
  if (!parsed) {
    fail_integer_text(path, parsed.error() == IntegerFault::size, text);
  } else if (parsed->negative && (parsed->value > 0 || parsed->beyond)) {
    fail_below(path, 0, text);
  } else if (parsed->beyond) {
    fail_above(path, most, text);
  } else if (check_number(path, parsed->value, text, constraints)) {
    if (parsed->value <= most) return parsed->value;
    fail_above(path, most, text);
  }
  return std::nullopt;
}

void Reader::fail_integer_text(const Path& path, bool too_long, std::string_view text) {
  if (too_long) return fail_integer_size(path, text);
  fail(path, "int_parsing", "Input should be a valid integer, unable to parse string as an integer", text);
}

std::optional<double> Reader::number(const Path& path, std::string_view text) {
  std::string plain;
  std::string_view trimmed = trim(text);
  if (trimmed.find('_') != std::string_view::npos) trimmed = plain = without_underscores(trimmed);
  if (trimmed.starts_with('+') && trimmed.size() > 1 && trimmed[1] != '-') trimmed.remove_prefix(1);
  double number = 0;
  const char* end = trimmed.data() + trimmed.size();
  const auto parsed = std::from_chars(trimmed.data(), end, number);
  const bool overflow = parsed.ec == std::errc::result_out_of_range && parsed.ptr == end;
  if (!overflow && (parsed.ec != std::errc() || parsed.ptr != end)) {
    fail(path, "float_parsing", "Input should be a valid number, unable to parse string as a number", text);
    return std::nullopt;
  }
  if (overflow || !std::isfinite(number)) {
    fail(path, "finite_number", "Input should be a finite number", text);
    return std::nullopt;
  }
  return number;
}

bool Reader::is_utf8(const Path& path, std::string_view text) {
  if (detail::is_utf8(text)) return true;
  fail(path, "string_unicode", "Input should be a valid string, unable to parse raw data as a unicode string", Input());
  return false;
}

}  // namespace bailey::detail
