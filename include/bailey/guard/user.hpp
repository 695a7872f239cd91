#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/supabase/supabase.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/request.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

// The signed-in user who makes a request, as a handler's parameter: a value, cheap to copy. Its client acts as the
// user, under row-level security.
//
// Take std::optional<User> on the paths that AuthenticateOptions::optional_for names, which also serve requests without
// a user. The app does not start when a handler takes User where no guard stands, or std::optional<User> where it would
// always be empty: in an app without a guard, on exempt paths, and behind a guard that admits the service key alone.
// Where a guard admits users and the service key, User is a 403 for the latter, and std::optional<User> is empty.
class User {
 public:
  // For the guard. The client's identity must be the user's.
  User(Uuid id, Supabase supabase) : id_(id), supabase_(std::move(supabase)) {}

  [[nodiscard]] const Uuid& id() const noexcept { return id_; }
  // "" when the token does not say.
  [[nodiscard]] std::string_view email() const noexcept { return identity().email(); }
  [[nodiscard]] std::string_view role() const noexcept { return identity().role(); }
  [[nodiscard]] const Identity& identity() const noexcept { return supabase_.identity(); }
  [[nodiscard]] const Supabase& supabase() const noexcept { return supabase_; }
  // The database for SQL of one's own, as the user: see Supabase::database.
  [[nodiscard]] pg::ScopedDatabase database() const;

 private:
  Uuid id_;
  Supabase supabase_;
};

// For a guard of your own instead of `authenticate`: declares that `identity`, which you have verified, makes the
// request. From then on handlers get its `User`, its `Supabase` (which is `supabase.as(identity)`) and
// `request.state().user_id()`. Throws Error "identity_already_set" when somebody has been admitted before.
void admit(Request& request, Identity identity, const Supabase& supabase);

// For middleware: the client that acts as whoever makes the request; its `.identity()` tells who that is. Handlers take
// `User` or `Supabase` instead. The reference is valid until the request ends. Throws HttpError 401 when nobody was
// admitted.
[[nodiscard]] const Supabase& supabase_of(const Request& request);

template <>
struct Binder<User> {
  static void describe(RouteInfo& route);
  static User bind(const Request& request);
};

template <>
struct Binder<std::optional<User>> {
  static void describe(RouteInfo& route);
  static std::optional<User> bind(const Request& request);
};

// The client that acts as whoever makes the request.
template <>
struct Binder<Supabase> {
  static void describe(RouteInfo& route);
  static Supabase bind(const Request& request);
};

}  // namespace bailey
