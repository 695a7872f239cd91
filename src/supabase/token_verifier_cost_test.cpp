// What a guarded request pays for its token once it is cached: no allocation. The time is printed, not judged: it
// depends on the build.
#include "supabase/token_verifier_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace bailey {
namespace {

TEST(TokenVerifierCost, is_no_allocation_for_a_cached_token) {
  TokenVerifierOptions options;
  options.jwt_secret = Secret(std::string(40, 's'));
  const test::ManualClock clock;
  options.clock = &clock;
  const TokenVerifier verifier(options);
  const TokenVerifier timed([] {
    TokenVerifierOptions with_real_clock;
    with_real_clock.jwt_secret = Secret(std::string(40, 's'));
    return with_real_clock;
  }());
  const jwt::Key key = *jwt::Key::from_secret(options.jwt_secret);
  const std::string claims =
      std::string(R"({"sub":")") + test::ada + R"(","exp":4000000000,"more":")" + std::string(400, 'x') + "\"}";
  const std::string token = key.sign(claims).value();
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(test::code_of(verifier.verify_now(token)), "verified");
    EXPECT_EQ(test::code_of(timed.verify_now(token)), "verified");

    const std::size_t before = allocations;
    bool all = true;
    for (int i = 0; i < 100; ++i) {
      const auto verdict = verifier.verify_now(token);
      all = all && verdict && verdict->has_value() && (*verdict)->is_verified();
    }
    const std::size_t made = allocations - before;
    EXPECT_TRUE(all);
    EXPECT_EQ(made, 0u);

    constexpr int rounds = 200000;
    const std::clock_t began = std::clock();
    for (int i = 0; i < rounds; ++i) all = all && timed.verify_now(token)->has_value();
    const double took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC * 1e9;
    EXPECT_TRUE(all);
    std::printf("a cached token of %zu bytes: %.0f ns of CPU\n", token.size(), took / rounds);
    co_return;
  });
}

}  // namespace
}  // namespace bailey
