#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// Writes one JSON object member by member, in the order of the calls, which is the order GoTrue emits.
class JsonObjectWriter {
 public:
  JsonObjectWriter& text(std::string_view name, std::string_view value);
  JsonObjectWriter& number(std::string_view name, std::int64_t value);
  JsonObjectWriter& boolean(std::string_view name, bool value);
  JsonObjectWriter& raw(std::string_view name, std::string_view json);  // JSON already, taken as it is
  [[nodiscard]] std::string finish() &&;

 private:
  void name(std::string_view name);
  std::string out_ = "{";
};

// The same JSON, as short as it gets: without blanks between its tokens, and a number that PostgreSQL has written with
// 22 digits or more that are mostly zeros (1e308 has 309) with an exponent, of exactly the same value. All else stays
// as it is written.
[[nodiscard]] std::string compact_json(std::string_view json);

// A string as JSON, with its quotes.
[[nodiscard]] std::string json_text(std::string_view value);
// A list of such.
[[nodiscard]] std::string json_texts(const std::vector<std::string>& values);

}  // namespace bailey::stack::auth
