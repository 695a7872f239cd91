#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

// Appends a date as HTTP writes it (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
void append_date(std::string& out, std::chrono::sys_seconds time);

// Reads that form and the two obsolete ones, "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". A year of
// two digits is the one that is less than 50 years after `now`. Nullopt for all else. The day of the week is not
// compared with the date.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date(std::string_view text, std::chrono::sys_seconds now);

}  // namespace bailey::http
