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
};
enum class IntegerFault { syntax, size };

// "+1_000", "-7", "007", "12.000".
std::expected<Magnitude, IntegerFault> parse_integer(std::string_view text) {
  text = trim(text);
  Magnitude result;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    result.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (const std::size_t point = text.find('.'); point != std::string_view::npos && point > 0) {
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.find_first_not_of('0') != std::string_view::npos) return std::unexpected(IntegerFault::syntax);
    text = text.substr(0, point);
  }
  const auto digits = plain_digits(text);
  if (!digits) return std::unexpected(IntegerFault::syntax);
  const auto parsed = std::from_chars(digits->data(), digits->data() + digits->size(), result.value);
  if (parsed.ec != std::errc()) return std::unexpected(IntegerFault::size);
  return result;
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
                                            std::int64_t most) {
  const auto parsed = parse_integer(text);
  if (!parsed && parsed.error() == IntegerFault::syntax) {
    fail(path, "int_parsing", "Input should be a valid integer, unable to parse string as an integer", text);
    return std::nullopt;
  }
  constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!parsed || parsed->value > limit + (parsed->negative ? 1 : 0)) {
    fail_integer_size(path, text);
    return std::nullopt;
  }
  // Two's complement: also right for the least integer, whose magnitude no int64 has.
  const auto number = static_cast<std::int64_t>(parsed->negative ? 0 - parsed->value : parsed->value);
  if (!in_range(path, number, least, most, text)) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> Reader::unsigned_integer(const Path& path, std::string_view text, std::uint64_t most) {
  const auto parsed = parse_integer(text);
  if (parsed && !parsed->negative &&
      parsed->value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    if (parsed->value <= most) return parsed->value;
  }
  const auto most_signed = static_cast<std::int64_t>(
      std::min<std::uint64_t>(most, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())));
  const auto number = integer(path, text, 0, most_signed);
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<double> Reader::number(const Path& path, std::string_view text) {
  std::string_view trimmed = trim(text);
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
