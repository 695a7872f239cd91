#include "guard/bearer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::guard_detail {
namespace {

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

}  // namespace
}  // namespace bailey::guard_detail
