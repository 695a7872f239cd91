#include "stack/auth/email_address.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

TEST(EmailAddress, is_taken_in_its_plain_form_only) {
  for (const char* good : {"a@b", "ada@example.com", "a.b+c@x-y.org", "!#$%&'*+/=?^_`{|}~-@example.com"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
  for (const char* bad : {"", "a", "@b", "a@", "a b@c.d", " a@b.c", "a@b.c ", "a@-b.c", "a@b-.c", "a@b..c", "a@.b",
                          "a@b.c.", "a@b@c", "\xC3\xA9@b.c", "a@b_c.d", "a\n@b.c"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
  EXPECT_FALSE(is_email("a@" + std::string(64, 'b')));
  EXPECT_FALSE(is_email(std::string(250, 'a') + "@b.com"));
}

TEST(EmailAddress, is_kept_in_lower_case) {
  EXPECT_EQ(require_email("Ada@Example.COM"), "ada@example.com");
  EXPECT_THROW(static_cast<void>(require_email("nobody")), AuthError);
}

}  // namespace
}  // namespace bailey::stack::auth
