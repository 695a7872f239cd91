#include "supabase/key_source.hpp"

#include "supabase/token_verifier_fixture.hpp"

#include <gtest/gtest.h>

namespace bailey::detail {
namespace {

Task<> look_before_and_after_a_fetch(std::shared_ptr<KeySource> source, std::string kid, SteadyTime now) {
  // One loop has looked at the keys there were …
  const std::uint64_t seen = source->generation();
  EXPECT_EQ(source->judge_unknown_key(kid, seen, now), KeySource::Verdict::undecided);
  // … when another one's fetch ends, after which none is allowed for a while.
  const KeySource::Verdict fetched = co_await source->fetch_for(kid, seen);
  EXPECT_EQ(fetched, KeySource::Verdict::undecided);

  EXPECT_EQ(source->judge_unknown_key(kid, seen, now), KeySource::Verdict::undecided);
  const KeySource::Verdict again = co_await source->fetch_for(kid, seen);
  EXPECT_EQ(again, KeySource::Verdict::undecided);
  EXPECT_EQ(source->judge_unknown_key("another", source->generation(), now), KeySource::Verdict::reject);
  EXPECT_EQ(source->fetches(), 1u);
}

TEST(KeySource, does_not_judge_by_keys_that_have_been_replaced_since_they_were_looked_at) {
  test::ManualClock clock;
  test::Provider provider;
  provider.publish({jwt::Key::generate_es256("new")});
  KeySourceOptions options{.jwks_url = provider.server.url("/auth/v1/.well-known/jwks.json"),
                           .api_key = Secret{std::string{}},
                           .own_keys = {},
                           .verifier = {},
                           .times = {},
                           .client = http::Client{},
                           .clock = &clock};
  const auto source = std::make_shared<KeySource>(std::move(options));
  run_blocking(look_before_and_after_a_fetch(source, "new", clock.steady_now()));
}

}  // namespace
}  // namespace bailey::detail
