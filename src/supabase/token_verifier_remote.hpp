#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/client.hpp>
#include <bailey/jwt/claims.hpp>

#include <string>
#include <string_view>

namespace bailey::detail {

[[nodiscard]] Error invalid_token();
[[nodiscard]] Error expired_token();
[[nodiscard]] Error provider_unavailable();

// What a caller is told of a refusal.
[[nodiscard]] Error error_of(jwt::Rejection rejection);

// Whether the text may stand in a header: the characters of a compact token and nothing else.
[[nodiscard]] bool is_compact_text(std::string_view token) noexcept;

// What an answer to `GET /auth/v1/user` says of the token it was asked with, whose unverified claims say it is
// `subject`'s. Success only if it is a 200 with that user. A refusal counts only in the form Auth gives it: a gateway
// that refuses our own key has said nothing about the token.
[[nodiscard]] Expected<void> read_user_answer(const http::ClientResponse& answer, std::string_view subject);

}  // namespace bailey::detail
