#pragma once

#include <bailey/http/client.hpp>
#include <bailey/jwt/verifier.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>

#include "supabase/key_source_policy.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace bailey::detail {

struct KeySourceOptions {
  std::string jwks_url;  // "": nothing is ever fetched
  Secret api_key;
  std::vector<jwt::Key> own_keys;  // always trusted, whatever is fetched
  jwt::VerifierOptions verifier;
  KeySourceTimes times;
  std::chrono::milliseconds timeout{5000};
  std::size_t waiter_limit = 4096;
  http::Client client;
  const Clock* clock;
};

// The keys tokens are verified with: our own and those the provider publishes. Shared by all loops; the key set itself
// is immutable and swapped whole, each loop keeps a pointer to it and looks at `generation` to see whether it is the
// latest. The mutex is taken at a swap, at a fetch and for tokens whose key is unknown; never for one whose key is
// known.
class KeySource : public std::enable_shared_from_this<KeySource> {
 public:
  explicit KeySource(KeySourceOptions options);

  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
  struct Current {
    std::uint64_t generation;
    std::shared_ptr<const jwt::Verifier> verifier;
  };
  [[nodiscard]] Current current() const;

  // Fetches old keys anew in the background, and drops them when they are too old. Cheap; to be called at every use,
  // on a loop.
  void look_after(SteadyTime now) {
    if (now.time_since_epoch().count() >= next_look_.load(std::memory_order_relaxed)) look_closely(now);
  }

  enum class Verdict { reject, unavailable, undecided };
  // Of a token whose key is not in the set of generation `seen`. Undecided: `fetch_for` has to be awaited.
  [[nodiscard]] Verdict judge_unknown_key(std::string_view kid, std::uint64_t seen, SteadyTime now) const;

  // Begins or joins a fetch, waits until it is over, and says whether the key set may have it now: reject if the
  // provider does not know it, unavailable if the provider cannot be asked, undecided if the new set is worth a look:
  // at once when the set is another than `seen` by now, since a fetch that has just ended on another loop forbids the
  // next, but not the key it brought.
  [[nodiscard]] Task<Verdict> fetch_for(std::string kid, std::uint64_t seen);

  [[nodiscard]] std::uint64_t fetches() const noexcept { return fetches_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_.load(std::memory_order_relaxed); }

 private:
  class FetchScope;
  class Waiting;

  static Task<> fetch(std::shared_ptr<KeySource> self, std::unique_ptr<FetchScope> scope);
  void look_closely(SteadyTime now);
  void note_begin(SteadyTime now);
  void launch();
  void end_fetch(const std::string* body);
  void use(const jwt::KeySet* published);

  const KeySourceOptions options_;
  std::atomic<std::uint64_t> generation_ = 0;
  std::atomic<SteadyTime::rep> next_look_;
  std::atomic<std::uint64_t> fetches_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
  std::atomic<std::size_t> waiting_ = 0;  // for a fetch

  mutable std::mutex mutex_;  // guards what follows; never held across a suspension
  std::shared_ptr<const jwt::Verifier> verifier_;
  KeySourcePolicy policy_;
  std::string published_;  // the text the present set was read from
  Event fetch_over_;       // of the latest; a new one each time
};

}  // namespace bailey::detail
