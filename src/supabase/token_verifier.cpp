// Who decides about a token, in this order: the loop's cache, the keys at hand, and, awaited, a newer key set or the
// provider itself. An identity comes out of a verified signature or of the provider's yes and of nothing else; what
// cannot be decided is an error.
#include <bailey/supabase/token_verifier.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/semaphore.hpp>

#include "base/sharded_cells.hpp"
#include "supabase/api_key.hpp"
#include "supabase/key_source.hpp"
#include "supabase/token_cache.hpp"
#include "supabase/token_verifier_remote.hpp"

#include <algorithm>
#include <atomic>

namespace bailey {

using detail::KeySource;
using Verdict = std::optional<Expected<Identity>>;

class TokenVerifier::Core {
 public:
  explicit Core(TokenVerifierOptions options);

  [[nodiscard]] Verdict verify_now(std::string_view token, bool requires_subject);
  [[nodiscard]] static Task<Expected<Identity>> verify(std::shared_ptr<Core> self, std::string token,
                                                       bool requires_subject);
  [[nodiscard]] static Task<Expected<Identity>> verify_remotely(std::shared_ptr<Core> self, std::string token);
  [[nodiscard]] jwt::Rejection reason_against(std::string_view token);
  [[nodiscard]] Stats stats() const noexcept {
    return {.key_fetches = keys_->fetches(),
            .key_fetch_failures = keys_->failures(),
            .cache_hits = looks_.sum(hit),
            .cache_misses = looks_.sum(miss)};
  }

 private:
  // What one loop keeps for itself.
  struct Local {
    KeySource::Current keys;
    detail::TokenCache cache;
    detail::TokenCache remote_cache;  // of the provider's word; not touched by changes of the key set
    Semaphore provider_calls;
  };

  [[nodiscard]] Local& local();
  [[nodiscard]] Verdict verify_with_keys(Local& here, std::string_view token, UnixSeconds now, bool requires_subject);
  [[nodiscard]] Verdict judge_without_key(Local& here, std::string_view token, UnixSeconds now);
  [[nodiscard]] std::optional<Identity> remembered(Local& here, std::string_view token, UnixSeconds now);
  [[nodiscard]] bool asks_provider(jwt::Algorithm algorithm) const noexcept {
    return algorithm == jwt::Algorithm::hs256 && !options_.url.empty();
  }

