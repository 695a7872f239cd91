#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

// Lengths of time as ISO 8601 text, in whole days of 24 hours and parts of them.
namespace bailey {

// Appends "P1DT2H3M4.5S"; "PT0S" for none, "-PT1M" for less. Days are the largest unit: how long a month or a year is,
// another reader may see otherwise.
void append_duration(std::string& out, std::chrono::microseconds duration);

// Reads ISO 8601 with an optional sign ("P1DT2H", "-PT1.5S", "P2W"; a month is 30 days and a year 365, as pydantic has
// it), "[-][D days, ]HH:MM[:SS[.ffffff]]", and PostgreSQL's "1 day -00:05:00". What is beyond a microsecond is cut off.
// The error is a short phrase that fits behind "invalid duration: ".
[[nodiscard]] std::expected<std::chrono::microseconds, std::string_view> parse_duration(std::string_view text) noexcept;

// A duration of so many seconds.
[[nodiscard]] std::expected<std::chrono::microseconds, std::string_view> duration_of_seconds(double seconds) noexcept;

}  // namespace bailey
