#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/pg/rows.hpp>
#include <bailey/pg/statement.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

enum class FactorType : std::uint8_t { totp, phone, webauthn };
[[nodiscard]] std::string_view to_text(FactorType type);
[[nodiscard]] std::optional<FactorType> factor_type_of(std::string_view text);
// What a session has been authenticated with when a code of such a factor was right: "totp", "mfa/phone" …
[[nodiscard]] std::string_view method_of(FactorType type);
// Whether a method makes a session one of the second level (aal2).
[[nodiscard]] bool is_second_factor(std::string_view method);

// A row of auth.mfa_factors. Times are in the form of the API.
struct MfaFactor {
  Uuid id, user;
  std::string created_at, updated_at;
  FactorType type = FactorType::totp;
  bool is_verified = false;
  std::string friendly_name, phone;                                                               // "" for none
  std::optional<std::string> last_challenged_at, web_authn_aaguid, last_webauthn_challenge_data;  // the last is JSON
  std::string stored_secret;                       // as it stands in the row, perhaps encrypted
  std::optional<std::int64_t> since_challenge_ms;  // how long ago the last challenge was made

  // The API's Factor object: nothing of the secret.
  [[nodiscard]] std::string to_json() const;
};
[[nodiscard]] std::string to_json(const std::vector<MfaFactor>& factors);  // a JSON array

// A user's factors, the oldest first.
[[nodiscard]] pg::Statement select_factors(const Uuid& user);
[[nodiscard]] std::vector<MfaFactor> read_factors(const pg::Rows& rows);

}  // namespace bailey::stack::auth
