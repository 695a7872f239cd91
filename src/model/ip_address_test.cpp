#include <bailey/model/ip_address.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

struct Visit {
  IpAddress from;
};

TEST(IpAddresses, are_read_in_both_versions_and_written_in_their_normal_form) {
  EXPECT_EQ(IpAddress::parse("192.0.2.7")->text(), "192.0.2.7");
  EXPECT_FALSE(IpAddress::parse("192.0.2.7")->is_v6());
  EXPECT_EQ(IpAddress::parse("2001:DB8:0:0::1")->text(), "2001:db8::1");
  EXPECT_TRUE(IpAddress::parse("::")->is_v6());
  EXPECT_EQ(encode(decode_json<Visit>(R"({"from":"::1"})").value()), R"({"from":"::1"})");
}

TEST(IpAddresses, are_refused_where_they_are_none) {
  for (const std::string& text :
       std::vector<std::string>{"", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4/8", "::1%eth0", ":::", "[::1]",
                                " 1.2.3.4", "localhost", std::string("1.2.3.4\0", 8)})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  for (const std::string_view text : {R"({"from":"x"})", R"({"from":7})"}) {
    const auto refused = decode_json<Visit>(text);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().entries.at(0).type, "ip_any_address");
    EXPECT_EQ(refused.error().entries.at(0).msg, "value is not a valid IPv4 or IPv6 address");
  }
}

}  // namespace
}  // namespace bailey
