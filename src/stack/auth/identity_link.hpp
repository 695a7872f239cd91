#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <string>

#include "stack/auth/auth_context.hpp"

namespace bailey::stack::auth {

// Writes the providers of a user's identities into their app_metadata: all of them by age, and the oldest by itself.
[[nodiscard]] pg::Statement refresh_providers(const Uuid& user);

// How an identity is taken from a user.
struct Unlinking {
  User user;                // as they are under their lock
  std::string identity;     // what the path names: a stranger's text
  bool autoconfirms_email;  // an address that nobody has verified stays confirmed
  Origin origin;
};

// Removes an identity. Without that of a phone the user has no phone; without another one they have an address of those
// that are left, a verified one before others, and what was sent to the last one is good no more. Throws AuthError as
// GoTrue answers: 404 `validation_failed`, 422 `single_identity_not_deletable`, `identity_not_found`,
// `email_conflict_identity_not_deletable`.
[[nodiscard]] Task<> unlink_identity(pg::Transaction& transaction, Unlinking unlinking);

}  // namespace bailey::stack::auth
