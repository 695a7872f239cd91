#pragma once

#include <string>

#include <bailey/model/detail/write.hpp>

// From values to JSON, straight into a string: no document in between, no allocation but the string's growth.
namespace bailey {

// Appends compact JSON, which meets schema<T>(). T may be of any Shape (shape.hpp) but none; another type does not
// compile.
//
// A model is an object of its members in their order; a Maybe that is missing is left out, and null where there is
// nothing to leave it out of. An enumeration is its enumerator's name, a sys_time "2026-11-23T14:05:09.12Z", sys_days
// "2026-11-23", std::vector<std::byte> base64. Text that is not UTF-8 gets U+FFFD in place of each wrong byte. Whatever
// the schema says, NaN and infinity are null, and a member with the rule `secret` is "**********", as a Secret is.
//
// Throws std::out_of_range for an enumeration's value without a name, and what a TextCodec throws; `out` then ends
// somewhere within the value. Reads `value` only during the call.
template <class T>
void encode(const T& value, std::string& out) {
  detail::write(value, out);
}

// The same as a new string.
template <class T>
[[nodiscard]] std::string encode(const T& value) {
  std::string out;
  detail::write(value, out);
  return out;
}

}  // namespace bailey
