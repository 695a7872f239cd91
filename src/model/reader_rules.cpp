// What the rules of a model ask of text, numbers and lists.
#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>
#include <utility>

#include <bailey/base/utf8.hpp>
#include <bailey/model/decimal.hpp>
#include <bailey/model/detail/reader.hpp>
#include "model/bound_text.hpp"
#include "model/formats.hpp"
#include "model/unicode.hpp"

namespace bailey::detail {
namespace {

std::string counted(std::size_t count, std::string_view thing, std::string_view tail = {}) {
  std::string text = std::to_string(count);
  text.append(" ").append(thing);
  if (count != 1) text.append("s");
  return text.append(tail);
}

// Integers with integers exactly, as durations, days and times are; everything else as doubles, but for Decimals.
template <class N>
bool is_less(const N& number, const Bound& bound) {
  if constexpr (std::integral<N>) {
    if (bound.kind != Bound::Kind::real) return std::cmp_less(number, bound.integer);
  }
  return static_cast<double>(number) < bound.as_double();
}

template <class N>
bool is_greater(const N& number, const Bound& bound) {
  if constexpr (std::integral<N>) {
    if (bound.kind != Bound::Kind::real) return std::cmp_greater(number, bound.integer);
  }
  return static_cast<double>(number) > bound.as_double();
}

template <class N>
bool is_multiple(const N& number, const Bound& bound) {
  if constexpr (std::integral<N>) {
    if (bound.kind == Bound::Kind::integer) {
      if (bound.integer == 0) return false;
      // By magnitude: the signs do not matter, and the least integer by -1 must not trap.
      const auto magnitude = [](auto n) {
        const auto bits = static_cast<std::uint64_t>(n);
        return std::cmp_less(n, 0) ? 0 - bits : bits;
      };
      return magnitude(number) % magnitude(bound.integer) == 0;
    }
  }
  const double quotient = static_cast<double>(number) / bound.as_double();
  return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient));
}

// A bound is the decimal that it is written as: 0.1 is a tenth.
Decimal decimal_of(const Bound& bound) {
  if (bound.kind == Bound::Kind::integer) return Decimal(bound.integer);
  return Decimal::parse(bound_text(bound)).value_or(Decimal());
}
template <>
bool is_less(const Decimal& number, const Bound& bound) {
  return number < decimal_of(bound);
}
template <>
bool is_greater(const Decimal& number, const Bound& bound) {
  return number > decimal_of(bound);
}
template <>
bool is_multiple(const Decimal& number, const Bound& bound) {
  return is_multiple_of(number, decimal_of(bound));
}

}  // namespace

void Reader::text(const Path& path, std::string_view text, Input input, const Limits& limits, std::string& out) {
  const Constraints& rules = limits.constraints;
  if (rules.is_stripped) text = trim_white_space(text);
  if (!rules.on_text()) {
    out.assign(text);
    return;
  }
  const std::size_t length = count_code_points(text);
  if (length < rules.min_length) {
    fail(path, "string_too_short", "String should have at least " + counted(rules.min_length, "character"), input,
         {{"min_length", rules.min_length}});
    return;
  }
  if (length > rules.max_length) {
    fail(path, "string_too_long", "String should have at most " + counted(rules.max_length, "character"), input,
         {{"max_length", rules.max_length}});
    return;
  }
  if (!rules.pattern.empty()) {
    const bool found =
        limits.pattern != nullptr ? limits.pattern->found_in(text) : Pattern(rules.pattern).found_in(text);
    if (!found) {
      fail(path, "string_pattern_mismatch", "String should match pattern '" + std::string(rules.pattern) + "'", input,
           {{"pattern", rules.pattern}});
      return;
    }
  }
  switch (rules.text_format) {
    case TextFormat::none: out.assign(text); break;
    case TextFormat::email: email(path, text, input, out); break;
    case TextFormat::url: url(path, text, input, out); break;
  }
}

void Reader::email(const Path& path, std::string_view text, Input input, std::string& out) {
  auto normal = normal_email(text);
  if (normal) {
    out = *std::move(normal);
  } else {
    fail(path, "value_error", "value is not a valid email address: " + std::string(normal.error()), input,
         {{"reason", normal.error()}});
  }
}

void Reader::url(const Path& path, std::string_view text, Input input, std::string& out) {
  auto normal = normal_url(text);
  if (normal) {
    out = *std::move(normal);
    return;
  }
  switch (const UrlFault& fault = normal.error(); fault.kind) {
    case UrlFault::Kind::parsing:
      fail(path, "url_parsing", "Input should be a valid URL, " + std::string(fault.reason), input,
           {{"error", fault.reason}});
      break;
    case UrlFault::Kind::scheme:
      fail(path, "url_scheme", "URL scheme should be 'http' or 'https'", input,
           {{"expected_schemes", "'http' or 'https'"}});
      break;
    case UrlFault::Kind::too_long:
      fail(path, "url_too_long", "URL should have at most " + counted(url_limit_bytes, "character"), input,
           {{"max_length", url_limit_bytes}});
      break;
  }
}

