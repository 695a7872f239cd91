#include "stack/auth/password.hpp"

#include <bailey/base/random.hpp>

#include <crypt.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

constexpr unsigned long bcrypt_cost = 10;
constexpr int bcrypt_cost_limit = 15;  // two seconds
constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view symbols = "!@#$%^&*()_+-=[]{};'\\:\"|<>?,./`~";

std::vector<std::string_view> required_sets(std::string_view requirements) {
  if (requirements == "letters_digits") return {letters, digits};
  if (requirements == "lower_upper_letters_digits") return {lower, upper, digits};
  if (requirements == "lower_upper_letters_digits_symbols") return {lower, upper, digits, symbols};
  return {};
}

std::string bcrypt(std::string_view password, const std::string& setting) {
  // 32 KiB of work space: not for a stack. Wiped, since it holds what was derived from the password.
  const auto space = std::make_unique<crypt_data>();
  std::string text(password);
  const char* hash = crypt_r(text.c_str(), setting.c_str(), space.get());
  std::string result = hash == nullptr || hash[0] == '*' ? "" : hash;
  wipe(text);
  explicit_bzero(space.get(), sizeof(crypt_data));
  return result;
}

std::string new_setting() {
  std::array<std::byte, 16> salt;
  random_bytes(salt);
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> out{};
  const char* setting = crypt_gensalt_rn("$2a$", bcrypt_cost, reinterpret_cast<const char*>(salt.data()),
                                         static_cast<int>(salt.size()), out.data(), static_cast<int>(out.size()));
  if (setting == nullptr) throw Error("no_bcrypt", "this system's libcrypt has no bcrypt");
  return setting;
}

// The cost a bcrypt hash was made with; 0 for anything else.
int cost_of(std::string_view hash) {
  int cost = 0;
  if (hash.size() == 60 && (hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$"))) {
    std::from_chars(hash.data() + 4, hash.data() + 6, cost);
  }
  return cost;
}

// What an unknown user's password is hashed with, so that it takes as long as a known one's: a setting of the same
// cost.
const std::string decoy_setting = "$2a$10$......................";

}  // namespace

Weakness weakness_of(std::string_view password, const AuthConfig& config) {
  Weakness weakness;
  if (password.size() < static_cast<std::size_t>(config.minimum_password_length)) {
    weakness.reasons.emplace_back("length");
    weakness.message = "Password should be at least " + std::to_string(config.minimum_password_length) + " characters.";
  }
  const auto sets = required_sets(config.password_requirements);
  const bool lacks = std::ranges::any_of(
      sets, [&](std::string_view set) { return password.find_first_of(set) == std::string_view::npos; });
  if (lacks) {
    weakness.reasons.emplace_back("characters");
    if (!weakness.message.empty()) weakness.message += ' ';
    weakness.message += "Password should contain at least one character of each: ";
    for (std::size_t i = 0; i < sets.size(); ++i) weakness.message.append(i == 0 ? "" : ", ").append(sets[i]);
    weakness.message += '.';
  }
  return weakness;
}

void require_length(std::string_view password) {
  if (password.size() > password_limit_bytes) {
    throw AuthError(400, "validation_failed", "Password cannot be longer than 72 characters");
  }
}

void require_strength(std::string_view password, const AuthConfig& config) {
  require_length(password);
  Weakness weakness = weakness_of(password, config);
  if (!weakness.reasons.empty()) throw WeakPassword(std::move(weakness.message), std::move(weakness.reasons));
}

std::string hash_password(const Secret& password) {
  std::string hash = bcrypt(password.reveal(), new_setting());
  if (hash.empty()) throw Error("no_bcrypt", "this system's libcrypt has no bcrypt");
  return hash;
}

void require_usable_hash(std::string_view hash) {
  const int cost = cost_of(hash);
  if (cost == 0) throw AuthError(500, "unexpected_failure", "Invalid password hash");
  if (cost > bcrypt_cost_limit) {
    throw AuthError(400, "validation_failed",
                    "Password hash with a cost over " + std::to_string(bcrypt_cost_limit) + " takes too long to check");
  }
}

bool password_matches(const Secret& password, const std::optional<std::string>& hash) {
  const int cost = cost_of(hash.value_or(""));
  const bool comparable = cost > 0 && cost <= bcrypt_cost_limit && password.reveal().size() <= password_limit_bytes;
  const std::string actual = bcrypt(password.reveal(), comparable ? *hash : decoy_setting);
  return comparable && !actual.empty() && equal_in_constant_time(actual, *hash);
}

Task<std::string> PasswordHasher::hash(Secret password) {
  auto job = [password = std::move(password)] { return hash_password(password); };
  co_return co_await pool_.run(std::move(job));
}

Task<bool> PasswordHasher::matches(Secret password, std::optional<std::string> hash) {
  auto job = [password = std::move(password), hash = std::move(hash)] { return password_matches(password, hash); };
  co_return co_await pool_.run(std::move(job));
}

Secret unguessable_password() { return Secret(random_token(24) + "aA1!"); }

}  // namespace bailey::stack::auth
