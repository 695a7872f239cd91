#pragma once

#include <string_view>

#include "stack/mail/letters.hpp"

namespace bailey::stack::mail {

// What GoTrue writes where nothing else is configured, in the language of its templates.
struct DefaultLetter {
  LetterKind kind;
  std::string_view name;  // of config.toml and MAILER_TEMPLATES_…
  std::string_view subject;
  std::string_view html;
};

[[nodiscard]] const DefaultLetter& default_letter(LetterKind kind) noexcept;

}  // namespace bailey::stack::mail
