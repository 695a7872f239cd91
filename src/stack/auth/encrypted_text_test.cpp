#include "stack/auth/encrypted_text.hpp"

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey::stack::auth {
namespace {

constexpr std::string_view row = "12345678-90ab-cdef-1234-567890abcdef";

DatabaseEncryption settings() {
  DatabaseEncryption result{.encrypt = true, .key_id = "new"};
  result.keys.emplace("new", Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));
  result.keys.emplace("old", Secret("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"));
  return result;
}

std::string read(std::string_view stored, std::string_view in_row, const DatabaseEncryption& with) {
  const std::optional<Secret> text = decrypt_text(stored, in_row, with);
  return text ? std::string(text->reveal()) : "(cannot be read)";
}

TEST(EncryptedText, is_read_again_in_its_own_row_alone) {
  const std::string stored = encrypt_text(Secret("JBSWY3DPEHPK3PXP"), row, settings());
  EXPECT_TRUE(stored.starts_with(R"({"key_id":"new","alg":"aes-gcm-hkdf","data":")")) << stored;
  EXPECT_EQ(stored.find("JBSWY"), std::string::npos);
  EXPECT_NE(stored, encrypt_text(Secret("JBSWY3DPEHPK3PXP"), row, settings()));
  EXPECT_EQ(read(stored, row, settings()), "JBSWY3DPEHPK3PXP");
  EXPECT_FALSE(decrypt_text(stored, "another", settings()));
  DatabaseEncryption off = settings();
  off.encrypt = false;
  EXPECT_EQ(read(stored, row, off), "JBSWY3DPEHPK3PXP");
  off.keys.erase("new");
  EXPECT_FALSE(decrypt_text(stored, row, off));
}

// By Go's crypto/hkdf and crypto/cipher, the way GoTrue uses them.
TEST(EncryptedText, is_read_where_gotrue_has_written_it) {
  EXPECT_EQ(
      read(
          R"({"key_id":"new","alg":"aes-gcm-hkdf","data":"jEjwv84ed5yb7bMU7l/XucaR/2zs5wPgHwSCGWNHqOY=","nonce":"MDEyMzQ1Njc4OWFi"})",
          row, settings()),
      "JBSWY3DPEHPK3PXP");
}

TEST(EncryptedText, is_the_text_itself_where_nothing_is_encrypted) {
  EXPECT_EQ(encrypt_text(Secret("secret"), row, {}), "secret");
  EXPECT_EQ(read("secret", row, {}), "secret");
  EXPECT_EQ(read("", row, {}), "");
}

TEST(EncryptedText, that_was_changed_is_not_read) {
  const std::string stored = encrypt_text(Secret("secret"), row, settings());
  for (std::size_t i = 1; i < stored.size(); ++i) {
    std::string changed = stored;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(decrypt_text(changed, row, settings())) << i;
  }
  for (const char* broken :
       {"{", "{}", "{\"key_id\":1}", R"({"key_id":"new","alg":"aes-gcm-hkdf","data":"","nonce":""})",
        R"({"key_id":"new","alg":"none","data":"AAAA","nonce":"AAAAAAAAAAAAAAAA"})"}) {
    EXPECT_FALSE(decrypt_text(broken, row, settings())) << broken;
  }
}

TEST(DatabaseEncryption, is_usable_with_keys_of_32_bytes) {
  EXPECT_NO_THROW(DatabaseEncryption{}.require_usable());
  EXPECT_NO_THROW(settings().require_usable());
  DatabaseEncryption lacks = settings();
  lacks.key_id = "other";
  EXPECT_THROW(lacks.require_usable(), Error);
  DatabaseEncryption is_short = settings();
  is_short.keys.emplace("short", Secret("AAEC"));
  EXPECT_THROW(is_short.require_usable(), Error);
}

}  // namespace
}  // namespace bailey::stack::auth
