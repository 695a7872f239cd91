#include "stack/database/environment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace bailey::stack {
namespace {

TEST(Environment, says_nothing_of_other_databases_once_they_are_forgotten) {
  setenv("PGSERVICE", "production", 1);
  setenv("PGHOSTADDR", "192.0.2.1", 1);
  setenv("MY_PGHOST", "kept", 1);
  forget_other_databases();
  EXPECT_EQ(std::getenv("PGSERVICE"), nullptr);
  EXPECT_EQ(std::getenv("PGHOSTADDR"), nullptr);
  EXPECT_STREQ(std::getenv("MY_PGHOST"), "kept");
  unsetenv("MY_PGHOST");
}

}  // namespace
}  // namespace bailey::stack
