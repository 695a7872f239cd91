// RFC 6238 over RFC 4226, and how an app is told of a secret: an otpauth:// URI, as text and as a QR code.
#include "stack/auth/totp.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/random.hpp>
#include <bailey/base/secret.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <qrcodegen.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::int64_t period_seconds = 30;
constexpr std::uint32_t codes = 1'000'000;
constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr int module_size = 3, quiet_zone = 4;  // as GoTrue draws it

std::string base32_encode(std::span<const std::byte> bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::byte byte : bytes) {
    bits = (bits << 8) | std::to_integer<std::uint32_t>(byte);
    for (held += 8; held >= 5; held -= 5) text += base32_alphabet[(bits >> (held - 5)) & 31];
  }
  if (held > 0) text += base32_alphabet[(bits << (5 - held)) & 31];
  return text;
}

// In any case of letters, with padding or without.
std::optional<std::vector<unsigned char>> base32_decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::vector<unsigned char> bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const char upper = ascii::is_letter(c) ? static_cast<char>(c & ~0x20) : c;
    const std::size_t value = base32_alphabet.find(upper);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5) | static_cast<std::uint32_t>(value);
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<unsigned char>((bits >> held) & 0xFF));
    }
  }
  return bytes;
}

// RFC 4226 section 5.3.
std::string code_at(const std::vector<unsigned char>& key, std::uint64_t counter) {
  std::array<unsigned char, 8> message{};
  for (std::size_t i = 0; i < message.size(); ++i) message[7 - i] = static_cast<unsigned char>(counter >> (8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), mac.data(), &size) ==
      nullptr) {
    throw Error("no_hmac_sha1", "OpenSSL has no HMAC with SHA-1");
  }
  const std::size_t offset = mac[size - 1] & 0xF;
  std::uint32_t value = mac[offset] & 0x7F;
  for (std::size_t i = 1; i < 4; ++i) value = (value << 8) | mac[offset + i];
  std::string code = std::to_string(value % codes);
  return code.insert(0, 6 - code.size(), '0');
}

// Percent-encoded, but for what RFC 3986 leaves as it is and `kept`.
std::string escape(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    if (ascii::is_letter(c) || ascii::is_digit(c) || std::string_view("-._~").contains(c) || kept.contains(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    }
  }
  return out;
}

}  // namespace

std::string new_totp_secret() {
  std::array<std::byte, 20> secret;
  random_bytes(secret);
  return base32_encode(secret);
}

bool is_totp_code(std::string_view secret, std::string_view code, UnixSeconds now) {
  const std::optional<std::vector<unsigned char>> key = base32_decode(ascii::trim(secret));
  if (!key || key->empty()) return false;
  const std::int64_t step = now.time_since_epoch().count() / period_seconds;
  bool is_good = false;
  for (const std::int64_t skew : {-1, 0, 1}) {  // all of them, so that the time does not tell which
    is_good |= equal_in_constant_time(code_at(*key, static_cast<std::uint64_t>(step + skew)), ascii::trim(code));
  }
  return is_good;
}

// As Go's net/url writes a path and github.com/pquerna/otp the parameters.
std::string totp_uri(std::string_view secret, const TotpAccount& account) {
  std::string uri = "otpauth://totp/";
  uri += escape(account.issuer + ":" + account.account, "$&+,/:;=@");
  uri += "?algorithm=SHA1&digits=6&issuer=" + escape(account.issuer, "$&+:=@");
  uri += "&period=30&secret=" + escape(secret, "");
  return uri;
}

std::string qr_code_svg(std::string_view text) {
  using qrcodegen::QrCode;
  std::optional<QrCode> code;
  try {
    code = QrCode::encodeText(std::string(text).c_str(), QrCode::Ecc::HIGH);
  } catch (const std::length_error&) {
    throw AuthError(400, "validation_failed", "The issuer is too long for a QR code");
  }
  const int side = code->getSize();
  const std::string pixels = std::to_string((side + 2 * quiet_zone) * module_size);
  const std::string modules = std::to_string(side + 2 * quiet_zone);
  std::string svg = R"(<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width=")";
  svg += pixels + "\" height=\"" + pixels + "\" viewBox=\"0 0 " + modules + " " + modules +
         "\" shape-rendering=\"crispEdges\">\n<rect width=\"" + modules + "\" height=\"" + modules +
         "\" fill=\"white\"/>\n<path fill=\"black\" d=\"";
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side;) {
      if (!code->getModule(x, y)) {
        ++x;
        continue;
      }
      const int start = x;
      while (x < side && code->getModule(x, y)) ++x;
      const std::string width = std::to_string(x - start);
      svg += "M" + std::to_string(start + quiet_zone) + " " + std::to_string(y + quiet_zone) + "h" + width + "v1h-" +
             width + "z";
    }
  }
  return svg + "\"/>\n</svg>\n";
}

}  // namespace bailey::stack::auth
