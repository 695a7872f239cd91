#pragma once

#include <bailey/jwt/key.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::jwt {

// The keys a verifier trusts. Build it on one thread with `add`, then share it as `std::shared_ptr<const KeySet>`; all
// const functions may be called from any thread.
class KeySet {
 public:
  // Reads a published set (RFC 7517 section 5). It leaves out keys of unknown kinds or algorithms, and symmetric ones,
  // which have no place in a published set. Error "invalid_key_set" (502) for what is no JSON object with an array
  // `keys`, has a member twice, or more than 64 keys or 256 KiB.
  [[nodiscard]] static Expected<KeySet> parse(std::string_view jwks_json);

  void add(Key key);

  // The key for a token that names `kid` (or "" for none) and `algorithm`; nullptr when there is none.
  // With a kid: the key of exactly that kid, if its algorithm is that. Without: the key of that algorithm, if it is the
  // only one. An HMAC secret that was given no kid also answers for kids no key has, as Supabase's own services take
  // it. Valid until the set changes or ends.
  [[nodiscard]] const Key* find(std::string_view kid, Algorithm algorithm) const noexcept;

  // Whether some key has this kid, whatever its algorithm.
  [[nodiscard]] bool knows(std::string_view kid) const noexcept;

  // {"keys":[…]} with public halves only; HMAC secrets are never listed.
  [[nodiscard]] std::string to_json() const;

  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }

 private:
  std::vector<Key> keys_;
};

}  // namespace bailey::jwt
