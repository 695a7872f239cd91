#include "stack/mail/template/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <compare>
#include <cstdint>
#include <map>

namespace bailey::stack::mail::templates {
namespace {

const Value nil;

// Of what print makes: in a loop, a text that is put into itself doubles with each round.
constexpr std::size_t printed_limit_bytes = std::size_t{1024} * 1024;

// As %v prints it: strconv.FormatFloat(number, 'g', -1, 64), whose exponents begin at a million.
void append_number(std::string& out, double number) {
  if (number == 0) {
    out += std::signbit(number) ? "-0" : "0";
    return;
  }
  std::array<char, 64> buffer{};
  const auto sized = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(sized.ptr - buffer.data()));
  int exponent = 0;
  const std::size_t e = text.find('e');
  const std::string_view digits = text.substr(e + (text[e + 1] == '+' ? 2 : 1));
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (exponent < -4 || exponent >= 6) {
    out += text;
    return;
  }
  const auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  out.append(buffer.data(), fixed.ptr);
}

void append_nested(std::string& out, const Value& value);

void append_map(std::string& out, const boost::json::object& object) {
  std::map<std::string_view, const Value*> sorted;
  for (const auto& [key, value] : object) sorted.emplace(key, &value);
  out += "map[";
  bool first = true;
  for (const auto& [key, value] : sorted) {
    if (!std::exchange(first, false)) out += ' ';
    out.append(key).append(":");
    append_nested(out, *value);
  }
  out += ']';
}

void append_list(std::string& out, const boost::json::array& array) {
  out += '[';
  bool first = true;
  for (const Value& value : array) {
    if (!std::exchange(first, false)) out += ' ';
    append_nested(out, value);
  }
  out += ']';
}

void append_nested(std::string& out, const Value& value) {
  if (value.is_null()) {
    out += "<nil>";
  } else {
    append_text(out, value);
  }
}

[[noreturn]] void refuse_comparison() { throw ValueProblem("values of different kinds are compared"); }

bool are_equal(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (left.kind() != right.kind() || left.is_object() || left.is_array()) refuse_comparison();
  return left == right;
}

bool is_less(const Value& left, const Value& right, bool or_equal) {
  if (left.kind() != right.kind()) refuse_comparison();
  if (left.is_string())
    return or_equal ? left.get_string() <= right.get_string() : left.get_string() < right.get_string();
  if (left.is_int64()) return or_equal ? left.get_int64() <= right.get_int64() : left.get_int64() < right.get_int64();
  if (left.is_double())
    return or_equal ? left.get_double() <= right.get_double() : left.get_double() < right.get_double();
  refuse_comparison();
}

Value length_of(const Value& value) {
  if (value.is_string()) return static_cast<std::int64_t>(value.get_string().size());
  if (value.is_array()) return static_cast<std::int64_t>(value.get_array().size());
  if (value.is_object()) return static_cast<std::int64_t>(value.get_object().size());
  throw ValueProblem("len is asked of something without a length");
}

Value element_of(const Value& value, const Value& key) {
  if (value.is_object() && key.is_string()) {
    const Value* const found = value.get_object().if_contains(key.get_string());
    return found == nullptr ? Value() : *found;
  }
  if (value.is_array() && key.is_int64()) {
    const std::int64_t at = key.get_int64();
    if (at < 0 || static_cast<std::uint64_t>(at) >= value.get_array().size())
      throw ValueProblem("index is out of range");
    return value.get_array()[static_cast<std::size_t>(at)];
  }
  throw ValueProblem("index is asked of something that has no such elements");
}

Value print(std::span<const Value> arguments, bool line) {
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    // Sprint puts a blank between two that are no texts, Sprintln between all.
    const bool both_other = i > 0 && !arguments[i - 1].is_string() && !arguments[i].is_string();
    if (i > 0 && (line || both_other)) out += ' ';
    append_nested(out, arguments[i]);
    if (out.size() > printed_limit_bytes) throw ValueProblem("a text becomes too long");
  }
  if (line) out += '\n';
  return boost::json::string(out);
}

void require_count(std::span<const Value> arguments, std::size_t least, std::size_t most) {
  if (arguments.size() < least || arguments.size() > most)
    throw ValueProblem("a function has too many or too few arguments");
}

}  // namespace

Value as_go_reads(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::int64: return static_cast<double>(value.get_int64());
    case boost::json::kind::uint64: return static_cast<double>(value.get_uint64());
    case boost::json::kind::array: {
      boost::json::array out;
      for (const Value& element : value.get_array()) out.emplace_back(as_go_reads(element));
      return out;
    }
    case boost::json::kind::object: {
      boost::json::object out;
      for (const auto& [key, element] : value.get_object()) out.emplace(key, as_go_reads(element));
      return out;
    }
    default: return value;
  }
}

bool is_true(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return false;
    case boost::json::kind::bool_: return value.get_bool();
    case boost::json::kind::int64: return value.get_int64() != 0;
    case boost::json::kind::uint64: return value.get_uint64() != 0;
    case boost::json::kind::double_: return value.get_double() != 0;
    case boost::json::kind::string: return !value.get_string().empty();
    case boost::json::kind::array: return !value.get_array().empty();
    case boost::json::kind::object: return !value.get_object().empty();
  }
  return false;
}

void append_text(std::string& out, const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64: out += std::to_string(value.get_int64()); return;
    case boost::json::kind::uint64: out += std::to_string(value.get_uint64()); return;
    case boost::json::kind::double_: return append_number(out, value.get_double());
    case boost::json::kind::string: out += value.get_string(); return;
    case boost::json::kind::array: return append_list(out, value.get_array());
    case boost::json::kind::object: return append_map(out, value.get_object());
  }
}

const Value& field_of(const Value& value, const std::string& name) {
  if (value.is_null()) return nil;
  if (!value.is_object()) throw ValueProblem("a field is asked of a value that has none");
  const Value* const found = value.get_object().if_contains(name);
  return found == nullptr ? nil : *found;
}

Value call(Function function, std::span<const Value> arguments) {
  switch (function) {
    case Function::not_: require_count(arguments, 1, 1); return !is_true(arguments[0]);
    case Function::len: require_count(arguments, 1, 1); return length_of(arguments[0]);
    case Function::print: return print(arguments, false);
    case Function::println: return print(arguments, true);
    case Function::eq:
      require_count(arguments, 2, 64);
      return std::ranges::any_of(arguments.subspan(1),
                                 [&](const Value& other) { return are_equal(arguments[0], other); });
    case Function::ne: require_count(arguments, 2, 2); return !are_equal(arguments[0], arguments[1]);
    case Function::lt: require_count(arguments, 2, 2); return is_less(arguments[0], arguments[1], false);
    case Function::le: require_count(arguments, 2, 2); return is_less(arguments[0], arguments[1], true);
    case Function::gt: require_count(arguments, 2, 2); return is_less(arguments[1], arguments[0], false);
    case Function::ge: require_count(arguments, 2, 2); return is_less(arguments[1], arguments[0], true);
    case Function::index: {
      require_count(arguments, 1, 16);
      Value value = arguments[0];
      for (const Value& key : arguments.subspan(1)) value = element_of(value, key);
      return value;
    }
    case Function::and_:
    case Function::or_: break;
  }
  throw ValueProblem("a function is called that has no value");
}

}  // namespace bailey::stack::mail::templates
