#include "http/client_request.hpp"

#include <gtest/gtest.h>

namespace bailey::http::detail {
namespace {

ClientRequest request(std::string method, std::string url, std::string name = "accept", std::string value = "*/*") {
  ClientRequest made;
  made.method = std::move(method);
  made.url = std::move(url);
  made.headers.emplace_back(std::move(name), std::move(value));
  return made;
}

TEST(ClientRequest, is_sent_when_it_is_well_formed) {
  EXPECT_EQ(why_unsendable(request("GET", "http://localhost/")), std::nullopt);
  EXPECT_EQ(why_unsendable(request("PATCH", "HTTPS://example.com:8443/a?b=c%20d", "X-A", "a\tb \xc3\xa4")),
            std::nullopt);
  EXPECT_EQ(why_unsendable(request("GET", "http://localhost/", "x-empty", "")), std::nullopt);
}

TEST(ClientRequest, is_refused_when_a_part_of_it_could_become_another) {
  const ClientRequest cases[] = {
      request("", "http://a/"),
      request("GET /other HTTP/1.1", "http://a/"),
      request("GET\r\nX: y", "http://a/"),
      request("GET", ""),
      request("GET", "/relative"),
      request("GET", "file:///etc/passwd"),
      request("GET", "ftp://a/"),
      request("GET", "gopher://a/"),
      request("GET", "http://a/ b"),
      request("GET", "http://a/\r\nX: y"),
      request("GET", std::string("http://a/\0b", 11)),
      request("GET", "http://a/", "", "x"),
      request("GET", "http://a/", "x y", "x"),
      request("GET", "http://a/", "x:", "x"),
      request("GET", "http://a/", "x\r\ny", "x"),
      request("GET", "http://a/", "x", "a\r\nb: c"),
      request("GET", "http://a/", "x", "a\nb"),
      request("GET", "http://a/", "x", std::string("a\0b", 3)),
      request("GET", "http://a/", "Content-Length", "5"),
      request("GET", "http://a/", "transfer-encoding", "chunked"),
      request("GET", "http://a/", "Expect", "100-continue"),
  };
  for (const ClientRequest& bad : cases) {
    EXPECT_NE(why_unsendable(bad), std::nullopt) << bad.method << " " << bad.url << " " << bad.headers[0].second;
  }
}

TEST(ClientResponse, takes_header_lines_in_any_form) {
  ClientResponse response;
  for (const std::string_view line :
       {"HTTP/1.1 100 Continue\r\n", "Old: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "Content-Type:  text/plain \t\r\n",
        "EMPTY:\r\n", "Set-Cookie: a=b: c\r\n", "set-cookie: d\r\n", "nonsense\r\n", "\r\n"}) {
    take_header_line(line, response);
  }
  EXPECT_EQ(response.headers.size(), 4u);
  EXPECT_EQ(response.header("content-type"), "text/plain");
  EXPECT_EQ(response.header("Content-TYPE"), "text/plain");
  EXPECT_EQ(response.header("empty"), "");
  EXPECT_EQ(response.header("set-cookie"), "a=b: c");
  EXPECT_EQ(response.header("old"), std::nullopt);
}

}  // namespace
}  // namespace bailey::http::detail
