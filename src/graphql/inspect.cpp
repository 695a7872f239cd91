// Nothing is walked or copied past what is shown: each step looks whether the text is full already.
#include <graphql/inspect.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace bailey::graphql {

namespace {

constexpr std::size_t most_items = 10;
constexpr int levels = 2;

struct Inspection {
  std::size_t max_length;
  std::string out{};

  [[nodiscard]] bool is_full() const { return out.size() > max_length; }

  // One byte more than there is room for, so that is_full() sees what is missing.
  void text(std::string_view text) { append_json_string(out, text.substr(0, max_length + 1)); }

  void list(const json::array& items, int depth) {
    if (items.empty()) {
      out += "[]";
      return;
    }
    if (depth >= levels) {
      out += "[Array]";
      return;
    }
    out += '[';
    const std::size_t count = std::min(items.size(), most_items);
    for (std::size_t i = 0; i < count && !is_full(); ++i) {
      if (i > 0) out += ", ";
      value(items[i], depth + 1);
    }
    const std::size_t more = items.size() - count;
    if (more == 1)
      out += ", ... 1 more item";
    else if (more > 1)
      out += ", ... " + std::to_string(more) + " more items";
    out += ']';
  }

  void object(const json::object& members, int depth) {
    if (members.empty()) {
      out += "{}";
      return;
    }
    if (depth >= levels) {
      out += "[Object]";
      return;
    }
    out += "{ ";
    for (bool first = true; const auto& member : members) {
      if (is_full()) return;
      if (!first) out += ", ";
      first = false;
      out += std::string_view(member.key()).substr(0, max_length + 1);
      out += ": ";
      value(member.value(), depth + 1);
    }
    out += " }";
  }

  void value(const json::value& one, int depth) {
    switch (one.kind()) {
      case json::kind::null: out += "null"; break;
      case json::kind::bool_: out += one.get_bool() ? "true" : "false"; break;
      case json::kind::int64: out += std::to_string(one.get_int64()); break;
      case json::kind::uint64: out += std::to_string(one.get_uint64()); break;
      case json::kind::double_: out += print_number(one.get_double()); break;
      case json::kind::string: text(one.get_string()); break;
      case json::kind::array: list(one.get_array(), depth); break;
      case json::kind::object: object(one.get_object(), depth); break;
    }
  }
};

}  // namespace

std::string inspect(const json::value& value, std::size_t max_length) {
  Inspection inspection{max_length};
  inspection.value(value, 0);
  return shortened(inspection.out, max_length);
}

std::string print_number(double number) {
  if (!std::isfinite(number)) return std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  if (number == 0) return "0";
  std::array<char, 40> buffer;
  const char* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific).ptr;
  std::string_view written(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::string sign = number < 0 ? "-" : "";
  if (number < 0) written.remove_prefix(1);
  const std::size_t e = written.find('e');
  std::string digits(1, written[0]);
  if (e > 1) digits += written.substr(2, e - 2);
  int exponent = 0;
  const std::string_view power = written.substr(written[e + 1] == '+' ? e + 2 : e + 1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const int length = static_cast<int>(digits.size());
  const int before_point = exponent + 1;
  const auto zeros = [](int count) { return std::string(static_cast<std::size_t>(count), '0'); };
  if (before_point > 21 || before_point < -5) {
    std::string out = sign + digits[0];
    if (length > 1) out += "." + digits.substr(1);
    return out + "e" + (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
  }
  if (before_point >= length) return sign + digits + zeros(before_point - length);
  if (before_point <= 0) return sign + "0." + zeros(-before_point) + digits;
  return sign + digits.insert(static_cast<std::size_t>(before_point), ".");
}

}  // namespace bailey::graphql
