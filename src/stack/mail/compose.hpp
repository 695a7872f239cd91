#pragma once

#include <bailey/base/error.hpp>

#include <chrono>
#include <cstddef>
#include <string>

#include "stack/mail/mailer.hpp"

namespace bailey::stack::mail {

inline constexpr std::size_t letter_limit_bytes = std::size_t{1024} * 1024;  // subject and bodies together

// What a message has besides its letter.
struct Stamp {
  std::chrono::sys_seconds date;
  std::string id;  // unguessable and unique: makes the Message-ID and the boundary

  [[nodiscard]] static Stamp now();
};

// The letter as a message (RFC 5322, MIME), its lines ending in CRLF: HTML, or plain text and HTML as alternatives.
// ASCII but for addresses beyond it. Error "invalid_letter", see Mailer::send: nothing in the letter can become another
// header.
[[nodiscard]] Expected<std::string> compose(const Letter& letter, const Stamp& stamp);

}  // namespace bailey::stack::mail
