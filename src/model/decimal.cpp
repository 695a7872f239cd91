// Digits and an exponent, as they were written. Comparing needs no arithmetic: first where the first digit stands, then
// the digits themselves, the shorter ones filled up with zeros.
#include <bailey/model/decimal.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <bailey/base/ascii.hpp>

namespace bailey {
namespace {

constexpr std::size_t most_digits = 100;
constexpr int most_exponent = 10'000;

// Digits, with single underscores between them; those go. False for anything else.
bool take_digits(std::string_view& text, std::string& out) {
  bool may_end = false;
  while (!text.empty() && (ascii::is_digit(text.front()) || (text.front() == '_' && may_end))) {
    may_end = text.front() != '_';
    if (may_end) out += text.front();
    text.remove_prefix(1);
  }
  return out.empty() || may_end;
}

std::strong_ordering compare_magnitudes(const Decimal& a, const Decimal& b) noexcept {
  const auto first_digit = [](const Decimal& of) {
    return static_cast<std::int64_t>(of.digits().size()) + of.exponent();
  };
  if (const auto order = first_digit(a) <=> first_digit(b); order != 0) return order;
  const auto at = [](const std::string& digits, std::size_t i) { return i < digits.size() ? digits[i] : '0'; };
  for (std::size_t i = 0; i < std::max(a.digits().size(), b.digits().size()); ++i)
    if (const auto order = at(a.digits(), i) <=> at(b.digits(), i); order != 0) return order;
  return std::strong_ordering::equal;
}

}  // namespace

Decimal::Decimal(std::int64_t whole) : is_negative_(whole < 0), digits_(std::to_string(whole)) {
  if (is_negative_) digits_.erase(0, 1);
}

std::expected<Decimal, std::string> Decimal::parse(std::string_view text) {
  const std::unexpected none(std::string("Input should be a valid decimal"));
  text = ascii::trim(text);
  Decimal made;
  if (text.starts_with('-') || text.starts_with('+')) {
    made.is_negative_ = text.front() == '-';
    text.remove_prefix(1);
  }
  std::string whole;
  std::string fraction;
  if (!take_digits(text, whole)) return none;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_digits(text, fraction)) return none;
  }
  if (whole.empty() && fraction.empty()) return none;
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E') return none;
    text.remove_prefix(1);
    if (text.starts_with('+')) text.remove_prefix(text.starts_with("+-") ? 0 : 1);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), made.exponent_);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return none;
    if (std::abs(made.exponent_) > most_exponent) return none;
  }
  made.exponent_ -= static_cast<int>(std::min<std::size_t>(fraction.size(), most_exponent));
  made.digits_ = whole + fraction;
  made.digits_.erase(0, std::min(made.digits_.find_first_not_of('0'), made.digits_.size() - 1));
  if (made.digits_.size() > most_digits || fraction.size() > most_exponent) return none;
  return made;
}

std::string Decimal::to_text() const {
  const int before_point = static_cast<int>(digits_.size()) + exponent_;
  const bool is_plain = exponent_ <= 0 && before_point > -6;
  const int point = is_plain ? before_point : 1;
  std::string text = is_negative_ ? "-" : "";
  if (point <= 0) {
    text.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits_);
  } else {
    text.append(digits_, 0, static_cast<std::size_t>(point));
    if (digits_.size() > static_cast<std::size_t>(point))
      text.append(".").append(digits_, static_cast<std::size_t>(point));
  }
  if (!is_plain) text.append(before_point > 0 ? "E+" : "E").append(std::to_string(before_point - 1));
  return text;
}

double Decimal::to_double() const { return std::strtod(to_text().c_str(), nullptr); }

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
  if (a.is_zero() && b.is_zero()) return std::strong_ordering::equal;
  const bool a_below = a.is_negative_ && !a.is_zero();
  const bool b_below = b.is_negative_ && !b.is_zero();
  if (a.is_zero()) return b_below ? std::strong_ordering::greater : std::strong_ordering::less;
  if (b.is_zero()) return a_below ? std::strong_ordering::less : std::strong_ordering::greater;
  if (a_below != b_below) return a_below ? std::strong_ordering::less : std::strong_ordering::greater;
  return a_below ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

// digits · 10^e is a multiple of m · 10^f, for e ≥ f, if digits · 10^(e-f) is one of m; else if digits is one of
// m · 10^(f-e), and so ends in f-e zeros.
bool is_multiple_of(const Decimal& number, const Decimal& divisor) noexcept {
  if (divisor.is_zero() || divisor.digits_.size() > 18) return false;
  if (number.is_zero()) return true;
  std::int64_t modulus = 0;
  std::from_chars(divisor.digits_.data(), divisor.digits_.data() + divisor.digits_.size(), modulus);
  std::string_view digits = number.digits_;
  int zeros = number.exponent_ - divisor.exponent_;
  for (; zeros < 0; ++zeros) {
    if (!digits.ends_with('0')) return false;
    digits.remove_suffix(1);
  }
  __extension__ using Wide = __int128;  // ten times the modulus
  Wide remainder = 0;
  for (const char digit : digits) remainder = (remainder * 10 + (digit - '0')) % modulus;
  for (; zeros > 0 && remainder != 0; --zeros) remainder = remainder * 10 % modulus;
  return remainder == 0;
}

}  // namespace bailey
