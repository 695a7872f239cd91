#include "stack/auth/refresh.hpp"

#include <gtest/gtest.h>

#include "stack/auth/session.hpp"

namespace bailey::stack::auth {
namespace {

using namespace std::chrono_literals;

TEST(Refresh, decides_by_what_became_of_the_token) {
  struct Case {
    PresentedToken token;
    std::chrono::seconds interval;
    RefreshDecision decision;
  };
  const std::vector<Case> cases{
      {{.revoked = false}, 10s, RefreshDecision::rotate},
      {{.revoked = false, .since_change = 24h}, 0s, RefreshDecision::rotate},
      {{.revoked = true, .is_parent_of_active = true, .since_change = 24h}, 0s, RefreshDecision::give_active},
      {{.revoked = true, .since_change = 9999ms}, 10s, RefreshDecision::rotate},
      {{.revoked = true, .since_change = 10s}, 10s, RefreshDecision::refuse},
      {{.revoked = true, .since_change = 0ms}, 0s, RefreshDecision::refuse},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(decide(cases[i].token, cases[i].interval), cases[i].decision) << "case " << i;
  }
}

TEST(RefreshToken, has_the_form_gotrue_gives_it) {
  const std::string token = new_refresh_token();
  EXPECT_TRUE(is_refresh_token(token));
  EXPECT_NE(token, new_refresh_token());
  for (const char* bad : {"", "abcdefghijk", "abcdefghijklm", "ABCDEFGHIJKL", "abcdefghijk'"}) {
    EXPECT_FALSE(is_refresh_token(bad)) << bad;
  }
}

}  // namespace
}  // namespace bailey::stack::auth
