#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include <bailey/base/secret.hpp>

// Structured log lines on standard error, one a call:
//
//   2026-11-23T14:05:09.120Z info listening address=127.0.0.1 port=8000
//
// Values with spaces, quotes or control characters are quoted and escaped, so a stranger's text can neither forge a
// line nor reach the terminal raw. Nothing is redacted here: a Secret does not convert to a field's value, and that is
// the guard. Messages are fixed sentences, what varies goes into fields.
//
// Any thread may log at any time. Lines never mix, and nobody waits for who reads them: what a full pipe does not take
// is lost, and the first line that is written again is followed by a warning that says how many were.
namespace bailey::log {

enum class Level : std::uint8_t { debug, info, warning, error, off };

// Lines below the level are dropped before their text is made. The level at start is info.
void set_level(Level level) noexcept;
[[nodiscard]] Level level() noexcept;
[[nodiscard]] inline bool enabled(Level at) noexcept { return at >= level() && at != Level::off; }

// "debug", "info", "warning", "error", "off"; any other text is info.
[[nodiscard]] Level parse_level(std::string_view text) noexcept;

struct Field {
  Field(std::string_view field_name, std::string field_value) : name(field_name), value(std::move(field_value)) {}
  Field(std::string_view field_name, std::string_view field_value) : name(field_name), value(field_value) {}
  Field(std::string_view field_name, const char* field_value) : name(field_name), value(field_value) {}
  Field(std::string_view field_name, bool field_value) : name(field_name), value(field_value ? "true" : "false") {}
  template <class N>
    requires(std::integral<N> || std::floating_point<N>)
  Field(std::string_view field_name, N field_value) : name(field_name), value(std::to_string(field_value)) {}
  Field(std::string_view field_name, const Secret& field_value) = delete;

  std::string_view name;
  std::string value;
};

using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warning(std::string_view message, Fields fields = {}) { write(Level::warning, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

// Where lines go instead of standard error, without their newline; an empty function restores standard error. For tests
// and embedding programs; called with a lock held, one line at a time, and must not log.
using Sink = std::function<void(Level, std::string_view line)>;
void set_sink(Sink sink);

}  // namespace bailey::log
