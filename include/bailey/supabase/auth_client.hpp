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

// Who signs up or in: an e-mail address or a phone number, and the password.
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

// Calls Supabase Auth. Made by Supabase::auth. It keeps no session: keep what it returns, and act as the user with
// `supabase.as(session.access_token)`. It keeps no token either, but for those that `get_claims` has verified: the
// project's TokenVerifier remembers them until they expire.
//
// Each call has two forms: the plain one throws AuthError, `try_…` returns it. A call is sent when it is awaited, on a
// loop. A value: copies are cheap, any thread may hold one.
class AuthClient {
 public:
  AuthClient(std::shared_ptr<const client_detail::Project> project, Identity identity);

  [[nodiscard]] Deferred<SignUpResult> sign_up(Credentials credentials) const;
  [[nodiscard]] Deferred<std::expected<SignUpResult, AuthError>> try_sign_up(Credentials credentials) const;

  [[nodiscard]] Deferred<Session> sign_in_with_password(Credentials credentials) const;
  [[nodiscard]] Deferred<std::expected<Session, AuthError>> try_sign_in_with_password(Credentials credentials) const;

  // Exchanges a refresh token for a new session. The token is used up: a second call with it may be refused.
  [[nodiscard]] Deferred<Session> refresh_session(std::string refresh_token) const;
  [[nodiscard]] Deferred<std::expected<Session, AuthError>> try_refresh_session(std::string refresh_token) const;

  // Asks the server for the user of a token; without an argument, of the handle's own. The server refuses tokens of
  // sessions that have ended.
  [[nodiscard]] Deferred<AuthUser> get_user(std::string access_token) const;
  [[nodiscard]] Deferred<AuthUser> get_user() const;
  [[nodiscard]] Deferred<std::expected<AuthUser, AuthError>> try_get_user(std::string access_token) const;
  [[nodiscard]] Deferred<std::expected<AuthUser, AuthError>> try_get_user() const;

  // Ends sessions: their refresh tokens stop working at once, access tokens run out by themselves. A session that is
  // gone already is a success.
  [[nodiscard]] Deferred<> sign_out(std::string access_token, SignOutScope scope = SignOutScope::global) const;
  [[nodiscard]] Deferred<std::expected<void, AuthError>> try_sign_out(std::string access_token,
                                                                      SignOutScope scope = SignOutScope::global) const;

  // Verifies a token and returns whose it is: here when the key is known, else by asking the server.
  [[nodiscard]] Deferred<Identity> get_claims(std::string access_token) const;
  [[nodiscard]] Deferred<std::expected<Identity, AuthError>> try_get_claims(std::string access_token) const;

 private:
  std::shared_ptr<const client_detail::Project> project_;  // shared with the handle this was made from
  Identity identity_;
};

}  // namespace bailey
