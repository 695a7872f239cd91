// The key of a row is derived from the configured one with HKDF-SHA256 and the row's id (RFC 5869): so one configured
// key encrypts any number of rows, and what stands in one row is worth nothing in another.
#include "stack/auth/encrypted_text.hpp"

#include <bailey/base/base64url.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/random.hpp>

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <boost/json.hpp>

#include <array>
#include <memory>
#include <span>

namespace bailey::stack::auth {
namespace {

constexpr std::string_view algorithm = "aes-gcm-hkdf";
constexpr std::size_t nonce_size = 12, tag_size = 16;

using RowKey = std::array<unsigned char, 32>;

struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeContext>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error no_cipher() { return {"no_aes_gcm", "OpenSSL has no AES-256-GCM or no HKDF"}; }

// The configured key; nullopt when it is none.
std::optional<Secret> key_of(std::string_view id, const DatabaseEncryption& settings) {
  const auto found = settings.keys.find(id);
  if (found == settings.keys.end()) return std::nullopt;
  std::optional<std::string> bytes = base64url_decode(found->second.reveal());
  if (!bytes || bytes->size() != 32) return std::nullopt;
  return Secret(*std::move(bytes));
}

RowKey derive(const Secret& key, std::string_view row) {
  RowKey derived{};
  std::size_t size = derived.size();
  const KeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  const std::string_view bytes = key.reveal();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) != 1 ||
      EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(bytes), static_cast<int>(bytes.size())) != 1 ||
      EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(row), static_cast<int>(row.size())) != 1 ||
      EVP_PKEY_derive(context.get(), derived.data(), &size) != 1) {
    throw no_cipher();
  }
  return derived;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

void DatabaseEncryption::require_usable() const {
  for (const auto& [id, key] : keys) {
    if (!key_of(id, *this))
      throw Error("invalid_config", "The encryption key \"" + id + "\" is no 32 bytes in base64url");
  }
  if (encrypt && !keys.contains(key_id)) {
    throw Error("invalid_config", "There is no encryption key \"" + key_id + "\" to encrypt with");
  }
}

std::string encrypt_text(const Secret& text, std::string_view row, const DatabaseEncryption& settings) {
  if (!settings.encrypt) return std::string(text.reveal());
  const std::optional<Secret> configured = key_of(settings.key_id, settings);
  if (!configured) throw Error("invalid_config", "There is no usable encryption key \"" + settings.key_id + "\"");
  const RowKey key = derive(*configured, row);
  std::array<std::byte, nonce_size> nonce;
  random_bytes(nonce);
  const std::string_view plain = text.reveal();
  std::string data(plain.size() + tag_size, '\0');
  const CipherContext context(EVP_CIPHER_CTX_new());
  int size = 0;
  if (!context ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                         reinterpret_cast<const unsigned char*>(nonce.data())) != 1 ||
      EVP_EncryptUpdate(context.get(), bytes_of(data), &size, bytes_of(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), bytes_of(data) + size, &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, bytes_of(data) + plain.size()) != 1) {
    throw no_cipher();
  }
  const boost::json::object stored{{"key_id", settings.key_id},
                                   {"alg", algorithm},
                                   {"data", base64_encode(data)},
                                   {"nonce", base64_encode(std::span<const std::byte>(nonce))}};
  return boost::json::serialize(stored);
}

std::optional<Secret> decrypt_text(std::string_view stored, std::string_view row, const DatabaseEncryption& settings) {
  if (!stored.starts_with('{')) return Secret(std::string(stored));
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(stored, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const boost::json::object& object = parsed.get_object();
  const std::optional<std::string> data = base64_decode(text_of(object, "data"));
  const std::optional<std::string> nonce = base64_decode(text_of(object, "nonce"));
  if (text_of(object, "alg") != algorithm || !data || data->size() < tag_size || !nonce ||
      nonce->size() != nonce_size) {
    return std::nullopt;
  }
  const std::optional<Secret> configured = key_of(text_of(object, "key_id"), settings);
  if (!configured) return std::nullopt;
  const RowKey key = derive(*configured, row);
  std::string tag = data->substr(data->size() - tag_size);
  const std::string_view sealed = std::string_view(*data).substr(0, data->size() - tag_size);
  std::string plain(sealed.size(), '\0');
  const CipherContext context(EVP_CIPHER_CTX_new());
  int size = 0;
  if (!context ||
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes_of(std::string_view(*nonce))) !=
          1 ||
      EVP_DecryptUpdate(context.get(), bytes_of(plain), &size, bytes_of(sealed), static_cast<int>(sealed.size())) !=
          1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) != 1 ||
      EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + size, &size) != 1) {
    wipe(plain);
    return std::nullopt;
  }
  return Secret(std::move(plain));
}

}  // namespace bailey::stack::auth
