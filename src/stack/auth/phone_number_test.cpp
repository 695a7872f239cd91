#include "stack/auth/phone_number.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

TEST(PhoneNumber, is_kept_without_plus_and_blanks) {
  for (const char* same : {"+49 151 2345 6789", "4915123456789", "+4915123456789", " 4915123456789 "}) {
    EXPECT_EQ(require_phone(same), "4915123456789") << same;
  }
}

TEST(PhoneNumber, has_the_digits_of_E_164) {
  for (const char* good : {"12", "+123456789012345"}) EXPECT_NO_THROW(static_cast<void>(require_phone(good))) << good;
  for (const char* bad :
       {"", "+", "1", "0123", "1234567890123456", "++12", "12+", "12-34", "(12)34", "12a", "12\n", "12\t3", " +12"}) {
    try {
      static_cast<void>(require_phone(bad));
      ADD_FAILURE() << bad;
    } catch (const AuthError& error) {
      EXPECT_EQ(error.http_status(), 400);
      EXPECT_EQ(error.code(), "validation_failed");
      EXPECT_EQ(error.message(), "Invalid phone number format (E.164 required)");
    }
  }
}

}  // namespace
}  // namespace bailey::stack::auth
