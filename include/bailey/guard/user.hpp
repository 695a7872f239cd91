#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/supabase/supabase.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/request.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

// The signed-in user a request is made by, as a handler's parameter: a value, cheap to copy. Its client acts as the
// user, under row-level security. A handler that takes one where no guard stands is an error at start.
// std::optional<User> is for handlers that also serve requests without one: the paths that
// AuthenticateOptions::optional_for names. In an app without a guard, and on exempt paths, where it would always be
// empty, it is an error at start, too.
class User {
 public:
  // The identity has a user id.
  User(Uuid id, Supabase supabase) : id_(id), supabase_(std::move(supabase)) {}

  [[nodiscard]] const Uuid& id() const noexcept { return id_; }
  // Empty when the token does not tell.
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

// For a guard of one's own, one that `authenticate` does not cover: the request is made by `identity`, which it has
// verified. `User`, `Supabase` and `request.state().user_id()` are theirs from then on; the client is
// `supabase.as(identity)`. Throws Error "identity_already_set" when somebody has been admitted before.
void admit(Request& request, Identity identity, const Supabase& supabase);

// The client that acts as whom the request is made by, and with `.identity()` who that is: for middleware; handlers
// take `User` or `Supabase`. The reference is valid until the request ends. Throws HttpError 401 when nobody was
// admitted.
[[nodiscard]] const Supabase& supabase_of(const Request& request);

template <>
struct Binder<User> {
  static void check(const RouteInfo& route);
  static User bind(const Request& request);
};

template <>
struct Binder<std::optional<User>> {
  static void check(const RouteInfo& route);
  static std::optional<User> bind(const Request& request);
};

// The client that acts as the request's user.
template <>
struct Binder<Supabase> {
  static void check(const RouteInfo& route);
  static Supabase bind(const Request& request);
};

}  // namespace bailey
