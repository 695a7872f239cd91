#include "supabase/token_verifier_remote.hpp"

#include <bailey/base/log.hpp>

#include "supabase/api_key.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace bailey::detail {
namespace {

namespace json = boost::json;

Expected<void> no_word_about_the_token(const http::ClientResponse& answer, std::string_view why) {
  log::warning("token could not be checked by the provider", {{"reason", why}, {"status", answer.status}});
  return std::unexpected(provider_unavailable());
}

}  // namespace

Error invalid_token() { return {"invalid_token", "Invalid token", 401}; }
Error expired_token() { return {"expired_token", "Token has expired", 401}; }
Error provider_unavailable() { return {"provider_unavailable", "The authentication provider cannot be reached", 503}; }

Error error_of(jwt::Rejection rejection) {
  return rejection == jwt::Rejection::expired ? expired_token() : invalid_token();
}

bool is_compact_text(std::string_view token) noexcept {
  return std::ranges::all_of(token, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

Expected<void> read_user_answer(const http::ClientResponse& answer, std::string_view subject) {
  const bool refuses = answer.status == 400 || answer.status == 401 || answer.status == 403;
  if (answer.status != 200 && !refuses) return no_word_about_the_token(answer, "status");
  boost::system::error_code error;
  const json::value body = json::parse(answer.body, error);
  if (error || !body.is_object()) return no_word_about_the_token(answer, "no JSON object");
  const json::object& object = body.get_object();
  if (refuses) {
    if (client_detail::names_code(object)) return std::unexpected(invalid_token());
    if (client_detail::refuses_api_key(answer.status, answer.body))
      client_detail::log_refused_key(client_detail::KeyRole::anon, answer.status);
    return no_word_about_the_token(answer, "refused by the gateway");
  }
  const json::value* id = object.if_contains("id");
  if (id == nullptr || !id->is_string()) return no_word_about_the_token(answer, "no user");
  if (std::string_view(id->get_string()) != subject) return std::unexpected(invalid_token());
  return {};
}

}  // namespace bailey::detail
