// The order of the checks is the policy: what passes without a token (exempt paths, optional ones that bring none; a
// WebSocket whose first message is to bring it), then one header or sub-protocol, then the token by our keys,
// then, where it is asked for, by the provider. Credentials that our keys have signed are a token; whether others are
// of a token's form is asked before anything else is made of them. Every branch that does not end with a verified
// identity of an admitted role ends with an error; there is no way from an error to `Pass`.
#include <bailey/guard/authenticate.hpp>

#include <bailey/base/log.hpp>
#include <bailey/guard/user.hpp>
#include <bailey/http/bearer.hpp>
#include <bailey/model/json.hpp>
#include <bailey/web/database_metrics.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/web_socket.hpp>
#include "guard/bearer.hpp"
#include "guard/path_pattern.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace bailey {

namespace {

using guard_detail::PathPatterns;

[[noreturn]] void refuse_missing() { throw HttpError(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}}); }

[[noreturn]] void refuse_duplicate() {
  throw HttpError(400, "More than one Authorization header",
                  {{"WWW-Authenticate", R"(Bearer error="invalid_request")"}});
}

[[noreturn]] void refuse_several() {
  throw HttpError(400, "More than one token", {{"WWW-Authenticate", R"(Bearer error="invalid_request")"}});
}

// One answer for every fault of a token: which one it was is nobody's business but the log's.
[[noreturn]] void refuse_token(std::string_view why, const Request& request) {
  log::debug("token refused", {{"reason", why}, {"route", request.route()}, {"request_id", request.id()}});
  throw HttpError(401, "Invalid token", {{"WWW-Authenticate", R"(Bearer error="invalid_token")"}});
}

// Who it is is known, and that they may not. RFC 6750 section 3.1.
[[noreturn]] void refuse_rights(std::string_view why, const Request& request) {
  log::debug("token without the right", {{"reason", why}, {"route", request.route()}, {"request_id", request.id()}});
  throw HttpError(403, "Forbidden", {{"WWW-Authenticate", R"(Bearer error="insufficient_scope")"}});
}

std::string assurance_level(const Identity& identity) {
  const auto claims = try_parse_json(identity.claims_json());
  if (!claims || !claims->is_object()) return {};
  const json::value* const level = claims->as_object().if_contains("aal");
  return level != nullptr && level->is_string() ? std::string(level->as_string()) : std::string();
}

Admits admitted_by(const std::vector<std::string>& roles) {
  const auto keys = std::ranges::count(roles, "service_role");
  if (keys == 0) return Admits::users;
  return std::cmp_equal(keys, roles.size()) ? Admits::others : Admits::users_and_others;
}

// The service key is nobody's token.
TokenVerifier verifier_for(const AuthenticateOptions& options, const Supabase& supabase) {
  const TokenVerifier& verifier = options.verifier ? *options.verifier : supabase.verifier();
  return admitted_by(options.roles) != Admits::users ? verifier.without_subject() : verifier;
}

class Admission {
 public:
  Admission(Supabase supabase, AuthenticateOptions options)
      : supabase_(std::move(supabase)),
        verifier_(verifier_for(options, supabase_)),
        has_own_verifier_(options.verifier.has_value()),
        mode_(options.mode),
        roles_(std::move(options.roles)),
        is_optional_(options.optional),
        aal_(std::move(options.aal)),
        require_(std::move(options.require)),
        closes_at_expiry_(options.close_at_expiry),
        first_message_timeout_(options.first_message_timeout),
        exempt_("exempt", std::move(options.exempt), PathPatterns::Reach::below),
        optional_("optional_for", std::move(options.optional_for), PathPatterns::Reach::below),
        remote_("remote_for", std::move(options.remote_for), PathPatterns::Reach::from_top) {
    if (roles_.empty()) {
      throw Error("invalid_setting", "AuthenticateOptions::roles names no role, so that nobody would be admitted");
    }
    if (std::ranges::find(roles_, "anon") != roles_.end()) {
      throw Error("invalid_setting",
                  "AuthenticateOptions::roles names anon, whose tokens are nobody's and are never admitted: for "
                  "requests without a user there are `optional`, `optional_for` and `exempt`");
    }
    if (is_optional_ && first_message_timeout_.count() > 0) {
      throw Error("invalid_setting",
                  "AuthenticateOptions::first_message_timeout waits for a token that `optional` does not ask for");
    }
    exempt_.require_apart(optional_);
    exempt_.require_apart(remote_);
  }

