#pragma once

#include <bailey/base/clock.hpp>

#include <string>
#include <string_view>

namespace bailey::stack::auth {

// Time-based one-time passwords (RFC 6238) with what every authenticator app has: SHA-1, six digits, 30 seconds.

// A new secret: 160 random bits in base32 without padding.
[[nodiscard]] std::string new_totp_secret();

// Whether the code is that of the secret now, or of half a minute ago or ahead. Blanks around the code are nothing.
// Compares in constant time. False for a secret that is no base32.
[[nodiscard]] bool is_totp_code(std::string_view secret, std::string_view code, UnixSeconds now);

// The otpauth:// URI an app is given, as GoTrue writes it.
struct TotpAccount {
  std::string issuer, account;  // account: the user's e-mail
};
[[nodiscard]] std::string totp_uri(std::string_view secret, const TotpAccount& account);

// A QR code of a text, as an SVG document that may stand in a data: URL as it is. Throws AuthError 400
// `validation_failed` for a text that is too long for one (1273 bytes).
[[nodiscard]] std::string qr_code_svg(std::string_view text);

}  // namespace bailey::stack::auth
