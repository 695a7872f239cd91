#include "web/forwarded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace bailey::web_detail {
namespace {

// "node proto host", one element after the other; "malformed".
std::string read(std::string_view value) {
  std::vector<ForwardedElement> elements;
  if (!read_forwarded(value, elements)) return "malformed";
  std::string text;
  for (const ForwardedElement& each : elements) {
    if (!text.empty()) text += " | ";
    text += each.node + " " + each.proto + " " + each.host;
  }
  return text;
}

TEST(Forwarded, is_a_list_of_what_each_proxy_says) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60 http "},
      {"For=192.0.2.43, for=198.51.100.17", "192.0.2.43   | 198.51.100.17  "},
      {R"(for="[2001:db8:cafe::17]:4711";host="example.com:8000")", "[2001:db8:cafe::17]:4711  example.com:8000"},
      {"for=unknown , ,for=_hidden;proto=https,", "unknown   | _hidden https "},
      {R"(secret="a, for=1.2.3.4";for=5.6.7.8)", "5.6.7.8  "},
      {R"(for="1.2\.3.4")", "1.2.3.4  "},
      {"proto=https", " https "},
      {";for=a;;proto=b;", "a b "},
  };
  for (const auto& [value, expected] : cases) EXPECT_EQ(read(value), expected) << value;
}

TEST(Forwarded, that_is_malformed_anywhere_is_none) {
  for (const char* value :
       {"for", "for=", "=1.2.3.4", "for = 1.2.3.4", "for=[::1]", "for=1.2.3.4:80", R"(for="1.2.3.4)",
        R"(for="1.2.3.4, for=5.6.7.8)", R"(for="a"b)", R"(for="\)", "for=a for=b", "for=a;for=b", "for=a; proto=b"})
    EXPECT_EQ(read(value), "malformed") << value;
}

}  // namespace
}  // namespace bailey::web_detail