  [[nodiscard]] Before decide(Request& request) const {
    if (exempt_.matches(request.path())) return Pass{};
    const std::optional<std::string_view> authorization = request.header("authorization");
    const guard_detail::OfferedTokens offered =
        request.is_web_socket() ? guard_detail::offered_tokens(request.http()) : guard_detail::OfferedTokens{};
    if (!authorization && offered.count == 0) {
      if (is_optional_ || optional_.matches(request.path())) return Pass{};
      if (request.is_web_socket() && first_message_timeout_.count() > 0) return wait_for_message(request);
    }
    if (request.http().header_count("authorization") > 1) refuse_duplicate();
    if (offered.count + (authorization ? 1 : 0) > 1) refuse_several();
    const std::string_view token =
        offered.count > 0 ? offered.last : http::bearer_credentials(authorization.value_or("")).value_or("");
    if (token.empty()) refuse_missing();
    const bool remotely = is_asked_remotely(request);

    std::optional<Expected<Identity>> verdict = verifier_.verify_now(token);
    const bool is_ours = verdict && *verdict;
    if (!is_ours && !guard_detail::is_token(token)) refuse_missing();
    if (verdict && (!remotely || !*verdict)) {
      admit(request, std::move(*verdict));
      return Pass{};
    }
    if (remotely) return wait(request, verifier_.verify_remotely(std::string(token)));
    return wait(request, verifier_.verify(std::string(token)));
  }

  [[nodiscard]] Guarded covers(std::string_view route) const {
    if (exempt_.match_route(route)) return Guarded::exempt;
    return is_optional_ || optional_.match_route(route) ? Guarded::sometimes : Guarded::always;
  }

  // An entry that no route is meant by is a mistake. It may be a path that a middleware answers, so it is only told;
  // but a check that is left out is not to be found out later.
  void check(std::span<const RouteInfo> routes) const {
    for (const PathPatterns* patterns : {&exempt_, &optional_}) {
      for (const std::string& pattern : patterns->without_route(routes)) {
        log::warning("a path that the guard treats apart is no route's",
                     {{"option", patterns->name()}, {"path", pattern}});
      }
    }
    for (const std::string& pattern : exempt_.within_routes(routes)) {
      log::warning("an exempt path is a part of a route that the guard covers: there its handler sees no user",
                   {{"path", pattern}});
    }
    const std::vector<std::string> unchecked = remote_.without_route(routes);
    if (unchecked.empty()) return;
    throw Error("invalid_pattern", "remote_for has \"" + unchecked.front() +
                                       "\", but no route is there: what was meant would not be checked");
  }

  // Of all guards of one project one is asked, unless they have verifiers of their own.
  [[nodiscard]] const void* subject() const noexcept { return has_own_verifier_ ? nullptr : &supabase_.verifier(); }
  void write_metrics(MetricWriter& out) const {
    const TokenVerifier::Stats tokens = verifier_.stats();
    const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
    constexpr std::string_view looks = "Looks for a token among those known to be verified";
    out.counter("guard_token_cache_total", looks, number(tokens.cache_hits), {{"result", "hit"}});
    out.counter("guard_token_cache_total", looks, number(tokens.cache_misses), {{"result", "miss"}});
    out.counter("guard_key_fetches_total", "Fetches of the key set", number(tokens.key_fetches));
    out.counter("guard_key_fetch_failures_total", "Fetches of the key set that failed",
                number(tokens.key_fetch_failures));
    if (has_own_verifier_) return;  // the project's database is another guard's to tell of
    if (const auto database = supabase_.database_stats())
      write_database_metrics(*database, {{"database", "supabase"}}, out);
  }

 private:
  [[nodiscard]] bool is_asked_remotely(const Request& request) const {
    return mode_ == AuthenticateOptions::Mode::remote || remote_.matches(request.path());
  }

