// Rows as to_json() of PostgreSQL would write them, so that they are read as an answer of /rest/v1 is. The types are
// those of pg_type.dat, whose numbers never change; of an array the type of its elements decides. What is not listed is
// a JSON string of its text, as it is there: uuid, date, enumerations, ranges, composite types.
#include <bailey/model/json.hpp>
#include <bailey/pg/rows.hpp>

#include "model/error_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace bailey::pg {
namespace {

enum class Form { text, boolean, number, json, timestamp };

struct Type {
  std::uint32_t id, array;
  Form form;
};

constexpr std::array<Type, 20> types{{{16, 1000, Form::boolean},      // bool
                                      {21, 1005, Form::number},       // int2
                                      {23, 1007, Form::number},       // int4
                                      {20, 1016, Form::number},       // int8
                                      {26, 1028, Form::number},       // oid
                                      {700, 1021, Form::number},      // float4
                                      {701, 1022, Form::number},      // float8
                                      {1700, 1231, Form::number},     // numeric
                                      {114, 199, Form::json},         // json
                                      {3802, 3807, Form::json},       // jsonb
                                      {1114, 1115, Form::timestamp},  // timestamp
                                      {1184, 1185, Form::timestamp},  // timestamptz
                                      {25, 1009, Form::text},         // text
                                      {1043, 1015, Form::text},       // varchar
                                      {1042, 1014, Form::text},       // bpchar
                                      {19, 1003, Form::text},         // name
                                      {2950, 2951, Form::text},       // uuid
                                      {1082, 1182, Form::text},       // date
                                      {1083, 1183, Form::text},       // time
                                      {17, 1001, Form::text}}};       // bytea

// "2026-01-01 12:00:00+00" in ISO 8601.
void append_timestamp(std::string& out, std::string_view text) {
  std::string iso(text);
  if (const std::size_t space = iso.find(' '); space != std::string::npos) {
    iso[space] = 'T';
    const std::size_t sign = iso.find_first_of("+-", space);
    if (sign != std::string::npos && iso.size() == sign + 3) iso += ":00";
  }
  append_json_string(out, iso);
}

void append_value(std::string& out, Form form, std::string_view text) {
  switch (form) {
    case Form::boolean: out += text == "t" ? "true" : "false"; return;
    case Form::json: out += text; return;
    case Form::timestamp: append_timestamp(out, text); return;
    case Form::number:
      if (text.find_first_of("Iy") == std::string_view::npos && text != "NaN") {  // Infinity
        out += text;
        return;
      }
      break;
    case Form::text: break;
  }
  append_json_string(out, text);
}

// PostgreSQL's text form of an array: {1,NULL,"a \"b\"",{2,3}}, with bounds in front when they do not begin at 1.
class ArrayText {
 public:
  ArrayText(std::string& out, Form form, std::string_view text) : out_(out), form_(form), rest_(text) {
    if (rest_.starts_with('[')) rest_.remove_prefix(std::min(rest_.find('{'), rest_.size()));
  }

  void write() {
    if (!take('{')) return;
    out_ += '[';
    for (bool first = true; !rest_.empty() && !take('}'); first = false) {
      if (!first && take(',')) out_ += ',';
      if (rest_.starts_with('{'))
        write();
      else
        write_element();
    }
    out_ += ']';
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void write_element() {
    std::string element;
    const bool is_quoted = take('"');
    while (!rest_.empty() && (is_quoted ? rest_.front() != '"' : rest_.front() != ',' && rest_.front() != '}')) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      element += rest_.front();
      rest_.remove_prefix(1);
    }
    if (is_quoted) take('"');
    if (!is_quoted && element == "NULL")
      out_ += "null";
    else
      append_value(out_, form_, element);
  }

  std::string& out_;
  Form form_;
  std::string_view rest_;
};

void append_value(std::string& out, std::uint32_t type, std::string_view text) {
  for (const Type& each : types) {
    if (each.id == type) return append_value(out, each.form, text);
    if (each.array == type) return ArrayText(out, each.form, text).write();
  }
  append_json_string(out, text);
}

}  // namespace

std::string Rows::to_json() const {
  std::vector<std::string> names(columns());
  for (std::size_t column = 0; column < names.size(); ++column) {
    append_json_string(names[column], column_name(column));
    names[column] += ':';
  }
  std::string json = "[";
  for (std::size_t row = 0; row < size(); ++row) {
    json += row == 0 ? "{" : ",{";
    for (std::size_t column = 0; column < names.size(); ++column) {
      if (column > 0) json += ',';
      json += names[column];
      if (const auto value = text(row, column))
        append_value(json, column_type(column), *value);
      else
        json += "null";
    }
    json += '}';
  }
  json += ']';
  return json;
}

void Rows::refuse_columns_of_one_name() const {
  for (std::size_t column = 0; column < columns(); ++column)
    if (column_index(column_name(column)) != column)
      throw RowMismatch("Two columns of the rows have one name; give them others with AS.",
                        std::string(column_name(column)));
}

void Rows::fail_mismatch(std::string_view type, const ValidationErrors& errors) {
  throw RowMismatch("The rows do not fit " + std::string(type) + ".", bailey::detail::error_text(errors));
}

}  // namespace bailey::pg
