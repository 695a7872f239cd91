#include "web/ip_network.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bailey::web_detail {
namespace {

std::string read(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->to_string() : "none";
}
std::string read_node(std::string_view text) {
  const auto address = IpAddress::parse_node(text);
  return address ? address->to_string() : "none";
}

TEST(IpAddress, is_read_in_its_plain_form_and_no_other) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"192.0.2.7", "192.0.2.7"},
      {"2001:DB8::7", "2001:db8::7"},
      {"::1", "::1"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"2001:db8:0:0:0:0:0:7", "2001:db8::7"},
      {"", "none"},
      {"192.0.2", "none"},
      {"192.0.2.256", "none"},
      {"192.0.2.07", "none"},
      {"0xc0.0.2.7", "none"},
      {"3221225991", "none"},
      {" 192.0.2.7", "none"},
      {"192.0.2.7:80", "none"},
      {"[::1]", "none"},
      {"fe80::1%lo", "none"},
      {"localhost", "none"},
      {std::string("192.0.2.7\0", 10), "none"},
      {std::string(300, ':'), "none"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}

TEST(IpAddress, of_a_node_may_have_a_port) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"192.0.2.7", "192.0.2.7"},
      {"192.0.2.7:5678", "192.0.2.7"},
      {"2001:db8::7", "2001:db8::7"},
      {"[2001:db8::7]", "2001:db8::7"},
      {"[2001:db8::7]:5678", "2001:db8::7"},
      {"[::ffff:10.0.0.1]:1", "10.0.0.1"},
      {"192.0.2.7:", "none"},
      {"192.0.2.7:65536", "none"},
      {"192.0.2.7:+1", "none"},
      {"[2001:db8::7", "none"},
      {"[2001:db8::7]5678", "none"},
      {"[2001:db8::7]:", "none"},
      {"[192.0.2.7]", "none"},
      {"[]", "none"},
      {"unknown", "none"},
      {"_hidden", "none"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(read_node(text), expected) << text;
}

TEST(IpNetwork, contains_what_begins_as_it_does) {
  struct Case {
    std::string network;
    std::vector<std::string> inside;
    std::vector<std::string> outside;
  };
  const std::vector<Case> cases{
      {"10.0.0.0/8", {"10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"}, {"11.0.0.0", "9.255.255.255", "::", "a00::"}},
      {"192.168.128.0/17", {"192.168.128.0", "192.168.255.1"}, {"192.168.127.255", "192.169.128.0"}},
      {"192.0.2.7", {"192.0.2.7"}, {"192.0.2.6", "192.0.2.8"}},
      {"192.0.2.7/32", {"192.0.2.7"}, {"192.0.2.6"}},
      {"0.0.0.0/0", {"0.0.0.0", "255.255.255.255"}, {"::1"}},
      {"2001:db8::/33", {"2001:db8::1", "2001:db8:7fff::"}, {"2001:db8:8000::", "2001:db9::", "32.1.13.184"}},
      {"::/0", {"::1", "ffff::"}, {"127.0.0.1"}},
      {"::1", {"::1"}, {"::2"}},
  };
  for (const Case& c : cases) {
    const auto network = IpNetwork::parse(c.network);
    ASSERT_TRUE(network) << c.network;
    for (const std::string& each : c.inside)
      EXPECT_TRUE(network->contains(IpAddress::parse(each).value())) << c.network << " " << each;
    for (const std::string& each : c.outside)
      EXPECT_FALSE(network->contains(IpAddress::parse(each).value())) << c.network << " " << each;
  }
}

TEST(IpNetwork, is_refused_where_it_is_not_clear_what_was_meant) {
  for (const char* text : {"", "*", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.1/8", "10/8",
                           "2001:db8::1/64", "2001:db8::/129", "example.com", "10.0.0.0/255.0.0.0", "/8"})
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
}

}  // namespace
}  // namespace bailey::web_detail
