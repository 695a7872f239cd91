#pragma once

#include <string>

#include <bailey/model/detail/write.hpp>

// From values to JSON, straight into a string: no document in between, no allocation but the string's growth.
namespace bailey {

// Appends compact JSON. Models (members in order, missing Maybes left out), text, numbers (NaN and infinity are null),
// bool, Uuid, enumerations by name, sys_time as "2026-11-23T14:05:09.12Z", sys_days as "2026-11-23", optional,
// unique_ptr, vector and other ranges, maps with text keys, variant, json::value, std::vector<std::byte> as base64,
// types with a TextCodec. A Secret, and a member with the rule `secret`, is "**********". Text that is not UTF-8 gets
// U+FFFD in place of each wrong byte. Throws std::out_of_range for an enumeration's value without a name: a null or a
// number in its place would be read as something else.
template <class T>
void encode(const T& value, std::string& out) {
  detail::write(value, out);
}

template <class T>
[[nodiscard]] std::string encode(const T& value) {
  std::string out;
  detail::write(value, out);
  return out;
}

}  // namespace bailey
