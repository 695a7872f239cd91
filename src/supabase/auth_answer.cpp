#include "supabase/auth_answer.hpp"

#include <bailey/model/decode.hpp>

#include <initializer_list>
#include <utility>
#include <variant>

namespace bailey::client_detail {

namespace {

constexpr std::string_view new_format = "2024-01-01";

bool is_away(int status) { return (status >= 500 && status <= 504) || (status >= 520 && status <= 530); }

std::string_view text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

std::string_view first_text(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const std::string_view text = text_at(object, name); !text.empty()) return text;
  }
  return {};
}

// Dates as YYYY-MM-DD compare as text.
bool speaks_new_format(const http::ClientResponse& response) {
  const auto version = response.header("x-supabase-api-version");
  return version && version->size() == new_format.size() && *version >= new_format;
}

std::vector<std::string> weak_password_reasons(const json::object& error) {
  std::vector<std::string> reasons;
  const json::value* weak = error.if_contains("weak_password");
  if (weak == nullptr || !weak->is_object()) return reasons;
  const json::value* listed = weak->get_object().if_contains("reasons");
  if (listed == nullptr || !listed->is_array()) return reasons;
  for (const json::value& reason : listed->get_array()) {
    if (reason.is_string()) reasons.emplace_back(reason.get_string());
  }
  return reasons;
}

std::string status_sentence(int status) { return "Supabase Auth answered with status " + std::to_string(status) + "."; }

// Says which members are wrong and never what they hold: answers hold tokens.
AuthError misfit(std::string_view what, const ValidationErrors& errors) {
  std::string message = "Supabase Auth answered without " + std::string(what);
  if (!errors.entries.empty() && !errors.entries.front().loc.empty()) {
    if (const auto* name = std::get_if<std::string>(&errors.entries.front().loc.back()))
      message.append(" (").append(*name).append(")");
  }
  return {"invalid_response", message + ".", 502};
}

}  // namespace

AuthError auth_error_in(const http::ClientResponse& response) {
  const int status = response.status;
  if (status < 400) return {"invalid_response", status_sentence(status), 502};  // a redirect, which is not followed
  if (is_away(status)) return {"provider_unavailable", status_sentence(status), status};
  const auto parsed = try_parse_json(response.body);
  if (!parsed || !parsed->is_object()) return {"unknown", status_sentence(status), status};

  const json::object& error = parsed->get_object();
  std::vector<std::string> reasons = weak_password_reasons(error);
  std::string code(speaks_new_format(response) ? text_at(error, "code") : std::string_view());
  if (code.empty()) code = text_at(error, "error_code");
  if (code.empty() && !reasons.empty()) code = "weak_password";
  if (code.empty()) code = text_at(error, "error");  // OAuth's form: {"error": "invalid_grant", …}
  if (code.empty()) code = "unknown";
  std::string message(first_text(error, {"msg", "message", "error_description", "error"}));
  if (message.empty()) message = status_sentence(status);
  if (code != "weak_password") reasons.clear();
  return {std::move(code), std::move(message), status, std::move(reasons)};
}

AuthExpected<json::value> read_auth_answer(const Expected<http::ClientResponse>& response) {
  if (!response) {
    const Error& error = response.error();
    return std::unexpected(AuthError(error.code(), error.message(), error.http_status()));
  }
  if (response->status < 200 || response->status > 299) return std::unexpected(auth_error_in(*response));
  if (response->body.empty()) return json::value();
  auto parsed = try_parse_json(response->body);
  if (!parsed) return std::unexpected(AuthError("invalid_response", "Supabase Auth's answer is not JSON.", 502));
  return *std::move(parsed);
}

AuthExpected<Session> session_in(const json::value& body, UnixSeconds now) {
  Decoded<Session> session = decode<Session>(body);
  if (!session) return std::unexpected(misfit("a session", session.error()));
  if (session->access_token.empty() || session->refresh_token.empty())
    return std::unexpected(AuthError("invalid_response", "Supabase Auth answered with an empty token.", 502));
  if (!session->expires_at) session->expires_at = now.time_since_epoch().count() + session->expires_in;
  return *std::move(session);
}

AuthExpected<AuthUser> user_in(const json::value& body) {
  const json::value* user = &body;
  if (const json::object* object = body.if_object()) {
    if (const json::value* inner = object->if_contains("user")) user = inner;
  }
  Decoded<AuthUser> decoded = decode<AuthUser>(*user);
  if (!decoded) return std::unexpected(misfit("a user", decoded.error()));
  return *std::move(decoded);
}

AuthExpected<SignUpResult> sign_up_in(const json::value& body, UnixSeconds now) {
  SignUpResult result;
  const json::object* object = body.if_object();
  if (object != nullptr && object->contains("access_token")) {
    AuthExpected<Session> session = session_in(body, now);
    if (!session) return std::unexpected(session.error());
    result.user = session->user;
    result.session = *std::move(session);
    return result;
  }
  AuthExpected<AuthUser> user = user_in(body);
  if (!user) return std::unexpected(user.error());
  result.user = *std::move(user);
  return result;
}

}  // namespace bailey::client_detail
