#pragma once

#include <bailey/runtime/deferred.hpp>
#include <bailey/supabase/auth_error.hpp>
#include <bailey/supabase/identity.hpp>
#include <bailey/supabase/session.hpp>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey {

namespace client_detail {
class Project;
}

// E-mail or phone, and the password.
struct Credentials {
  std::optional<std::string> email{};
  std::optional<std::string> phone{};
  std::string password;
  boost::json::object data{};                // sign_up: becomes the user's user_metadata
  std::optional<std::string> redirect_to{};  // sign_up: where the confirmation link leads
  std::optional<std::string> captcha_token{};
};

// What else a sign-out ends beside the token's own session.
enum class SignOutScope { global, local, others };  // all sessions of the user; this one; all but this one

// Supabase Auth. It keeps no session: what it returns is yours, and `supabase.as(session.access_token)` acts as the
// user. A user's token is sent in that one call and not kept, but for those `get_claims` finds good: they are
// remembered until they expire, as TokenVerifier does.
//
// Each call has two forms: the plain one throws AuthError, `try_…` returns it. Nothing is sent before it is awaited. A
// value; any thread.
class AuthClient {
 public:
  AuthClient(std::shared_ptr<const client_detail::Project> project, Identity identity);

  [[nodiscard]] Deferred<SignUpResult> sign_up(Credentials credentials) const;
  [[nodiscard]] Deferred<std::expected<SignUpResult, AuthError>> try_sign_up(Credentials credentials) const;

  [[nodiscard]] Deferred<Session> sign_in_with_password(Credentials credentials) const;
  [[nodiscard]] Deferred<std::expected<Session, AuthError>> try_sign_in_with_password(Credentials credentials) const;

  // A new session for a refresh token, which is used up. Two calls with one token: the second may be refused.
  [[nodiscard]] Deferred<Session> refresh_session(std::string refresh_token) const;
  [[nodiscard]] Deferred<std::expected<Session, AuthError>> try_refresh_session(std::string refresh_token) const;

  // The user as the server knows them now; it refuses tokens of sessions that have ended. Without an argument: the user
  // of the handle's own token.
  [[nodiscard]] Deferred<AuthUser> get_user(std::string access_token) const;
  [[nodiscard]] Deferred<AuthUser> get_user() const;
  [[nodiscard]] Deferred<std::expected<AuthUser, AuthError>> try_get_user(std::string access_token) const;
  [[nodiscard]] Deferred<std::expected<AuthUser, AuthError>> try_get_user() const;

  // Ends sessions: their refresh tokens stop working at once, access tokens run out by themselves. A session that is
  // gone already is a success.
  [[nodiscard]] Deferred<> sign_out(std::string access_token, SignOutScope scope = SignOutScope::global) const;
  [[nodiscard]] Deferred<std::expected<void, AuthError>> try_sign_out(std::string access_token,
                                                                      SignOutScope scope = SignOutScope::global) const;

  // Who the token says it is of, its signature and times verified: here when the key is known, else by the server.
  [[nodiscard]] Deferred<Identity> get_claims(std::string access_token) const;
  [[nodiscard]] Deferred<std::expected<Identity, AuthError>> try_get_claims(std::string access_token) const;

 private:
  std::shared_ptr<const client_detail::Project> project_;  // shared with the handle this was made from
  Identity identity_;
};

}  // namespace bailey
