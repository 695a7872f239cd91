#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/base/error.hpp>
#include <bailey/http/client.hpp>
#include <bailey/model/json.hpp>
#include <bailey/supabase/auth_error.hpp>
#include <bailey/supabase/session.hpp>

#include <expected>

// What Supabase Auth's answers mean. No I/O.
namespace bailey::client_detail {

template <class T>
using AuthExpected = std::expected<T, AuthError>;

// The body of a 2xx as JSON (null when there is none); any other answer, and the lack of one, as the error it stands
// for.
[[nodiscard]] AuthExpected<json::value> read_auth_answer(const Expected<http::ClientResponse>& response);

// The error of a refused answer. Its code stands in `code` (API version 2024-01-01) or `error_code` (before).
[[nodiscard]] AuthError auth_error_in(const http::ClientResponse& response);

[[nodiscard]] AuthExpected<Session> session_in(const json::value& body, UnixSeconds now);
// Of {"user": {…}} or the user itself.
[[nodiscard]] AuthExpected<AuthUser> user_in(const json::value& body);
[[nodiscard]] AuthExpected<SignUpResult> sign_up_in(const json::value& body, UnixSeconds now);

}  // namespace bailey::client_detail
