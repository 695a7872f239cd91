#pragma once

#include <optional>
#include <string>
#include <string_view>

// What text formats ask of Unicode, answered by libunistring and libidn2. All texts are well-formed UTF-8.
namespace bailey::detail {

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

// What Python calls white space.
[[nodiscard]] bool is_white_space(char32_t point) noexcept;
[[nodiscard]] std::string_view trim_white_space(std::string_view text) noexcept;

[[nodiscard]] bool is_letter_or_number(char32_t point) noexcept;

// Whether all characters are letters, marks behind them, numbers, punctuation or symbols: none is white space, a
// control or format character (U+202E turns what follows it around), or unassigned.
[[nodiscard]] bool is_safely_shown(std::string_view text) noexcept;

// Composed (NFC).
[[nodiscard]] std::string composed(std::string_view text);

// A domain as the DNS has it (IDNA 2008 behind UTS 46's mapping), and the other way round. Nothing for what is none.
[[nodiscard]] std::optional<std::string> to_ascii_domain(std::string_view domain);
[[nodiscard]] std::optional<std::string> to_unicode_domain(const std::string& domain);

}  // namespace bailey::detail