  // The guard outlives the request: it belongs to the app.
  [[nodiscard]] Task<std::optional<Response>> wait(Request& request, Task<Expected<Identity>> verifying) const {
    Expected<Identity> verdict = co_await std::move(verifying);
    admit(request, std::move(verdict));
    co_return std::nullopt;
  }

  [[nodiscard]] Before wait_for_message(Request& request) const {
    admit_by_first_message(request, first_message_timeout_, [this](Request& asking, std::string message) {
      return admit_message(asking, std::move(message));
    });
    return Pass{};
  }

  [[nodiscard]] Task<> admit_message(Request& request, std::string message) const {
    const std::optional<std::string> token = guard_detail::token_of_message(message);
    if (!token || !guard_detail::is_token(*token)) refuse_missing();
    Task<Expected<Identity>> verifying =
        is_asked_remotely(request) ? verifier_.verify_remotely(*token) : verifier_.verify(*token);
    Expected<Identity> verdict = co_await std::move(verifying);
    admit(request, std::move(verdict));
  }

  void admit(Request& request, Expected<Identity> verdict) const {
    if (!verdict) {
      const Error& error = verdict.error();
      if (error.http_status() == 401) refuse_token(error.code(), request);
      log::warning("token not verified",
                   {{"error", error.code()}, {"route", request.route()}, {"request_id", request.id()}});
      throw HttpError(503, "Authentication is unavailable", {{"Retry-After", "1"}});
    }
    const bool has_role = std::ranges::find(roles_, verdict->role()) != roles_.end();
    const bool is_somebody = verdict->user_id() || (has_role && verdict->role() == "service_role");
    const bool is_key = !has_role && (verdict->role() == "anon" || verdict->role() == "service_role");
    if (!verdict->is_verified() || !is_somebody || is_key) refuse_token("not a user's token", request);
    if (!has_role) refuse_rights("role", request);
    if (!aal_.empty() && assurance_level(*verdict) != aal_) refuse_rights("aal", request);
    if (require_ && !require_(*verdict)) refuse_rights("claims", request);
    const std::optional<UnixSeconds> expiry = verdict->expires_at();
    if (closes_at_expiry_ && expiry && request.may_last()) request.expire_at(*expiry);
    bailey::admit(request, std::move(*verdict), supabase_);
  }

  Supabase supabase_;
  TokenVerifier verifier_;
  bool has_own_verifier_;
  AuthenticateOptions::Mode mode_;
  std::vector<std::string> roles_;
  bool is_optional_;
  std::string aal_;
  std::function<bool(const Identity&)> require_;
  bool closes_at_expiry_;
  std::chrono::milliseconds first_message_timeout_;
  PathPatterns exempt_;
  PathPatterns optional_;
  PathPatterns remote_;
};

Task<SignedIn> sign_in(Supabase supabase, std::string email, Secret password) {
  const Session session = co_await supabase.auth().sign_in_with_password(
      {.email = std::move(email), .password = std::string(password.reveal())});
  co_return SignedIn{.access_token = Secret(session.access_token), .expires_in = session.expires_in};
}

}  // namespace

Guard authenticate(Supabase supabase, AuthenticateOptions options) {
  const Admits admits = admitted_by(options.roles);
  // Shared by the hooks; a Guard is copyable.
  const auto guard = std::make_shared<const Admission>(supabase, std::move(options));
  return {.name = "authenticate",
          .admit = [guard](Request& request) { return guard->decide(request); },
          .covers = [guard](std::string_view route) { return guard->covers(route); },
          .admits = admits,
          .security = {.name = "bearer", .scheme = {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
          .sign_in = [supabase](std::string email,
                                Secret password) { return sign_in(supabase, std::move(email), std::move(password)); },
          .check = [guard](std::span<const RouteInfo> routes) { guard->check(routes); },
          .metrics = std::make_shared<const MetricSource>(MetricSource{
              .write = [guard](MetricWriter& out) { guard->write_metrics(out); }, .subject = guard->subject()})};
}

}  // namespace bailey
