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

// Where a KeySource gets its keys, and how long it trusts them.
struct KeySourceOptions {
  std::string jwks_url;  // of the provider's key set; "": nothing is ever fetched
  Secret api_key;
  std::vector<jwt::Key> own_keys;  // trusted at all times, beside the fetched ones
  jwt::VerifierOptions verifier;
  KeySourceTimes times;
  std::chrono::milliseconds timeout{5000};
  std::size_t waiter_limit = 4096;
  http::Client client;
  const Clock* clock;  // outlives the source
};

// The keys that tokens are verified with: our own and those that the provider publishes. One object for all loops; any
// thread. A shared_ptr owns it, and a fetch that is under way keeps it.
//
// The key set is immutable. A fetch replaces it by a new one of the next generation; each loop keeps a pointer to the
// one it has seen, and compares generations to find out whether there is a newer one. A token whose key is known takes
// no lock.
class KeySource : public std::enable_shared_from_this<KeySource> {
 public:
  explicit KeySource(KeySourceOptions options);

  // The number of the present key set. It only grows.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
  // The present key set, in a verifier, and its number.
  struct Current {
    std::uint64_t generation;
    std::shared_ptr<const jwt::Verifier> verifier;
  };
  [[nodiscard]] Current current() const;

  // Starts a fetch in the background when the keys are old, and drops keys that are too old to be trusted. Call it at
  // each use, on a loop; it is cheap.
  void look_after(SteadyTime now) {
    if (now.time_since_epoch().count() >= next_look_.load(std::memory_order_relaxed)) look_closely(now);
  }

  enum class Verdict { reject, unavailable, undecided };
  // What to do with a token whose key is not in the set of generation `seen`: reject it, tell that the provider cannot
  // be asked (unavailable), or await `fetch_for` (undecided).
  [[nodiscard]] Verdict judge_unknown_key(std::string_view kid, std::uint64_t seen, SteadyTime now) const;

  // Waits for a fetch of the keys, which it starts unless one is under way, and returns what to do with a token of the
  // key `kid`. Reject: the provider does not publish that key. Unavailable: the provider cannot be asked, or too many
  // wait already. Undecided: look into the present key set, which may have the key; this comes at once, without a
  // fetch, when that set is newer than `seen`. Await it on a loop.
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
