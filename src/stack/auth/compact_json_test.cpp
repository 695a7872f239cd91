#include "stack/auth/compact_json.hpp"

#include <gtest/gtest.h>

namespace bailey::stack::auth {
namespace {

TEST(CompactJson, drops_the_blanks_between_tokens_and_none_inside_strings) {
  EXPECT_EQ(compact_json(R"({"a b": [1, -2.50, true], "c\" d": "e\\", "f": {}})"),
            R"({"a b":[1,-2.50,true],"c\" d":"e\\","f":{}})");
  EXPECT_EQ(compact_json(R"({"1000000000000000000000000": "1000000000000000000000000"})"),
            R"({"1000000000000000000000000":"1000000000000000000000000"})");
}

TEST(CompactJson, writes_a_long_number_of_zeros_with_an_exponent) {
  const std::string zeros(308, '0');
  struct Case {
    std::string number, written;
  };
  for (const Case& c : {
           Case{"1" + zeros, "1e308"},
           Case{"-12" + zeros, "-12e308"},
           Case{"0." + zeros + "15", "15e-310"},
           Case{"-0." + zeros + "1500", "-15e-310"},
           Case{"100000000000000000000", "100000000000000000000"},
           Case{"1000000000000000000000", "1e21"},
           Case{"1234567890123456789012345", "1234567890123456789012345"},
           Case{"1234567890123456789012.5000", "1234567890123456789012.5000"},
           Case{"0." + zeros, "0." + zeros},
           Case{"0.1", "0.1"},
           Case{"-0", "-0"},
           Case{"1e400", "1e400"},
       }) {
    EXPECT_EQ(compact_json("[" + c.number + ", " + c.number + "]"), "[" + c.written + "," + c.written + "]");
  }
}

}  // namespace
}  // namespace bailey::stack::auth
