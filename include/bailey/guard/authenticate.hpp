#pragma once

#include <bailey/supabase/supabase.hpp>
#include <bailey/supabase/token_verifier.hpp>
#include <bailey/web/guard.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bailey {

// Which requests `authenticate` checks, and how.
struct AuthenticateOptions {
  enum class Mode {
    local,   // by the project's keys; the provider is asked only for tokens whose key we cannot have
    remote,  // the provider is asked about every request: sign-outs count at once
  };
  Mode mode = Mode::local;

  // Paths where the provider is always asked, whatever the mode. "/admin" and "/admin/*" both mean "/admin" and
  // everything below it.
  std::vector<std::string> remote_for = {};
  // Paths that need no token: "/terms" means itself only, "/public/*" everything below "/public/" but not "/public".
  // Their requests have no identity, even if a token is sent. The app's health check (AppOptions::health_path) is
  // exempt without being listed.
  std::vector<std::string> exempt = {};
  // Paths that may be requested without a token, in the form of `exempt`. Without an Authorization header there is no
  // identity, and std::optional<User> is empty; with one, its token must be valid as anywhere else.
  std::vector<std::string> optional_for = {};
  // The roles admitted, at least one. A token with another one (the anon and service keys are tokens, too) is refused:
  // 401 for one that is no user's, 403 for a user's. The service key is admitted where "service_role" is named:
  // it is no user's, so a handler there takes Supabase. Where it is the only role, one that takes User is refused at
  // start; beside users' roles, the service key gets a 403 from it.
  std::vector<std::string> roles = {"authenticated"};
  // Whether a request without an Authorization header may pass, as nobody: for handlers that take std::optional<User>.
  bool optional = false;
  // The authenticator assurance level that a session must have: "aal2" for users who have confirmed a second factor.
  // Another one is a 403. Empty: any.
  std::string aal = {};
  // What else must be so of who makes the request, else it is a 403:
  //   {.require = [](const Identity& identity) { return identity.email().ends_with("@example.org"); }}
  // Called on the request's thread, by all threads.
  std::function<bool(const Identity&)> require = {};

  // Whether what is still open when its token expires ends then: a WebSocket with 4401, an EventStream and a
  // subscription of GraphQL's by their end, so that their clients come back. Else it goes on as that user.
  bool close_at_expiry = true;
  // WebSockets alone. How long one whose handshake brings no token may take to bring it in its first message,
  // {"access_token": "…"}; 0: it is refused with 401. The handler is not called before that token has been verified.
  std::chrono::milliseconds first_message_timeout{0};

  // Instead of the verifier that is made from the client's options.
  std::optional<TokenVerifier> verifier = {};
};

// Lets a request through only with a valid access token of the project's Auth in `Authorization: Bearer …` (RFC 6750),
// and puts the identity and a client that acts as it into the request's state. Before the body is read.
//
//   no, or no bearer, header         401 {"detail":"Not authenticated"}, WWW-Authenticate: Bearer
//   two Authorization headers        400 {"detail":"More than one Authorization header"}
//   invalid, expired, revoked token  401 {"detail":"Invalid token"}, WWW-Authenticate: Bearer error="invalid_token"
//   a role, level or claim too few   403 {"detail":"Forbidden"}, WWW-Authenticate: Bearer error="insufficient_scope"
//   the provider does not answer     503 {"detail":"Authentication is unavailable"}, Retry-After: 1; never a pass
//
// A browser cannot set headers on a WebSocket (App::ws), so there the token may also come as a sub-protocol beside one
// to be answered with, new WebSocket(url, ["bailey", "bearer." + token]), or in the first message, see
// `first_message_timeout`; then the errors above close it, with 4401, 4403 and 1013. A token in the query is not looked
// at: URLs are logged.
//
// OPTIONS passes, without an identity, and so does what `exempt` and `optional_for` say. Paths are compared in the
// decoded form that routes are matched in. It covers all routes of the app and all that is included, whether they were
// added before or after it, and paths that are no route's. A router or a route may have another in its place, made by
// this with other options: {.guard = authenticate(supabase, {.roles = {"service_role"}})}.
//
// On the app's documentation page (AppOptions::docs_path) people sign in by e-mail address and password.
//
// Throws Error "invalid_pattern" for a text that is no path, and for a path in `optional_for` or `remote_for` that
// `exempt` covers already; Error "invalid_setting" when `roles` is empty, and for `first_message_timeout` with
// `optional`. When the app starts it refuses a path in `remote_for` that matches no route. For such a path in the other
// lists it logs a warning, and also for one in `exempt` that matches only some requests of a route ("/cards/x" beside
// the route "/cards/{id}"): the handler sees no user there.
[[nodiscard]] Guard authenticate(Supabase supabase, AuthenticateOptions options = {});

}  // namespace bailey
