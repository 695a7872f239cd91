#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/supabase/supabase.hpp>
#include <bailey/web/binder.hpp>

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

 private:
  Uuid id_;
  Supabase supabase_;
};

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
