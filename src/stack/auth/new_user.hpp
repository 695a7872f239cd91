#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "stack/auth/auth_context.hpp"
#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {

// A user about to be.
struct NewUser {
  Uuid id = Uuid::random();
  std::string aud{default_audience};
  std::string role{default_role};
  std::string email;                         // normalised; "" for an anonymous user
  std::string encrypted_password;            // "" for none
  std::string app_metadata = "{}";           // JSON
  std::string user_metadata = "{}";          // JSON
  std::optional<std::string> identity_data;  // JSON of the e-mail identity; nullopt: no identity
  bool confirmed = false;
  bool awaits_confirmation = false;  // a confirmation was "sent"
  bool is_anonymous = false;
};

// What writes it, for one group: the row first, its role after it, as GoTrue does and triggers on auth.users see it.
[[nodiscard]] std::vector<pg::Statement> insert_user(const NewUser& user);

// {"sub","email","email_verified":false,"phone_verified":false} and what of `data` does not collide.
[[nodiscard]] boost::json::object email_identity_data(const Uuid& user, const std::string& email,
                                                      const boost::json::object* data);

// SQL for the value of a metadata column with the members of the parameter (jsonb) put on top; null removes a member.
// Neither is looked into deeper.
[[nodiscard]] std::string merged_metadata_sql(std::string_view column, std::string_view parameter);

// Makes the address that of the user's e-mail identity, or makes that identity.
[[nodiscard]] pg::Statement set_email_identity(const Uuid& user, const std::string& email, bool verified);

// Whether this is the unique violation of an e-mail address taken.
[[nodiscard]] bool is_duplicate_email(const pg::SqlError& failure);

// What is said to who wants to change to such an address: 422 `email_exists`.
[[nodiscard]] AuthError email_exists();

}  // namespace bailey::stack::auth