  TokenVerifierOptions options_;
  std::shared_ptr<KeySource> keys_;
  LoopLocal<Local> locals_;
  static constexpr std::size_t hit = 0;
  static constexpr std::size_t miss = 1;
  detail::ShardedCells looks_{2};  // into the caches
  std::atomic<std::size_t> asking_ = 0;
};

namespace {

// Counts the calls at the provider and in line for it.
class Asking {
 public:
  explicit Asking(std::atomic<std::size_t>& number) : number_(number), count_(number.fetch_add(1) + 1) {}
  ~Asking() { number_.fetch_sub(1); }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  std::atomic<std::size_t>& number_;
  std::size_t count_;
};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::vector<jwt::Key> own_keys(const TokenVerifierOptions& options) {
  std::vector<jwt::Key> keys;
  if (!options.jwt_secret.empty()) {
    client_detail::require_no_key(options.jwt_secret, "The jwt_secret");
    auto key = jwt::Key::from_secret(options.jwt_secret);
    if (!key) throw key.error();
    keys.push_back(std::move(*key));
  }
  if (!options.jwks_json.empty()) {
    auto set = jwt::KeySet::parse(options.jwks_json);
    if (!set) throw set.error();
    keys.insert(keys.end(), set->keys().begin(), set->keys().end());
  }
  return keys;
}

std::shared_ptr<KeySource> key_source(const TokenVerifierOptions& options) {
  return std::make_shared<KeySource>(detail::KeySourceOptions{
      .jwks_url = options.url.empty() ? std::string() : options.url + "/auth/v1/.well-known/jwks.json",
      .api_key = options.api_key,
      .own_keys = own_keys(options),
      .verifier = {.issuers = options.issuers,
                   .audiences = options.audiences,
                   .leeway = options.leeway,
                   .require_expiry = options.require_expiry,
                   .token_limit_bytes = options.token_limit_bytes},
      .times = {.refresh_floor = options.key_refresh_floor,
                .max_age = options.key_max_age,
                .stale_limit = options.key_stale_limit},
      .timeout = options.provider_timeout,
      .waiter_limit = options.waiter_limit,
      .client = options.client,
      .clock = options.clock});
}

}  // namespace

TokenVerifier::Core::Core(TokenVerifierOptions options) : options_(std::move(options)) {
  options_.url = without_slash(std::move(options_.url));
  keys_ = key_source(options_);
}

TokenVerifier::Core::Local& TokenVerifier::Core::local() {
  return locals_.get([this] {
    return std::make_unique<Local>(
        keys_->current(), detail::TokenCache(options_.cache_entries, options_.cache_bytes),
        detail::TokenCache(options_.remote_cache.count() > 0 ? options_.cache_entries : 0, options_.cache_bytes),
        Semaphore(std::max(options_.provider_call_limit, std::size_t{1})));
  });
}

Verdict TokenVerifier::Core::verify_now(std::string_view token, bool requires_subject) {
  Local& here = local();
  const UnixSeconds now = options_.clock->now();
  keys_->look_after(options_.clock->steady_now());
  if (here.keys.generation != keys_->generation()) {
    here.keys = keys_->current();
    here.cache.clear();  // a key may have been withdrawn
  }
  if (const auto* entry = here.cache.find(token)) {
    const auto checked = here.keys.verifier->check_times(entry->identity.claims(), now);
    looks_.add(checked ? hit : miss, 1);
    if (checked && requires_subject && entry->identity.subject().empty())
      return std::unexpected(detail::invalid_token());
    if (checked) return entry->identity;
    if (checked.error() == jwt::Rejection::expired) here.cache.erase(token);
    return std::unexpected(detail::error_of(checked.error()));
  }
  looks_.add(miss, 1);
  return verify_with_keys(here, token, now, requires_subject);
}

Verdict TokenVerifier::Core::verify_with_keys(Local& here, std::string_view token, UnixSeconds now,
                                              bool requires_subject) {
  auto claims = here.keys.verifier->verify(token, now);
  if (!claims) {
    if (claims.error() == jwt::Rejection::unknown_key) return judge_without_key(here, token, now);
    return std::unexpected(detail::error_of(claims.error()));
  }
  if (requires_subject && claims->subject.empty()) return std::unexpected(detail::invalid_token());
  const UnixSeconds holds_until = claims->expires_at.value_or(now) + options_.leeway;
  Identity identity = Identity::verified(std::move(*claims), std::string(token));
  here.cache.insert(identity, holds_until, now);
  return identity;
}

Verdict TokenVerifier::Core::judge_without_key(Local& here, std::string_view token, UnixSeconds now) {
  const auto header = jwt::read_header(token, options_.token_limit_bytes);
  if (!header) return std::unexpected(detail::error_of(header.error()));
  if (header->algorithm == jwt::Algorithm::hs256) {
    if (!asks_provider(header->algorithm)) return std::unexpected(detail::invalid_token());
    if (auto identity = remembered(here, token, now)) return std::move(*identity);
    return std::nullopt;
  }
  switch (keys_->judge_unknown_key(header->kid, here.keys.generation, options_.clock->steady_now())) {
    case KeySource::Verdict::reject: return std::unexpected(detail::invalid_token());
    case KeySource::Verdict::unavailable: return std::unexpected(detail::provider_unavailable());
    case KeySource::Verdict::undecided: break;
  }
  return std::nullopt;
}

std::optional<Identity> TokenVerifier::Core::remembered(Local& here, std::string_view token, UnixSeconds now) {
  const auto* entry = here.remote_cache.find(token);
  if (entry == nullptr) return std::nullopt;
  if (options_.clock->steady_now() < entry->believed_until &&
      here.keys.verifier->check_times(entry->identity.claims(), now))
    return entry->identity;
  here.remote_cache.erase(token);
  return std::nullopt;
}

Task<Expected<Identity>> TokenVerifier::Core::verify(std::shared_ptr<Core> self, std::string token,
                                                     bool requires_subject) {
  Verdict verdict = self->verify_now(token, requires_subject);
  if (verdict) co_return std::move(*verdict);
  const auto header = jwt::read_header(token, self->options_.token_limit_bytes);
  if (!header) co_return std::unexpected(detail::error_of(header.error()));
  if (self->asks_provider(header->algorithm)) {
    Expected<Identity> word = co_await verify_remotely(self, std::move(token));
    co_return word;
  }
  const KeySource::Verdict fetched = co_await self->keys_->fetch_for(header->kid, self->local().keys.generation);
  if (fetched == KeySource::Verdict::reject) co_return std::unexpected(detail::invalid_token());
  if (fetched == KeySource::Verdict::unavailable) co_return std::unexpected(detail::provider_unavailable());
  verdict = self->verify_now(token, requires_subject);
  if (verdict) co_return std::move(*verdict);
  co_return std::unexpected(detail::provider_unavailable());
}

Task<Expected<Identity>> TokenVerifier::Core::verify_remotely(std::shared_ptr<Core> self, std::string token) {
  const TokenVerifierOptions& options = self->options_;
  Local& here = self->local();
  const UnixSeconds now = options.clock->now();
  const SteadyTime asked_at = options.clock->steady_now();
  if (auto identity = self->remembered(here, token, now)) co_return std::move(*identity);
  if (options.url.empty()) co_return std::unexpected(detail::provider_unavailable());

  // What the provider would refuse anyhow does not cost it a request.
  auto claims = jwt::read_unverified(token, options.token_limit_bytes);
  if (!claims) co_return std::unexpected(detail::error_of(claims.error()));
  if (!detail::is_compact_text(token) || claims->subject.empty()) co_return std::unexpected(detail::invalid_token());
  const auto checked = here.keys.verifier->check_claims(*claims, now);
  if (!checked) co_return std::unexpected(detail::error_of(checked.error()));

  const Asking asking(self->asking_);
  if (asking.count() > options.waiter_limit) co_return std::unexpected(detail::provider_unavailable());
  const auto began = std::chrono::steady_clock::now();
  const auto permit = co_await here.provider_calls.acquire_for(options.provider_timeout);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  if (!permit || waited >= options.provider_timeout) co_return std::unexpected(detail::provider_unavailable());
  // Another call may have had the answer about this very token meanwhile.
  if (auto identity = self->remembered(here, token, options.clock->now())) co_return std::move(*identity);
  http::ClientRequest request;
  request.url = options.url + "/auth/v1/user";
  request.headers.emplace_back("accept", "application/json");
  if (!options.api_key.empty()) request.headers.emplace_back("apikey", options.api_key.reveal());
  request.headers.emplace_back("authorization", "Bearer " + token);
  request.timeout = options.provider_timeout - waited;
  request.response_limit_bytes = std::size_t{1024} * 1024;
  const Expected<http::ClientResponse> answer = co_await options.client.send(std::move(request));
  if (!answer) {
    log::warning("token could not be checked by the provider", {{"reason", answer.error().code()}});
    co_return std::unexpected(detail::provider_unavailable());
  }
  const Expected<void> word = detail::read_user_answer(*answer, claims->subject);
  if (!word) {
    if (word.error().http_status() == 401) here.cache.erase(token);
    co_return std::unexpected(word.error());
  }
  const UnixSeconds holds_until = claims->expires_at.value_or(now + options.remote_cache);
  Identity identity = Identity::verified(std::move(*claims), std::move(token));
  here.remote_cache.insert(identity, holds_until, now, asked_at + options.remote_cache);
  co_return identity;
}

jwt::Rejection TokenVerifier::Core::reason_against(std::string_view token) {
  const auto claims = local().keys.verifier->verify(token, options_.clock->now());
  return claims ? jwt::Rejection::unknown_key : claims.error();
}

TokenVerifier::TokenVerifier(TokenVerifierOptions options) : requires_subject_(options.require_subject) {
  core_ = std::make_shared<Core>(std::move(options));
}

TokenVerifier TokenVerifier::without_subject() const { return {core_, false}; }

Verdict TokenVerifier::verify_now(std::string_view token) const { return core_->verify_now(token, requires_subject_); }

Task<Expected<Identity>> TokenVerifier::verify(std::string token) const {
  return Core::verify(core_, std::move(token), requires_subject_);
}

Task<Expected<Identity>> TokenVerifier::verify_remotely(std::string token) const {
  return Core::verify_remotely(core_, std::move(token));
}

jwt::Rejection TokenVerifier::reason_against(std::string_view token) const { return core_->reason_against(token); }

TokenVerifier::Stats TokenVerifier::stats() const noexcept { return core_->stats(); }

}  // namespace bailey
