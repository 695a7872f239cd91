#include "guard/bearer.hpp"

#include <bailey/http/bearer.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::guard_detail {
namespace {

std::string_view bearer_token(std::string_view authorization) {
  const std::string_view credentials = http::bearer_credentials(authorization).value_or("");
  return is_token(credentials) ? credentials : std::string_view{};
}

TEST(Bearer, is_a_scheme_spaces_and_a_token) {
  struct Case {
    std::string_view value;
    std::string_view token;
  };
  for (const Case& c : std::vector<Case>{
           {"Bearer abc", "abc"},
           {"bearer abc", "abc"},
           {"BEARER   abc", "abc"},
           {"Bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="},
           {"", ""},
           {"Bearer", ""},
           {"Bearer ", ""},
           {"Bearer  ", ""},
           {"Bearerabc", ""},
           {"Bearer\tabc", ""},
           {"Basic abc", ""},
           {"Bearer a b", ""},
           {"Bearer a,Bearer b", ""},
           {"Bearer \"a\"", ""},
           {"Bearer ==", ""},
           {"Bearer a=b", ""},
           {"Bearer a\xC3\xA4", ""},
           {" Bearer abc", ""},
           {"Token abc", ""},
       }) {
    EXPECT_EQ(bearer_token(c.value), c.token) << c.value;
  }
}

TEST(Bearer, has_the_characters_of_a_b64token_and_no_others_wherever_they_stand) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";
  for (int byte = 0; byte < 256; ++byte) {
    const bool fits = allowed.contains(static_cast<char>(byte));
    for (std::size_t place = 0; place < 40; ++place) {
      std::string token(40, 'a');
      token[place] = static_cast<char>(byte);
      const bool padding = byte == '=' && place == 39;
      const std::string value = "Bearer " + token;
      EXPECT_EQ(!bearer_token(value).empty(), fits || padding || (byte == ' ' && place == 0))
          << byte << " at " << place;
    }
  }
}

}  // namespace
}  // namespace bailey::guard_detail
