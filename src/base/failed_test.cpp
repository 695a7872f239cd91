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

// They may be of a project's migration or configuration.
TEST(Failed, hands_no_control_character_to_the_terminal) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(failed(Error("failed", "\x1b]0;pwn\x07 \r\xc2\x9b \x7f é\n  hint: \"next\\ line\"")), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "base_test: \\x1b]0;pwn\\x07 \\x0d\\xc2\\x9b \\x7f é\n  hint: \"next\\ line\"\n");
}

}  // namespace
}  // namespace bailey
