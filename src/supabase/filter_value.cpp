// Values as PostgreSQL reads them in text form. Array elements and range bounds are always quoted: the rules for what
// may stand bare differ between types and versions, quoted text is read the same everywhere.
#include <bailey/supabase/filter.hpp>
#include <bailey/supabase/postgrest_error.hpp>
#include <bailey/supabase/rows.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace bailey {

namespace {

template <class Float>
std::string shortest(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

void append_number(std::string& out, long long value, std::size_t width) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

// PostgreSQL counts years before 1 as "BC" and has no year 0.
void append_date(std::string& out, std::chrono::year_month_day date) {
  const int year = static_cast<int>(date.year());
  append_number(out, year > 0 ? year : 1 - year, 4);
  out += '-';
  append_number(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_number(out, static_cast<unsigned>(date.day()), 2);
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

template <class Elements>
std::string array_literal(const Elements& elements) {
  std::string out = "{";
  for (const FilterValue& element : elements) {
    if (out.size() > 1) out += ',';
    append_quoted(out, element.text());
  }
  out += '}';
  return out;
}

}  // namespace

FilterValue::FilterValue(double value) : text_(shortest(value)) {}
FilterValue::FilterValue(float value) : text_(shortest(value)) {}

FilterValue::FilterValue(std::chrono::year_month_day date) {
  append_date(text_, date);
  if (static_cast<int>(date.year()) <= 0) text_ += " BC";
}

FilterValue::FilterValue(Microseconds at) {
  const auto day = std::chrono::floor<std::chrono::days>(at.time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at.time - day);
  append_date(text_, date);
  text_ += 'T';
  append_number(text_, time.hours().count(), 2);
  text_ += ':';
  append_number(text_, time.minutes().count(), 2);
  text_ += ':';
  append_number(text_, time.seconds().count(), 2);
  text_ += '.';
  append_number(text_, time.subseconds().count(), 6);
  text_ += "+00";
  if (static_cast<int>(date.year()) <= 0) text_ += " BC";
}

FilterLiteral::FilterLiteral(std::initializer_list<FilterValue> elements) : text_(array_literal(elements)) {}
FilterLiteral::FilterLiteral(const std::vector<FilterValue>& elements) : text_(array_literal(elements)) {}
FilterLiteral::FilterLiteral(const json::value& document) : text_(client_detail::encode_exactly(document)) {}
FilterLiteral::FilterLiteral(const json::object& document) : text_(client_detail::encode_exactly(document)) {}

FilterLiteral::FilterLiteral(const RangeValue& range) {
  if (range.bounds != "[)" && range.bounds != "[]" && range.bounds != "(]" && range.bounds != "()")
    throw PostgrestError("misuse", "The bounds of a range are one of [) [] (] ().", 500);
  text_ += range.bounds.front();
  if (range.lower) append_quoted(text_, range.lower->text());
  text_ += ',';
  if (range.upper) append_quoted(text_, range.upper->text());
  text_ += range.bounds.back();
}

std::string escape_like(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c == '*' ? '_' : c;
  }
  return out;
}

}  // namespace bailey
