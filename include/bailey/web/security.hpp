#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/dependency.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/name.hpp>
#include <bailey/web/parameters.hpp>
#include <bailey/web/request.hpp>
#include <bailey/web/route_info.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Credentials as parameters of handlers and of functions that provide dependencies. Each takes what a request brings
// and is told of in the document; whether it is the right one is for the program to find out. Without it the request is
// answered with 401 and the WWW-Authenticate that fits, before its body is read; wrapped into std::optional it may be
// missing.
//
//   app.provide([keys](ApiKey<KeyIn::header, "X-API-Key"> key) -> Caller { … throw key.refused(); });
//
// What they hold is a Secret: compare it with `==` or Secret::equals, which take as long for a wrong text as for a
// right one; other texts with equal_in_constant_time. For the users of a Supabase project there is `authenticate`.
namespace bailey {

// Where an ApiKey is sent.
enum class KeyIn : std::uint8_t { header, query, cookie };

// A user name and a password.
struct BasicCredentials {
  std::string username;
  Secret password;

  // Whether they are these, in a time that does not tell which of the two is wrong.
  [[nodiscard]] bool are(std::string_view expected_username, const Secret& expected_password) const noexcept;
};

namespace web_detail {

// The token of `Authorization: Bearer …`; nullopt where there is none. Throws HttpError 400 for two such headers.
[[nodiscard]] std::optional<Secret> bearer_token(const Request& request);
// Throws HttpError 401 for an `Authorization: Basic …` that is malformed.
[[nodiscard]] std::optional<BasicCredentials> basic_credentials(const Request& request, std::string_view challenge);
[[nodiscard]] std::optional<Secret> api_key(const Request& request, KeyIn in, std::string_view name);
[[nodiscard]] std::string basic_challenge(std::string_view realm);
[[noreturn]] void refuse_credentials(std::string_view challenge);
[[nodiscard]] HttpError wrong_credentials(std::string_view detail, std::string_view challenge);
[[noreturn]] void refuse_scopes(std::string_view needed);

[[nodiscard]] SecurityInfo bearer_scheme();
[[nodiscard]] SecurityInfo basic_scheme();
[[nodiscard]] SecurityInfo api_key_scheme(KeyIn in, std::string_view name);
[[nodiscard]] SecurityInfo password_scheme(std::string_view token_url);
[[nodiscard]] SecurityInfo code_scheme(std::string_view authorization_url, std::string_view token_url);
[[nodiscard]] SecurityInfo open_id_scheme(std::string_view url);

// What may stand between quotation marks in a header.
consteval bool is_quotable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}
// A scope-token (RFC 6749 section 3.3).
consteval bool is_scope(std::string_view text) { return !text.empty() && is_quotable(text) && !text.contains(' '); }

// A token in `Authorization: Bearer …`, however it was come by.
class BearerToken : public Parameter<Secret> {
 public:
  using Parameter::Parameter;
  [[nodiscard]] static std::optional<Secret> read(const Request& request) { return bearer_token(request); }
  [[nodiscard]] static std::string challenge() { return "Bearer"; }
  // What to throw for a token that is none of ours.
  [[nodiscard]] static HttpError refused(std::string_view detail = "Invalid token") {
    return wrong_credentials(detail, R"(Bearer error="invalid_token")");
  }
};

}  // namespace web_detail

// The token of `Authorization: Bearer …` (RFC 6750), as it came.
class Bearer : public web_detail::BearerToken {
 public:
  using BearerToken::BearerToken;
  [[nodiscard]] static SecurityInfo scheme() { return web_detail::bearer_scheme(); }
};

// A key that is sent under a name: ApiKey<KeyIn::header, "X-API-Key">. An empty one counts as missing. In a query it
// ends up in logs and histories: prefer a header.
template <KeyIn In, ParameterName Name>
class ApiKey : public web_detail::Parameter<Secret> {
 public:
  using web_detail::Parameter<Secret>::Parameter;
  [[nodiscard]] static std::optional<Secret> read(const Request& request) {
    return web_detail::api_key(request, In, Name.view());
  }
  [[nodiscard]] static std::string challenge() { return "APIKey"; }
  // What to throw for a key that is none of ours.
  [[nodiscard]] static HttpError refused(std::string_view detail = "Invalid key") {
    return web_detail::wrong_credentials(detail, challenge());
  }
  [[nodiscard]] static SecurityInfo scheme() { return web_detail::api_key_scheme(In, Name.view()); }
};

// `Authorization: Basic …` (RFC 7617), in UTF-8: for a realm, whose name a browser shows where it asks for the two.
//   app.get("/admin", [](Basic<"Admins"> login) { if (!login->are("ada", password)) throw login.refused(); … });
template <ParameterName Realm>
class Basic : public web_detail::Parameter<BasicCredentials> {
  static_assert(web_detail::is_quotable(Realm.view()),
                "A realm is a text in ASCII without quotation marks and backslashes.");

 public:
  using web_detail::Parameter<BasicCredentials>::Parameter;
  [[nodiscard]] static std::optional<BasicCredentials> read(const Request& request) {
    return web_detail::basic_credentials(request, challenge());
  }
  [[nodiscard]] static std::string challenge() { return web_detail::basic_challenge(Realm.view()); }
  // What to throw for a user name and a password that do not fit: a browser asks again.
  [[nodiscard]] static HttpError refused(std::string_view detail = "Wrong name or password") {
    return web_detail::wrong_credentials(detail, challenge());
  }
  [[nodiscard]] static SecurityInfo scheme() { return web_detail::basic_scheme(); }
};

