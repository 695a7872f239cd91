// Entries of errors, and the JSON kinds. The types, ctx keys and sentences are those pydantic's users know.
#include <bailey/model/detail/reader.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <bailey/base/base64url.hpp>
#include <bailey/base/utf8.hpp>

namespace bailey::detail {
namespace {

// How much of a refused value is sent back: a small request must not become a large answer, entry by entry.
constexpr std::size_t echo_limit_bytes = 4096;

// What a value weighs as text, roughly; stops counting beyond the limit.
std::size_t weight(const json::value& value, std::size_t limit) {
  std::size_t total = 8;
  if (const json::string* text = value.if_string()) return total + text->size();
  if (const json::array* items = value.if_array()) {
    for (const json::value& item : *items) {
      if (total > limit) break;
      total += weight(item, limit - total);
    }
  } else if (const json::object* members = value.if_object()) {
    for (const auto& [key, member] : *members) {
      if (total > limit) break;
      total += key.size();
      if (total > limit) break;
      total += weight(member, limit - total);
    }
  }
  return total;
}

json::value echo(const Input& input) {
  if (input.value != nullptr) {
    if (weight(*input.value, echo_limit_bytes) > echo_limit_bytes) return nullptr;
    return json::value(*input.value, json::storage_ptr());  // the document's own memory ends with it
  }
  if (input.text && input.text->size() <= echo_limit_bytes && is_utf8(*input.text)) return json::value(*input.text);
  return nullptr;
}

void append_steps(const Path& path, Location& location) {
  if (path.parent == nullptr) return;
  append_steps(*path.parent, location);
  if (path.index >= 0) {
    location.emplace_back(path.index);
  } else {
    location.emplace_back(std::string(path.name));
  }
}

// Beyond it, no 64 bits hold what a double says.
constexpr double integer_limit = 9223372036854775808.0;

bool is_whole(double number) { return number == std::trunc(number) && std::abs(number) < integer_limit; }

}  // namespace

Reader Reader::trial(Conversion conversion, Decisions& decisions) const {
  Reader made({}, conversion);
  made.trial_ = true;
  made.values_wanted_ = false;
  made.decisions_ = &decisions;
  return made;
}

void Reader::fail(const Path& path, std::string_view type, std::string_view message, Input input,
                  json::object context) {
  if (full()) return;
  if (trial_) {
    refused_ = true;
    return;
  }
  ValidationError entry{.type = std::string(type),
                        .loc = prefix_,
                        .msg = std::string(message),
                        .input = nullptr,
                        .ctx = std::move(context)};
  append_steps(path, entry.loc);
  if (!path.secret) entry.input = echo(input);
  errors_.entries.push_back(std::move(entry));
}

void Reader::fail_value(const Path& path, std::string_view sentence, Input input) {
  fail(path, "value_error", "Value error, " + std::string(sentence), input, {{"error", json::object()}});
}

std::optional<bool> Reader::boolean(const Path& path, const json::value& value) {
  if (const bool* truth = value.if_bool()) return *truth;
  if (is_lenient()) {
    if (const json::string* text = value.if_string()) return boolean(path, std::string_view(*text));
    const double* real = value.if_double();
    if (value.is_int64() || (real != nullptr && is_whole(*real))) {
      const auto number = value.is_int64() ? value.get_int64() : static_cast<std::int64_t>(*real);
      if (number == 0 || number == 1) return number == 1;
      fail(path, "bool_parsing", "Input should be a valid boolean, unable to interpret input", value);
      return std::nullopt;
    }
  }
  fail(path, "bool_type", "Input should be a valid boolean", value);
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(const Path& path, const json::value& value, std::int64_t least,
                                            std::int64_t most, const Constraints& constraints) {
  std::int64_t number = 0;
  if (const std::int64_t* integer = value.if_int64()) {
    number = *integer;
  } else if (const double* real = value.if_double()) {
    if (*real != std::trunc(*real)) {
      fail(path, "int_from_float", "Input should be a valid integer, got a number with a fractional part", value);
      return std::nullopt;
    }
    if (!is_whole(*real)) {
      fail_integer_size(path, value);
      return std::nullopt;
    }
    number = static_cast<std::int64_t>(*real);
  } else if (value.is_uint64()) {
    fail_above(path, static_cast<std::uint64_t>(most), value);
    return std::nullopt;
  } else if (is_lenient() && value.is_bool()) {
    number = value.get_bool() ? 1 : 0;
  } else if (is_lenient() && value.is_string()) {
    return this->integer(path, std::string_view(value.get_string()), least, most, constraints);
  } else {
    fail(path, "int_type", "Input should be a valid integer", value);
    return std::nullopt;
  }
  if (!check_number(path, number, value, constraints) || !in_range(path, number, least, most, value))
    return std::nullopt;
  return number;
}

std::optional<std::uint64_t> Reader::unsigned_integer(const Path& path, const json::value& value, std::uint64_t most,
                                                      const Constraints& constraints) {
  if (const std::uint64_t* large = value.if_uint64()) {
    if (!check_number(path, *large, value, constraints)) return std::nullopt;
    if (*large <= most) return *large;
    fail_above(path, most, value);
    return std::nullopt;
  }
  if (is_lenient() && value.is_string())
    return unsigned_integer(path, std::string_view(value.get_string()), most, constraints);
  const auto most_signed = static_cast<std::int64_t>(
      std::min<std::uint64_t>(most, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())));
  const auto number = integer(path, value, 0, most_signed, constraints);
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<double> Reader::number(const Path& path, const json::value& value) {
  double number = 0;
  switch (value.kind()) {
    case json::kind::int64: number = static_cast<double>(value.get_int64()); break;
    case json::kind::uint64: number = static_cast<double>(value.get_uint64()); break;
    case json::kind::double_: number = value.get_double(); break;
    case json::kind::bool_:
      if (is_lenient()) return value.get_bool() ? 1.0 : 0.0;
      [[fallthrough]];
    case json::kind::string:
      if (is_lenient() && value.is_string()) return this->number(path, std::string_view(value.get_string()));
      [[fallthrough]];
    default: fail(path, "float_type", "Input should be a valid number", value); return std::nullopt;
  }
  if (!std::isfinite(number)) {
    fail(path, "finite_number", "Input should be a finite number", Input());
    return std::nullopt;
  }
  return number;
}

void Reader::bytes(const Path& path, const json::value& value, std::vector<std::byte>& out) {
  const json::string* text = value.if_string();
  if (text == nullptr) {
    fail(path, "bytes_type", "Input should be a valid bytes", value);
    return;
  }
  const auto decoded = base64_decode(*text);
  if (!decoded) {
    fail(path, "bytes_invalid_encoding", "Data should be valid base64", value,
         {{"encoding", "base64"}, {"encoding_error", "Invalid base64"}});
    return;
  }
  out.resize(decoded->size());
  std::ranges::transform(*decoded, out.begin(), [](char c) { return static_cast<std::byte>(c); });
}

bool Reader::in_range(const Path& path, std::int64_t number, std::int64_t least, std::int64_t most, Input input) {
  if (number < least) {
    fail_below(path, least, input);
  } else if (number > most) {
    fail_above(path, static_cast<std::uint64_t>(most), input);
  } else {
    return true;
  }
  return false;
}

void Reader::fail_below(const Path& path, std::int64_t least, Input input) {
  fail(path, "greater_than_equal", "Input should be greater than or equal to " + std::to_string(least), input,
       {{"ge", least}});
}

void Reader::fail_above(const Path& path, std::uint64_t most, Input input) {
  fail(path, "less_than_equal", "Input should be less than or equal to " + std::to_string(most), input, {{"le", most}});
}

void Reader::fail_integer_size(const Path& path, Input input) {
  fail(path, "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size", input);
}

}  // namespace bailey::detail
