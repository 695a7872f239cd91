#include <bailey/base/failed.hpp>

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey {
namespace {

TEST(Failed, says_in_one_line_which_program_it_was_and_why_and_gives_the_exit_status) {
  testing::internal::CaptureStderr();
  const int status = failed(Error("missing_setting", "Something is not set."));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "base_test: Something is not set.\n");
  EXPECT_EQ(status, 1);
}

}  // namespace
}  // namespace bailey
