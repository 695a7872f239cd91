#include <bailey/http/bearer.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <vector>

namespace bailey::http {
namespace {

TEST(BearerCredentials, are_what_follows_the_scheme_and_blanks) {
  struct Case {
    std::string_view value;
    std::optional<std::string_view> credentials;
  };
  for (const Case& c : std::vector<Case>{{"Bearer abc", "abc"},
                                         {"bearer abc", "abc"},
                                         {"BEARER   abc", "abc"},
                                         {"Bearer a b", "a b"},
                                         {"Bearer", ""},
                                         {"Bearer ", ""},
                                         {"Bearer   ", ""},
                                         {"Bearer\tabc", std::nullopt},
                                         {"Bearerabc", std::nullopt},
                                         {"Bearer,abc", std::nullopt},
                                         {"Beare", std::nullopt},
                                         {"Basic abc", std::nullopt},
                                         {" Bearer abc", std::nullopt},
                                         {"", std::nullopt}}) {
    EXPECT_EQ(bearer_credentials(c.value), c.credentials) << c.value;
  }
}

TEST(BearerCredentials, are_those_of_any_scheme_that_is_named) {
  EXPECT_EQ(credentials_of("basic dTpw", "Basic"), "dTpw");
  EXPECT_EQ(credentials_of("Basic", "Bearer"), std::nullopt);
}

}  // namespace
}  // namespace bailey::http
