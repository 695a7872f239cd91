// Many loops and one key set: one fetch for all, and nobody left waiting when a request or a whole loop goes away.
#include "supabase/token_verifier_fixture.hpp"

#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <thread>

namespace bailey {
namespace {

namespace asio = boost::asio;
using http::test::RawServer;
using test::code_of;
using test::ManualClock;
using test::Provider;
using test::token_of;

class TokenVerifierOnManyLoops : public testing::Test {
 protected:
  // Answers wait until `release`.
  TokenVerifierOnManyLoops() : released_(release_.get_future().share()) {
    provider.gate = [this] { released_.wait(); };
  }
  ~TokenVerifierOnManyLoops() override {
    release();
    provider.server.stop();  // its threads look at what goes before it
  }
  void release() {
    if (!is_released_.exchange(true)) release_.set_value();
  }

  TokenVerifierOptions options() {
    TokenVerifierOptions made;
    made.url = provider.server.url("");
    made.clock = &clock;
    return made;
  }

  // Awaits the verdicts about `tokens` at the same time, on the current loop.
  static Task<> verify_all(const TokenVerifier* verifier, std::vector<std::string> tokens, std::string expected,
                           std::atomic<int>* begun) {
    std::size_t ended = 0;
    for (const std::string& token : tokens) {
      Loop::current().spawn("verify", verify_one(verifier, token, expected, begun, &ended));
    }
    while (ended < tokens.size()) co_await asio::post(use_task);
  }
  static Task<> verify_one(const TokenVerifier* verifier, std::string token, std::string expected,
                           std::atomic<int>* begun, std::size_t* ended) {
    ++*begun;
    const auto verdict = co_await verifier->verify(token);
    EXPECT_EQ(code_of(verdict), expected);
    ++*ended;
  }

  ManualClock clock;
  Provider provider;

 private:
  std::promise<void> release_;
  std::shared_future<void> released_;
  std::atomic<bool> is_released_ = false;
};

TEST_F(TokenVerifierOnManyLoops, fetches_once_for_a_thousand_unknown_keys_at_once) {
  const jwt::Key known = jwt::Key::generate_eddsa("known");
  provider.publish({known});
  const TokenVerifier verifier(options());
  std::atomic<int> begun = 0;
  std::vector<std::thread> loops;
  for (int l = 0; l < 4; ++l) {
    std::vector<std::string> tokens;
    for (int i = 0; i < 250; ++i) {
      tokens.push_back(token_of(jwt::Key::generate_eddsa("k-" + std::to_string(l) + "-" + std::to_string(i))));
    }
    loops.emplace_back([&, tokens] { run_blocking(verify_all(&verifier, tokens, "invalid_token", &begun)); });
  }
  while (begun < 1000) std::this_thread::yield();
  release();
  for (std::thread& loop : loops) loop.join();
  EXPECT_EQ(provider.server.requests(), 1);
  EXPECT_EQ(verifier.stats().key_fetches, 1u);
  run_blocking(verify_all(&verifier, {token_of(known)}, "verified", &begun));
  EXPECT_EQ(provider.server.requests(), 1);
}

TEST_F(TokenVerifierOnManyLoops, lets_all_who_waited_for_the_first_key_set_in) {
  const jwt::Key key = jwt::Key::generate_eddsa("key");
  provider.publish({key});
  const TokenVerifier verifier(options());
  std::atomic<int> begun = 0;
  std::vector<std::thread> loops;
  for (int l = 0; l < 3; ++l) {
    std::vector<std::string> tokens;
    for (int i = 0; i < 50; ++i) tokens.push_back(token_of(key, ",\"n\":" + std::to_string(l * 100 + i)));
    loops.emplace_back([&, tokens] { run_blocking(verify_all(&verifier, tokens, "verified", &begun)); });
  }
  while (begun < 150) std::this_thread::yield();
  release();
  for (std::thread& loop : loops) loop.join();
  EXPECT_EQ(provider.server.requests(), 1);
}

TEST_F(TokenVerifierOnManyLoops, turns_away_those_who_would_be_too_many_to_wait) {
  provider.publish({});
  TokenVerifierOptions few = options();
  few.waiter_limit = 2;
  const TokenVerifier verifier(few);
  run_blocking([&]() -> Task<> {
    std::atomic<int> begun = 0;
    std::size_t ended = 0;
    for (int i = 0; i < 2; ++i) {
      Loop::current().spawn(
          "verify", verify_one(&verifier, token_of(jwt::Key::generate_eddsa("k")), "invalid_token", &begun, &ended));
    }
    while (begun < 2) co_await asio::post(use_task);
    const auto verdict = co_await verifier.verify(token_of(jwt::Key::generate_eddsa("k")));
    EXPECT_EQ(code_of(verdict), "provider_unavailable");
    release();
    while (ended < 2) co_await asio::post(use_task);
  });
}

TEST_F(TokenVerifierOnManyLoops, asks_the_provider_about_few_tokens_at_a_time) {
  const jwt::Key stranger = *jwt::Key::from_secret(Secret(std::string(40, 'x')));
  provider.answer_user_with(RawServer::ok(R"({"code":403,"error_code":"bad_jwt","msg":"no"})", {}, "403 Forbidden"));
  TokenVerifierOptions few = options();
  few.provider_call_limit = 2;
  few.provider_timeout = std::chrono::minutes(1);
  const TokenVerifier verifier(few);
  run_blocking([&]() -> Task<> {
    std::atomic<int> begun = 0;
    std::size_t ended = 0;
    for (int i = 0; i < 8; ++i) {
      const std::string forged = token_of(stranger, ",\"n\":" + std::to_string(i));
      Loop::current().spawn("verify", verify_one(&verifier, forged, "invalid_token", &begun, &ended));
    }
    while (begun < 8 || provider.server.requests() < 2) co_await asio::post(use_task);
    co_await sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(provider.server.requests(), 2);
    release();
    while (ended < 8) co_await asio::post(use_task);
  });
  EXPECT_EQ(provider.server.requests(), 8);
}

TEST_F(TokenVerifierOnManyLoops, keeps_nobody_in_line_for_the_provider_longer_than_its_timeout) {
  release();
  provider.answer_user_with("");  // none at all
  const jwt::Key stranger = *jwt::Key::from_secret(Secret(std::string(40, 'x')));
  TokenVerifierOptions few = options();
  few.provider_call_limit = 1;
  few.provider_timeout = std::chrono::milliseconds(100);
  const TokenVerifier verifier(few);
  std::vector<std::string> tokens;
  for (int i = 0; i < 5; ++i) tokens.push_back(token_of(stranger, ",\"n\":" + std::to_string(i)));
  std::atomic<int> begun = 0;
  run_blocking(verify_all(&verifier, tokens, "provider_unavailable", &begun));
  EXPECT_LE(provider.server.requests(), 2);
}

TEST_F(TokenVerifierOnManyLoops, goes_on_with_the_fetch_when_the_request_that_began_it_is_cancelled) {
  const jwt::Key key = jwt::Key::generate_eddsa("key");
  provider.publish({key});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    std::atomic<int> begun = 0;
    std::size_t ended = 0;
    asio::cancellation_signal cancel;
    bool cancelled = false;
    asio::co_spawn(
        Loop::current().executor(), verify_one(&verifier, token_of(key), "verified", &begun, &ended),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) { cancelled = error != nullptr; }));
    while (begun < 1) co_await asio::post(use_task);
    Loop::current().spawn("verify", verify_one(&verifier, token_of(key), "verified", &begun, &ended));
    while (begun < 2) co_await asio::post(use_task);
    cancel.emit(asio::cancellation_type::terminal);
    while (!cancelled) co_await asio::post(use_task);
    EXPECT_EQ(ended, 0u);
    release();
    while (ended < 1) co_await asio::post(use_task);
  });
  EXPECT_EQ(provider.server.requests(), 1);
}

