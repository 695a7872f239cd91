#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/model/json_text.hpp>
#include <bailey/model/maybe.hpp>
#include <bailey/pg/rows.hpp>
#include <bailey/pg/statement.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// A row of auth.identities, as the API shows it.
struct UserIdentity {
  std::string identity_id;
  std::string id;  // what the provider calls the user
  std::string user_id;
  JsonText identity_data;
  std::string provider;
  Maybe<std::string> last_sign_in_at;
  std::string created_at, updated_at;
  Maybe<std::string> email;
};

// A row of auth.users with its identities. Times are in the form of the API already: RFC 3339, UTC, the fraction
// without trailing zeros.
struct User {
  Uuid id;
  std::string aud, role, email, phone, app_metadata, user_metadata;  // metadata: JSON objects
  std::optional<std::string> email_confirmed_at, phone_confirmed_at, encrypted_password;
  bool is_anonymous = false;
  bool is_banned = false;   // now
  bool is_deleted = false;  // softly: the row is kept for what refers to it, nobody acts as this user any more
  bool is_sso_user = false;
  std::vector<std::optional<std::string>> columns;      // all that is emitted, in the order of the API
  std::optional<std::vector<UserIdentity>> identities;  // nullopt: not loaded

  // The API's User object.
  [[nodiscard]] JsonText to_json() const;
};

// The columns a User is read from, as a select list over auth.users.
[[nodiscard]] const std::string& user_columns();
[[nodiscard]] User read_user(const pg::Rows& rows, std::size_t row);

// Both halves of a user, to be sent in one group: the row, then the identities. `condition` is SQL over auth.users.
[[nodiscard]] std::vector<pg::Statement> select_user(std::string_view condition, std::vector<pg::Parameter> parameters);
// nullopt when there is none.
[[nodiscard]] std::optional<User> read_user_with_identities(const pg::Rows& users, const pg::Rows& identities);

// Conditions for select_user.
inline constexpr std::string_view user_by_id = "instance_id = '00000000-0000-0000-0000-000000000000' and id = $1";
inline constexpr std::string_view user_by_email =
    "instance_id = '00000000-0000-0000-0000-000000000000' and lower(email) = $1 and aud = $2 and is_sso_user = false";

}  // namespace bailey::stack::auth