// A bearer token that is got for a user name and a password at `TokenUrl`, a path of the app's ("/token") or a URL
// (OAuth2, RFC 6749 section 4.3): the documentation page asks for both and gets it there. PasswordForm is what it
// sends.
template <ParameterName TokenUrl>
class OAuth2Password : public web_detail::BearerToken {
 public:
  using BearerToken::BearerToken;
  [[nodiscard]] static SecurityInfo scheme() { return web_detail::password_scheme(TokenUrl.view()); }
};

// A bearer token that is got from an authorization server, to which a browser is sent (OAuth2, RFC 6749 section 4.1).
template <ParameterName AuthorizationUrl, ParameterName TokenUrl>
class OAuth2Code : public web_detail::BearerToken {
 public:
  using BearerToken::BearerToken;
  [[nodiscard]] static SecurityInfo scheme() {
    return web_detail::code_scheme(AuthorizationUrl.view(), TokenUrl.view());
  }
};

// The same where the server says by itself how it is asked: "https://…/.well-known/openid-configuration".
template <ParameterName Url>
class OpenIdConnect : public web_detail::BearerToken {
 public:
  using BearerToken::BearerToken;
  [[nodiscard]] static SecurityInfo scheme() { return web_detail::open_id_scheme(Url.view()); }
};

// What a client sends to a token URL for OAuth2's password flow, as a form:
//   app.post("/token", [](PasswordForm form) -> Task<Token> { … });  // {"access_token": …, "token_type": "bearer"}
struct PasswordForm {
  std::string username;
  Secret password;
  std::vector<std::string> scopes = {};
  std::optional<std::string> client_id = {};
  std::optional<Secret> client_secret = {};
};

namespace web_detail {

template <class C>
concept Credential = requires(const Request& request) {
  { C::read(request) } -> std::same_as<std::optional<typename C::value_type>>;
  { C::challenge() } -> std::same_as<std::string>;
  { C::scheme() } -> std::same_as<SecurityInfo>;
};

// Somebody of whom it is known what they may do.
template <class Caller>
concept HasScopes = requires(const Caller& caller) {
  { std::ranges::find(caller.scopes, std::string_view{}) != std::ranges::end(caller.scopes) };
};

// Has the document say what a route asks for.
template <ParameterName... Scopes>
struct AskedScopes {};

}  // namespace web_detail

template <web_detail::Credential C>
struct Binder<C> {
  static void describe(RouteInfo& route) { route.add(C::scheme()); }
  // Before the body is read.
  static void admit(const Request& request) {
    if (!C::read(request)) web_detail::refuse_credentials(C::challenge());
  }
  static C bind(const Request& request) {
    auto credentials = C::read(request);
    if (!credentials) web_detail::refuse_credentials(C::challenge());
    return C(std::move(*credentials));
  }
};

template <web_detail::Credential C>
struct Binder<std::optional<C>> {
  static void describe(RouteInfo& route) {
    SecurityInfo scheme = C::scheme();
    scheme.is_required = false;
    route.add(std::move(scheme));
  }
  static void admit(const Request& request) { static_cast<void>(C::read(request)); }
  static std::optional<C> bind(const Request& request) {
    auto credentials = C::read(request);
    return credentials ? std::optional<C>(C(std::move(*credentials))) : std::nullopt;
  }
};

template <>
struct Binder<PasswordForm> {
  static constexpr bool reads_form = true;
  static void describe(RouteInfo& route);
  static std::optional<PasswordForm> bind(Request& request, ValidationErrors& errors);
};

template <ParameterName... Scopes>
struct Binder<web_detail::AskedScopes<Scopes...>> {
  static void describe(RouteInfo& route) { (route.add_scope(Scopes.view()), ...); }
  static web_detail::AskedScopes<Scopes...> bind(const Request&) { return {}; }
};

// A dependency of a route or a router that lets those pass who have all of these scopes, and answers others with 403
// and `WWW-Authenticate: Bearer error="insufficient_scope"` (RFC 6750 section 3.1). A Caller is what the app provides
// for who makes the request; its member `scopes`, a list of texts, is what they may do.
//   {.dependencies = {require_scopes<Caller, "items:read">()}}
template <class Caller, ParameterName... Scopes>
[[nodiscard]] Dependency require_scopes() {
  static_assert(sizeof...(Scopes) > 0, "require_scopes names at least one scope.");
  static_assert((web_detail::is_scope(Scopes.view()) && ...),
                "A scope is a word in ASCII without quotation marks and backslashes.");
  static_assert(web_detail::HasScopes<Caller>,
                "Who is asked for scopes has them as a member: std::vector<std::string> scopes.");
  return depends([](const Caller& caller, web_detail::AskedScopes<Scopes...>) {
    const auto has = [&](std::string_view scope) {
      return std::ranges::find(caller.scopes, scope) != std::ranges::end(caller.scopes);
    };
    if ((has(Scopes.view()) && ...)) return;
    std::string needed;
    (needed.append(needed.empty() ? "" : " ").append(Scopes.view()), ...);
    web_detail::refuse_scopes(needed);
  });
}

}  // namespace bailey
