#include "model/typing_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::detail {
namespace {

TEST(TypingError, is_what_differs_by_a_slip_of_the_hand) {
  struct Case {
    std::string_view name;
    std::string_view meant;
    bool is_one;
  };
  for (const Case& c : std::vector<Case>{
           {"APP_PROT", "APP_PORT", true},                  // swapped
           {"APP_POR", "APP_PORT", true},                   // left out
           {"APP_PORTS", "APP_PORT", true},                 // added
           {"APP_PORD", "APP_PORT", true},                  // replaced
           {"app_port", "APP_PORT", true},                  // case
           {"APP_PORT", "APP_PORT", false},                 // the same
           {"APP_HOST", "APP_PORT", false},                 // two in a short name
           {"APP_DATBASE_URI", "APP_DATABASE_URL", true},   // two in a long one
           {"APP_DATBASE_UIR", "APP_DATABASE_URL", false},  // three
           {"", "A", true},
           {"A", "", true},
       })
    EXPECT_EQ(is_typing_error(c.name, c.meant), c.is_one) << c.name << " for " << c.meant;
  EXPECT_FALSE(is_typing_error(std::string(100'000, 'A'), std::string(100'001, 'A')));  // and takes no time
}

}  // namespace
}  // namespace bailey::detail
