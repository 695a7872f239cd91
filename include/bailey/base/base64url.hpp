#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey {

// RFC 4648 section 5, without padding: the form of JOSE.
[[nodiscard]] std::string base64url_encode(std::span<const std::byte> bytes);
[[nodiscard]] std::string base64url_encode(std::string_view bytes);

// The bytes of a text in exactly the form `base64url_encode` gives; nullopt otherwise. Padding, white space, characters
// of the other alphabet and set bits behind the last byte are refused, so no two texts decode to the same bytes.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

// RFC 4648 section 4: the standard alphabet, padded. Decoding is as strict as above, and insists on the padding.
[[nodiscard]] std::string base64_encode(std::span<const std::byte> bytes);
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace bailey
