#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/stack/config.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bailey::stack::auth {

// Which passwords are taken, and how they are kept: bcrypt, cost 10, computed on a small pool of threads, since one
// takes about 60 ms.
inline constexpr std::size_t password_limit_bytes = 72;  // bcrypt looks at no more

// The rules a password breaks: what to say, and GoTrue's names for them. Empty reasons: none.
struct Weakness {
  std::string message;
  std::vector<std::string> reasons;
};
[[nodiscard]] Weakness weakness_of(std::string_view password, const AuthConfig& config);

// Throws AuthError 400 for one over 72 bytes, WeakPassword 422 for one that breaks the rules.
void require_length(std::string_view password);
void require_strength(std::string_view password, const AuthConfig& config);

// A bcrypt hash ("$2a$10$…"). Blocks for its time.
[[nodiscard]] std::string hash_password(const Secret& password);
// Whether the password is that of the hash. `nullopt`, an empty, an unknown kind of or a too costly hash takes as long
// as a wrong password does. Blocks for its time.
[[nodiscard]] bool password_matches(const Secret& password, const std::optional<std::string>& hash);

// Throws AuthError unless `password_matches` can check this hash: 500 for what is none, as GoTrue, and 400 for a cost
// over
// 15. GoTrue takes bcrypt's 31 too; but one check then takes a day, and a few of them all threads there are.
void require_usable_hash(std::string_view hash);

// The two above, off the event loop. Error "overloaded" (503) when too many wait.
class PasswordHasher {
 public:
  PasswordHasher() : pool_(BlockingPoolOptions{.threads = 2, .queue_limit = 256}) {}
  [[nodiscard]] Task<std::string> hash(Secret password);
  [[nodiscard]] Task<bool> matches(Secret password, std::optional<std::string> hash);

 private:
  BlockingPool pool_;
};

// A password nobody knows, that satisfies any rules.
[[nodiscard]] Secret unguessable_password();

}  // namespace bailey::stack::auth