template <class N>
bool Reader::check_bounds(const Path& path, const N& number, Input input, const Constraints& constraints) {
  if (!constraints.on_number()) return true;
  const auto refuse = [&](std::string_view type, std::string_view words, std::string_view key, const Bound& bound) {
    fail(path, type, "Input should be " + std::string(words) + " " + bound_text(bound), input,
         {{key, bound_json(bound)}});
  };
  if (constraints.multiple_of.set() && !is_multiple(number, constraints.multiple_of)) {
    refuse("multiple_of", "a multiple of", "multiple_of", constraints.multiple_of);
  } else if (constraints.at_most.set() && is_greater(number, constraints.at_most)) {
    refuse("less_than_equal", "less than or equal to", "le", constraints.at_most);
  } else if (constraints.less_than.set() && !is_less(number, constraints.less_than)) {
    refuse("less_than", "less than", "lt", constraints.less_than);
  } else if (constraints.at_least.set() && is_less(number, constraints.at_least)) {
    refuse("greater_than_equal", "greater than or equal to", "ge", constraints.at_least);
  } else if (constraints.greater_than.set() && !is_greater(number, constraints.greater_than)) {
    refuse("greater_than", "greater than", "gt", constraints.greater_than);
  } else {
    return true;
  }
  return false;
}

bool Reader::check_number(const Path& path, std::int64_t number, Input input, const Constraints& constraints) {
  return check_bounds(path, number, input, constraints);
}
bool Reader::check_number(const Path& path, std::uint64_t number, Input input, const Constraints& constraints) {
  return check_bounds(path, number, input, constraints);
}
bool Reader::check_number(const Path& path, double number, Input input, const Constraints& constraints) {
  return check_bounds(path, number, input, constraints);
}

bool Reader::check_number(const Path& path, const Decimal& number, Input input, const Constraints& constraints) {
  return check_digits(path, number, input, constraints) && check_bounds(path, number, input, constraints);
}

// As Python counts: without the zeros at the end, and with those between the point and the first digit.
bool Reader::check_digits(const Path& path, const Decimal& number, Input input, const Constraints& constraints) {
  if (!constraints.on_digits()) return true;
  const std::string_view all = number.digits();
  const std::size_t last = all.find_last_not_of('0');
  const std::size_t significant = last == std::string_view::npos ? 1 : last + 1;
  const auto exponent = last == std::string_view::npos
                            ? std::int64_t{0}
                            : number.exponent() + static_cast<std::int64_t>(all.size() - significant);
  const std::size_t behind = exponent < 0 ? static_cast<std::size_t>(-exponent) : 0;
  const std::size_t digits =
      exponent < 0 ? std::max(significant, behind) : significant + static_cast<std::size_t>(exponent);
  const auto refuse = [&](std::string_view type, std::string_view key, std::size_t most, std::string_view thing,
                          std::string_view tail = {}) {
    fail(path, type, "Decimal input should have no more than " + counted(most, thing, tail), input, {{key, most}});
    return false;
  };
  if (digits > constraints.max_digits)
    return refuse("decimal_max_digits", "max_digits", constraints.max_digits, "digit", " in total");
  if (constraints.decimal_places == Constraints::unbounded) return true;
  if (behind > constraints.decimal_places)
    return refuse("decimal_max_places", "decimal_places", constraints.decimal_places, "decimal place");
  if (constraints.max_digits == Constraints::unbounded) return true;
  const std::size_t most_before = constraints.max_digits - std::min(constraints.max_digits, constraints.decimal_places);
  if (digits - std::min(digits, behind) > most_before)
    return refuse("decimal_whole_digits", "whole_digits", most_before, "digit", " before the decimal point");
  return true;
}

namespace {

std::string_view name_of(ItemsOf kind) { return kind == ItemsOf::list ? "List" : "Dictionary"; }

}  // namespace

bool Reader::has_at_most(const Path& path, std::size_t count, std::size_t most, ItemsOf kind, Input input) {
  if (count <= most) return true;
  fail(path, "too_long",
       std::string(name_of(kind)) + " should have at most " + counted(most, "item") + " after validation, not " +
           std::to_string(count),
       input, {{"field_type", name_of(kind)}, {"max_length", most}, {"actual_length", count}});
  return false;
}

bool Reader::has_at_least(const Path& path, std::size_t count, std::size_t least, ItemsOf kind, Input input) {
  if (count >= least) return true;
  fail(path, "too_short",
       std::string(name_of(kind)) + " should have at least " + counted(least, "item") + " after validation, not " +
           std::to_string(count),
       input, {{"field_type", name_of(kind)}, {"min_length", least}, {"actual_length", count}});
  return false;
}

}  // namespace bailey::detail