TEST_F(TokenVerifierOnManyLoops, tells_the_others_when_the_loop_of_the_fetch_ends) {
  const jwt::Key key = jwt::Key::generate_eddsa("key");
  provider.publish({key});
  const TokenVerifier verifier(options());
  std::atomic<int> begun = 0;
  std::atomic<bool> end_first = false;
  std::thread first([&] {
    run_blocking([&]() -> Task<> {
      std::size_t ended = 0;
      asio::co_spawn(Loop::current().executor(), verify_one(&verifier, token_of(key), "never", &begun, &ended),
                     [](std::exception_ptr) {});
      while (!end_first) co_await asio::post(use_task);  // the loop ends with the fetch, and one who waits, under way
    });
  });
  while (begun < 1) std::this_thread::yield();
  std::thread second([&] { run_blocking(verify_all(&verifier, {token_of(key)}, "provider_unavailable", &begun)); });
  while (begun < 2) std::this_thread::yield();
  while (provider.server.requests() < 1) std::this_thread::yield();
  end_first = true;
  second.join();
  first.join();
  release();
  clock.advance(std::chrono::seconds(1));
  run_blocking(verify_all(&verifier, {token_of(key)}, "verified", &begun));
}

TEST_F(TokenVerifierOnManyLoops, takes_a_withdrawn_key_from_the_caches_of_all_loops) {
  release();
  const jwt::Key key = jwt::Key::generate_eddsa("key");
  const std::string token = token_of(key);
  provider.publish({key});
  const TokenVerifier verifier(options());
  std::atomic<int> cached = 0;
  std::atomic<bool> withdrawn = false;
  std::vector<std::thread> loops;
  for (int l = 0; l < 3; ++l) {
    loops.emplace_back([&] {
      run_blocking([&]() -> Task<> {
        const auto verdict = co_await verifier.verify(token);
        EXPECT_EQ(code_of(verdict), "verified");
        ++cached;
        while (!withdrawn) co_await asio::post(use_task);
        EXPECT_EQ(code_of(verifier.verify_now(token)), "invalid_token");
      });
    });
  }
  while (cached < 3) std::this_thread::yield();
  provider.publish({});
  clock.advance(std::chrono::seconds(30));
  std::atomic<int> begun = 0;
  run_blocking(verify_all(&verifier, {token_of(jwt::Key::generate_eddsa("new"))}, "invalid_token", &begun));
  withdrawn = true;
  for (std::thread& loop : loops) loop.join();
}

}  // namespace
}  // namespace bailey
