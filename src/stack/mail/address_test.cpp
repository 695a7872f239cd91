#include "stack/mail/address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::stack::mail {
namespace {

TEST(MailAddress, is_one_that_can_stand_in_an_envelope_and_a_header_as_it_is) {
  for (const std::string_view good : {"anna@example.com", "a.b+c@sub.example.com", "ä@exämple.com", "admin@localhost",
                                      "o'neill@example.com", "用户@例子.广告"}) {
    EXPECT_TRUE(is_address(good)) << good;
  }
  for (const std::string& bad : {std::string(),
                                 std::string("anna"),
                                 std::string("@example.com"),
                                 std::string("anna@"),
                                 std::string("anna@example.com\r\nBcc: eve@example.com"),
                                 std::string("anna@example.com\n"),
                                 std::string("a b@example.com"),
                                 std::string("a@b@example.com"),
                                 std::string("<a@example.com>"),
                                 std::string("a@example.com,b@example.com"),
                                 std::string("a@example.com;b"),
                                 std::string("\"a b\"@example.com"),
                                 std::string("a(b)@example.com"),
                                 std::string("a@[127.0.0.1]"),
                                 std::string("a..b@example.com"),
                                 std::string(".a@example.com"),
                                 std::string("a@example.com."),
                                 std::string("a@-x.com"),
                                 std::string("a\0b@example.com", 15),
                                 std::string("\xFF@example.com"),
                                 std::string("a\xC2\x85@example.com"),
                                 std::string(65, 'a') + "@example.com",
                                 "a@" + std::string(260, 'b')}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
}

TEST(MailAddresses, of_a_field_are_taken_apart) {
  const auto found = parse_addresses(
      "Anna <anna@example.com>, \"B, C\" <bc@example.com>, d@example.com (Dora), =?utf-8?Q?J=C3=BCrgen?= "
      "<j@example.com>, "
      "team: e@example.com, f@example.com;, \"q\\\"uoted\" <q@example.com>",
      50);
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found[0].name, "Anna");
  EXPECT_EQ(found[0].address, "anna@example.com");
  EXPECT_EQ(found[1].name, "B, C");
  EXPECT_EQ(found[2].name, "");
  EXPECT_EQ(found[2].address, "d@example.com");
  EXPECT_EQ(found[3].name, "Jürgen");
  EXPECT_EQ(found[4].address, "e@example.com");
  EXPECT_EQ(found[5].address, "f@example.com");
  EXPECT_EQ(found[6].name, "q\"uoted");
}

TEST(MailAddresses, are_no_more_than_wanted) {
  std::string field;
  for (int i = 0; i < 1000; ++i) field += "a@example.com,";
  EXPECT_EQ(parse_addresses(field, 10).size(), 10U);
  EXPECT_TRUE(parse_addresses("", 10).empty());
  EXPECT_EQ(parse_addresses("<<<a@b", 10).size(), 1U);
}

}  // namespace
}  // namespace bailey::stack::mail
