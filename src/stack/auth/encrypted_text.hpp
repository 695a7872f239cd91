#pragma once

#include <bailey/base/secret.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack::auth {

// Secrets in the database that are encrypted at rest, as GoTrue does where it is told to
// (GOTRUE_SECURITY_DB_ENCRYPTION_…): AES-256-GCM under a key derived for each row, in JSON:
// {"key_id","alg":"aes-gcm-hkdf","data","nonce"}.
struct DatabaseEncryption {
  bool encrypt = false;                               // what is written new; what is encrypted is read in any case
  std::string key_id{};                               // of the key new texts are encrypted with
  std::map<std::string, Secret, std::less<>> keys{};  // by id: 32 bytes in base64url

  // Throws Error "invalid_config" unless every key is one, and that of `key_id` is there if it is needed.
  void require_usable() const;
};

// The text as it is to be stored; as it is, where nothing is to be encrypted. `row` is the id of the row it stands in:
// in another it cannot be read.
[[nodiscard]] std::string encrypt_text(const Secret& text, std::string_view row, const DatabaseEncryption& settings);

// What stands in the database, decrypted if it is encrypted. nullopt: it cannot be, with these keys and in this row.
[[nodiscard]] std::optional<Secret> decrypt_text(std::string_view stored, std::string_view row,
                                                 const DatabaseEncryption& settings);

}  // namespace bailey::stack::auth
