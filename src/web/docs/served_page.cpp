#include "web/docs/served_page.hpp"

#include <bailey/base/log.hpp>
#include <bailey/web/error.hpp>
#include "http/negotiation.hpp"
#include "web/docs/inflate.hpp"

#include <boost/json/serialize.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace bailey::web_detail {
namespace {

const DocsAsset& find(std::span<const DocsAsset> assets, std::string_view version, std::string_view name) {
  for (const DocsAsset& asset : assets)
    if (asset.version == version && asset.name == name && !asset.bytes.empty()) return asset;
  throw HttpError(404);
}

Task<> write_all(http::BodyWriter& writer, std::string_view bytes) { co_await writer.write(bytes); }

Response token_response(int status, json::object body) {
  Response response = Response::json(status, json::serialize(body));
  response.headers.add("Cache-Control", "no-store");
  return response;
}
Response token_error(int status, std::string_view error, std::string_view description) {
  return token_response(status, {{"error", error}, {"error_description", description}});
}

}  // namespace

Response page_response(const DocsPage& page) {
  Response response(200);
  response.content_type("text/html; charset=utf-8");
  response.body = page.html;
  response.headers.add("Content-Security-Policy", page.policy);
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Cache-Control", "no-cache");
  return response;
}

Response asset_response(std::span<const DocsAsset> assets, std::string_view version, std::string_view name,
                        const Request& request, std::string_view cache_control) {
  const DocsAsset& asset = find(assets, version, name);
  const bool takes_gzip = http::AcceptedCodings(request.http()).weight(http::ContentCoding::gzip) > 0;
  const std::string_view bytes = asset.is_compressed && !takes_gzip ? inflated(asset) : asset.bytes;
  Response response = Response::stream(200, asset.content_type, bytes.size(),
                                       [bytes](http::BodyWriter& writer) { return write_all(writer, bytes); });
  if (asset.is_compressed) {
    if (takes_gzip) response.headers.add("Content-Encoding", "gzip");
    response.headers.add("Vary", "Accept-Encoding");
  }
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Cache-Control", cache_control);
  return response;
}

Task<Response> sign_in(Attempts& attempts, const decltype(Guard::sign_in)& with, std::string address, std::string email,
                       Secret password) {
  if (const auto wait = attempts.count(address, std::chrono::steady_clock::now())) {
    Response response = token_error(429, "slow_down", "Too many attempts to sign in: try again in a while");
    response.headers.add("Retry-After", std::to_string(wait->count()));
    co_return response;
  }
  std::string code;
  Error::Answer answer{};
  std::string message;
  try {
    const SignedIn session = co_await with(std::move(email), std::move(password));
    co_return token_response(200, {{"access_token", session.access_token.reveal()},
                                   {"token_type", "bearer"},
                                   {"expires_in", session.expires_in}});
  } catch (const Error& error) {
    code = error.code();
    answer = error.answer();
    message = error.message();
  }
  if (answer.status == 429)
    co_return token_error(429, "slow_down", "Too many attempts to sign in: try again in a while");
  if (answer.status < 500) co_return token_error(400, "invalid_grant", answer.shows_message ? message : "Not admitted");
  log::warning("the documentation page could not sign somebody in", {{"error", code}});
  co_return token_error(503, "temporarily_unavailable", "Signing in is unavailable");
}

}  // namespace bailey::web_detail
