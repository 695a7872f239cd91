#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/jwt/claims.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey {

// Who a call is made as. An immutable value: copies share what they hold and are cheap, any thread may have one. The
// views it gives are valid as long as any copy of it.
class Identity {
 public:
  // anonymous, as `Identity::anonymous()`.
  Identity() noexcept;

  [[nodiscard]] static Identity anonymous() noexcept;  // role "anon", no token of its own
  [[nodiscard]] static Identity service_role();        // role "service_role", passes row-level security
  // The bearer of a token that nobody has verified. Whoever acts as it sends the token to a server that checks it, or
  // verifies it first.
  [[nodiscard]] static Identity from_token(std::string token);
  // The bearer of a token that the caller has verified, with the claims read from it. They are believed.
  [[nodiscard]] static Identity verified(jwt::Claims claims, std::string token);

  // Made by `verified`. False for `from_token`, and for `anonymous` and `service_role`, which are roles and not tokens.
  [[nodiscard]] bool is_verified() const noexcept;
  [[nodiscard]] bool is_anonymous() const noexcept;     // made by `anonymous` (a user may also be anonymous: `claims`)
  [[nodiscard]] bool is_service_role() const noexcept;  // made by `service_role`

  // Of a verified token; "" or nothing for `from_token`, and where the token does not say.
  [[nodiscard]] std::string_view role() const noexcept;
  [[nodiscard]] std::string_view subject() const noexcept;
  [[nodiscard]] std::optional<Uuid> user_id() const noexcept;  // the subject, if it is a UUID
  [[nodiscard]] std::string_view email() const noexcept;
  [[nodiscard]] std::string_view claims_json() const noexcept;  // the verified claims as received; "{}" without
  [[nodiscard]] std::optional<UnixSeconds> expires_at() const noexcept;
  [[nodiscard]] const jwt::Claims& claims() const noexcept;  // empty ones when there are none

  // The bearer token; "" for `anonymous` and `service_role`. A secret: not for logs.
  [[nodiscard]] std::string_view token() const noexcept;

 private:
  struct State;
  [[nodiscard]] const State& state() const noexcept;
  explicit Identity(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;  // shared: requests, caches and handles of one caller outlive each other freely
};

}  // namespace bailey
