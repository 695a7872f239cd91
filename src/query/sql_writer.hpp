#pragma once

#include <bailey/query/compile.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::query::detail {

// SQL text in the making, with the values that its $1, $2, … stand for.
class SqlWriter {
 public:
  SqlWriter() { sql_.reserve(1024); }

  SqlWriter& operator<<(std::string_view text) {
    sql_ += text;
    return *this;
  }
  SqlWriter& identifier(std::string_view name) {
    append_identifier(sql_, name);
    return *this;
  }
  SqlWriter& qualified(std::string_view first, std::string_view second) {
    identifier(first) << ".";
    return identifier(second);
  }
  // The place of a value; its number for using it again.
  std::size_t parameter(std::string value) {
    const std::size_t number = bind(std::move(value));
    place(number);
    return number;
  }
  // A value that will be placed later.
  std::size_t bind(std::string value) {
    parameters_.emplace_back(std::move(value));
    return parameters_.size();
  }
  void place(std::size_t number) { sql_.append("$").append(std::to_string(number)); }

  [[nodiscard]] std::string& sql() { return sql_; }
  [[nodiscard]] std::vector<pg::Parameter>& parameters() { return parameters_; }

 private:
  std::string sql_;
  std::vector<pg::Parameter> parameters_;
};

// Writes a list with separators.
template <class Range, class Write>
void separated(SqlWriter& out, std::string_view separator, const Range& range, Write&& write) {
  bool first = true;
  for (const auto& element : range) {
    if (!first) out << separator;
    first = false;
    write(element);
  }
}

}  // namespace bailey::query::detail
