#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/model/json.hpp>

#include <cstdint>
#include <string_view>

namespace bailey::client_detail {

// The two keys of a project. A key tells by its prefix (sb_publishable_, sb_secret_) which of the two it is, or, if it
// is a token, by its role claim. A text that has neither is taken for the kind it is given as.
enum class KeyRole : std::uint8_t { anon, service_role };

// Throws Error "invalid_setting" when the key, unless it is empty, says that it is another than this, or cannot stand
// in a header. `setting` is the name the error gives it; the key itself is in no error.
void require_key(KeyRole wanted, const Secret& key, std::string_view setting);

// The same for the secret that tokens are signed with: with a key in its place, everyone who has the key could sign
// tokens.
void require_no_key(const Secret& jwt_secret, std::string_view setting);

// What may stand in a bearer token (RFC 6750, 2.1), so that no token can end its header.
[[nodiscard]] bool is_token_text(std::string_view token) noexcept;

// Whether an answer is a word against the API key, which is the operator's, rather than against the token, which is the
// user's. Both are 401 or 403, but the services name a code ("code", "error_code", or at least "msg"); the gateway,
// which alone looks at the key, has "message". A 401 in no form of theirs is some other gateway's.
[[nodiscard]] bool refuses_api_key(int status, std::string_view body);
[[nodiscard]] bool names_code(const json::object& error);

void log_refused_key(KeyRole key, int status);

// The error that the caller gets then. It tells nothing of the project's settings.
inline constexpr std::string_view refused_key_code = "api_key_refused";
inline constexpr std::string_view refused_key_message = "The project does not take the API key it is asked with.";
inline constexpr int refused_key_status = 503;

}  // namespace bailey::client_detail
