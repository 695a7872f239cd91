#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/auth/auth_context.hpp"
#include "stack/auth/encrypted_text.hpp"
#include "stack/auth/mfa_factor.hpp"
#include "stack/auth/session.hpp"

namespace bailey::stack::auth {

// Second factors: enrolled, challenged, verified, removed. Each of these is done within a transaction that holds the
// user's lock (lock_caller), so that two requests of one user never count past each other. They throw AuthError with
// GoTrue's codes and sentences; what was written before goes with the transaction then, except where it says otherwise.

// [auth.mfa] of config.toml, with GoTrue's defaults.
struct FactorSettings {
  bool enroll_enabled = false, verify_enabled = false;
};
struct MfaSettings {
  FactorSettings totp{.enroll_enabled = true, .verify_enabled = true}, phone{}, webauthn{};
  std::size_t max_enrolled_factors = 10, max_verified_factors = 10;
  std::chrono::seconds challenge_lifetime{300};
  std::chrono::seconds factor_lifetime{300};  // of one that is not verified
  unsigned phone_otp_length = 6;
  std::chrono::milliseconds phone_pause{60'000};  // between two challenges of a phone
  DatabaseEncryption encryption{};

  [[nodiscard]] const FactorSettings& of(FactorType type) const;
};

// Who acts, and by which session.
struct FactorOwner {
  User user;
  Uuid session;
  Origin origin;
};

// A factor about to be.
struct FactorEnrolment {
  FactorType type = FactorType::totp;
  std::string friendly_name{};
  std::string phone{};   // normalised; of a phone alone
  std::string secret{};  // of TOTP alone: base32
};
[[nodiscard]] Task<MfaFactor> enrol_factor(pg::Transaction& transaction, FactorOwner owner, FactorEnrolment enrolment,
                                           const MfaSettings& settings);

// The factor of this user that a path names. Throws 404 `validation_failed` for what is no UUID, 404
// `mfa_factor_not_found`.
[[nodiscard]] Task<MfaFactor> require_factor(pg::Transaction& transaction, Uuid user, std::string id);

struct MfaChallenge {
  Uuid id;
  std::int64_t expires_at = 0;  // Unix time
};
// A new challenge. `code` is what was sent to a phone.
[[nodiscard]] Task<MfaChallenge> create_challenge(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor,
                                                  std::optional<Secret> code, const MfaSettings& settings);

// That a phone is not sent codes faster than `settings.phone_pause`. Throws 429 `over_sms_send_rate_limit`.
void require_challenge_pause(const MfaFactor& factor, const MfaSettings& settings);

// A challenge that may be answered.
struct OpenChallenge {
  Uuid id;
  std::string stored_code;  // of a phone's
};
// Throws 422 `mfa_factor_not_found`, `mfa_ip_address_mismatch` for one that was answered already or comes from another
// address, `mfa_challenge_expired`.
[[nodiscard]] Task<OpenChallenge> require_challenge(pg::Transaction& transaction, MfaFactor factor, Uuid challenge,
                                                    Origin origin, const MfaSettings& settings);

// Whether the code answers the challenge. Throws Error "unreadable_secret" when what is stored cannot be decrypted.
[[nodiscard]] bool is_right_code(const MfaFactor& factor, const OpenChallenge& challenge, std::string_view code,
                                 UnixSeconds now, const MfaSettings& settings);

// The code was right: the challenge is answered and the factor verified; the session is one of the second level, by
// this factor, with a new refresh token; the user's sessions below that level end, and so do their other factors of
// this type that are not verified. What the new tokens are made of. Throws as require_challenge does when another
// request has answered the challenge meanwhile, and 403 `session_not_found`.
[[nodiscard]] Task<Grant> accept_factor(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor,
                                        Uuid challenge);

// Removes a factor; sessions that are of the second level by it no longer are. Throws 422 `insufficient_aal` for a
// verified one that a session of the first level would remove.
[[nodiscard]] Task<> unenrol_factor(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor);

// What an administrator may do.
[[nodiscard]] std::vector<pg::Statement> delete_factor(const User& user, const MfaFactor& factor, const Origin& origin);
struct FactorChange {
  std::string friendly_name{}, phone{};  // "" leaves it; a phone, which is normalised, is of phones alone
};
[[nodiscard]] Task<MfaFactor> change_factor(pg::Transaction& transaction, User user, MfaFactor factor,
                                            FactorChange change, Origin origin);

// Whether a change of password, e-mail or phone by this session needs the second level: the user has a verified factor,
// and the session is not of that level.
[[nodiscard]] Task<bool> needs_second_factor(pg::Transaction& transaction, Uuid user, std::optional<Uuid> session);

}  // namespace bailey::stack::auth
