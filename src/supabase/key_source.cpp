// Single flight: whoever first needs a fetch begins it as a task of its own loop, everybody else waits for that one.
// The fetch belongs to the loop and not to the request, so a request that goes away takes nothing from the others; if
// the loop itself stops, the scope in the fetch's frame reports a failure and wakes those who wait on other loops.
#include "supabase/key_source.hpp"

#include <bailey/base/log.hpp>

#include <utility>

namespace bailey::detail {
namespace {

constexpr std::size_t key_set_limit_bytes = std::size_t{256} * 1024;

}  // namespace

// Counts who waits for a fetch.
class KeySource::Waiting {
 public:
  explicit Waiting(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Waiting() { --count_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

// Reports a failure when the fetch ends in any other way than by `succeed`.
class KeySource::FetchScope {
 public:
  explicit FetchScope(KeySource& source) : source_(source) {}
  ~FetchScope() {
    if (!is_settled_) source_.end_fetch(nullptr);
  }
  FetchScope(const FetchScope&) = delete;
  FetchScope& operator=(const FetchScope&) = delete;

  void succeed(const std::string& body) {
    is_settled_ = true;
    source_.end_fetch(&body);
  }

 private:
  KeySource& source_;
  bool is_settled_ = false;
};

KeySource::KeySource(KeySourceOptions options) : options_(std::move(options)), policy_(options_.times) {
  next_look_ = policy_.next_look().time_since_epoch().count();
  use(nullptr);
}

KeySource::Current KeySource::current() const {
  const std::lock_guard lock(mutex_);
  return {.generation = generation_.load(std::memory_order_relaxed), .verifier = verifier_};
}

KeySource::Verdict KeySource::judge_unknown_key(std::string_view kid, std::uint64_t seen, SteadyTime now) const {
  if (options_.jwks_url.empty()) return Verdict::reject;
  const std::lock_guard lock(mutex_);
  if (seen != generation()) return Verdict::undecided;
  switch (policy_.for_unknown_key(kid, now)) {
    case KeySourcePolicy::Advice::reject: return Verdict::reject;
    case KeySourcePolicy::Advice::unavailable: return Verdict::unavailable;
    default: return Verdict::undecided;
  }
}

Task<KeySource::Verdict> KeySource::fetch_for(std::string kid, std::uint64_t seen) {
  const Waiting waiting(waiting_);
  std::optional<Event> over;
  bool begins = false;
  {
    const std::lock_guard lock(mutex_);
    if (seen != generation()) co_return Verdict::undecided;
    const SteadyTime now = options_.clock->steady_now();
    const KeySourcePolicy::Advice advice = policy_.for_unknown_key(kid, now);
    if (advice == KeySourcePolicy::Advice::reject) co_return Verdict::reject;
    if (advice == KeySourcePolicy::Advice::unavailable) co_return Verdict::unavailable;
    if (waiting_ > options_.waiter_limit) co_return Verdict::unavailable;
    begins = advice == KeySourcePolicy::Advice::fetch;
    if (begins) note_begin(now);
    over = fetch_over_;
  }
  if (begins) launch();
  co_await over->wait();

  const std::lock_guard lock(mutex_);
  if (!policy_.has_keys()) co_return Verdict::unavailable;
  if (kid.empty() || verifier_->keys().knows(kid)) co_return Verdict::undecided;
  if (policy_.has_failed()) co_return Verdict::unavailable;
  policy_.remember_unknown(kid, options_.clock->steady_now());
  co_return Verdict::reject;
}

void KeySource::look_closely(SteadyTime now) {
  bool begins = false;
  {
    const std::lock_guard lock(mutex_);
    begins = policy_.is_refresh_due(now);
    if (policy_.is_stale(now)) {
      policy_.dropped();
      published_.clear();
      use(nullptr);
      log::warning("published keys are too old to be trusted");
    }
    if (begins) note_begin(now);
    next_look_ = policy_.next_look().time_since_epoch().count();
  }
  if (begins) launch();
}

// With the mutex held; `launch` must follow, without it: a fetch that fails at once ends within.
void KeySource::note_begin(SteadyTime now) {
  policy_.began(now);
  fetch_over_ = Event();
  next_look_ = policy_.next_look().time_since_epoch().count();
  fetches_.fetch_add(1, std::memory_order_relaxed);
}

void KeySource::launch() {
  auto scope = std::make_unique<FetchScope>(*this);
  Loop::current().spawn("key set", fetch(shared_from_this(), std::move(scope)));
}

Task<> KeySource::fetch(std::shared_ptr<KeySource> self, std::unique_ptr<FetchScope> scope) {
  const KeySourceOptions& options = self->options_;
  http::ClientRequest request;
  request.url = options.jwks_url;
  request.headers.emplace_back("accept", "application/json");
  if (!options.api_key.empty()) request.headers.emplace_back("apikey", options.api_key.reveal());
  request.timeout = options.timeout;
  request.response_limit_bytes = key_set_limit_bytes;
  const Expected<http::ClientResponse> answer = co_await options.client.send(std::move(request));
  if (!answer) {
    log::warning("key set could not be fetched", {{"reason", answer.error().code()}});
  } else if (answer->status != 200) {
    log::warning("key set could not be fetched", {{"status", answer->status}});
  } else {
    scope->succeed(answer->body);
  }
}

// `body`: what was fetched; nullptr if nothing was.
void KeySource::end_fetch(const std::string* body) {
  std::optional<jwt::KeySet> published;
  if (body != nullptr) {
    auto parsed = jwt::KeySet::parse(*body);
    if (parsed) {
      published = std::move(*parsed);
    } else {
      log::warning("key set could not be read", {{"reason", parsed.error().message()}});
    }
  }
  const std::lock_guard lock(mutex_);
  if (published) {
    policy_.succeeded(options_.clock->steady_now());
    if (published_ != *body) {
      published_ = *body;
      policy_.forget_unknown();
      use(&*published);
      log::info("key set fetched", {{"keys", published->size()}});
    }
  } else {
    policy_.failed();
    failures_.fetch_add(1, std::memory_order_relaxed);
  }
  next_look_ = policy_.next_look().time_since_epoch().count();
  fetch_over_.set();
}

// With the mutex held.
void KeySource::use(const jwt::KeySet* published) {
  auto keys = std::make_shared<jwt::KeySet>();
  for (const jwt::Key& key : options_.own_keys) keys->add(key);
  if (published != nullptr) {
    for (const jwt::Key& key : published->keys()) keys->add(key);
  }
  verifier_ = std::make_shared<const jwt::Verifier>(std::move(keys), options_.verifier);
  generation_.fetch_add(1, std::memory_order_release);
}

}  // namespace bailey::detail
