#include "http/head_parser.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

using Status = HeadParser::Status;
constexpr std::string_view nul("\0", 1);

struct Case {
  const char* name;
  std::string head;
  int status;  // 0: accepted
};

std::string get(std::string_view fields) {
  return std::string("GET / HTTP/1.1\r\nHost: a\r\n").append(fields) + "\r\n";
}
std::string post(std::string_view fields) {
  return std::string("POST / HTTP/1.1\r\nHost: a\r\n").append(fields) + "\r\n";
}
std::string target(std::string_view text) { return std::string("GET ").append(text) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"plain", get(""), 0},
      {"names in any case", "GET / HTTP/1.1\r\nhOsT: a\r\n\r\n", 0},
      {"tab around a value", get("X-A:\t b \t\r\n"), 0},
      {"empty value", get("X-A:\r\n"), 0},
      {"no space after the colon", get("X-A:b\r\n"), 0},
      {"bytes above 0x7f in a value", get("X-A: \xc3\xa9\r\n"), 0},
      {"one empty line before", "\r\n" + get(""), 0},
      {"two empty lines before", "\r\n\r\n" + get(""), 400},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"lower-case method is another one", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0},
      // Smuggling: where does the body end?
      {"length and coding", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
      {"equal lengths", post("Content-Length: 2\r\nContent-Length: 2\r\n"), 400},
      {"different lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n"), 400},
      {"list of lengths", post("Content-Length: 2, 2\r\n"), 400},
      {"signed length", post("Content-Length: +2\r\n"), 400},
      {"negative length", post("Content-Length: -1\r\n"), 400},
      {"hexadecimal length", post("Content-Length: 0x2\r\n"), 400},
      {"empty length", post("Content-Length:\r\n"), 400},
      {"length with a space inside", post("Content-Length: 1 2\r\n"), 400},
      {"length beyond 64 bits", post("Content-Length: 99999999999999999999\r\n"), 400},
      {"length that wraps to 2", post("Content-Length: 18446744073709551618\r\n"), 400},
      {"underscore is another name", post("Content_Length: 9\r\n"), 0},
      {"coding xchunked", post("Transfer-Encoding: xchunked\r\n"), 501},
      {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n"), 501},
      {"identity", post("Transfer-Encoding: identity\r\nContent-Length: 2\r\n"), 501},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"gzip", post("Transfer-Encoding: gzip\r\n"), 501},
      {"chunked twice in one", post("Transfer-Encoding: chunked, chunked\r\n"), 501},
      {"two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"two codings, one odd", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n"), 400},
      {"empty coding", post("Transfer-Encoding:\r\n"), 501},
      {"coding in quotes", post("Transfer-Encoding: \"chunked\"\r\n"), 501},
      {"coding behind a vertical tab", post("Transfer-Encoding: \vchunked\r\n"), 400},
      {"coding with a parameter", post("Transfer-Encoding: chunked;a=b\r\n"), 501},
      {"coding in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunked in capitals", post("Transfer-Encoding: CHUNKED\r\n"), 0},
      // Smuggling: where does a line end, and what is its name?
      {"space before the colon", post("Content-Length : 2\r\n"), 400},
      {"tab before the colon", post("Content-Length\t: 2\r\n"), 400},
      {"folded line", get("X-A: one\r\n two\r\n"), 400},
      {"folded by a tab", get("X-A: one\r\n\ttwo\r\n"), 400},
      {"first field folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", 400},
      {"bare LF as the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"bare CR in a value", get("X-A: a\rb\r\n"), 400},
      {"CR CR LF", get("X-A: a\r\r\n"), 400},
      {"NUL in a value", get("X-A: a" + std::string(nul) + "b\r\n"), 400},
      {"DEL in a value", get("X-A: a\x7f\r\n"), 400},
      {"control character in a name", get("X-\x01: a\r\n"), 400},
      {"empty name", get(": a\r\n"), 400},
      {"no colon", get("X-A\r\n"), 400},
      {"space in a name", get("X A: b\r\n"), 400},
      {"byte above 0x7f in a name", get("X-\xc3\xa9: b\r\n"), 400},
      // The request line.
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
      {"HTTP/1", "GET / HTTP/1\r\nHost: a\r\n\r\n", 400},
      {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/+1.1", "GET / HTTP/+.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"space first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"forbidden character in the method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"hello of TLS", "\x16\x03\x01\x02\x00\x01\x00", 400},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      // The target.
      {"query", target("/a/b?c=d&e"), 0},
      {"brackets as browsers send them", target("/a[1]|b?f[x]={1}"), 0},
      {"what curl sends unescaped in a query", target("/a?select=data->>name&b=\"<c>\""), 0},
      {"the same in a path", target("/a->>name"), 400},
      {"escape", target("/a%20b%2Fc"), 0},
      {"star for GET", target("*"), 400},
      {"star for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"absolute-form", target("http://a/x"), 0},
      {"absolute-form without a path", target("http://a?x"), 0},
      {"absolute-form of another host", target("http://evil/x"), 400},
      {"absolute-form with a user", target("http://me@a/x"), 400},
      {"another scheme", target("ftp://a/x"), 400},
      {"relative target", target("a"), 400},
      {"fragment", target("/a#b"), 400},
      {"raw quote", target("/\""), 400},
      {"raw byte above 0x7f", target("/\xc3\xa9"), 400},
      {"raw byte above 0x7f in the query, as curl sends it", target("/?\xc3\xa9"), 0},
      {"backslash in the path", target("/a\\b"), 400},
      {"control character in the target", target("/a\x01"), 400},
      {"escaped NUL", target("/%00"), 400},
      {"half an escape", target("/%2"), 400},
      {"escape without digits", target("/%zz"), 400},
      // Host.
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("Host: a\r\n"), 400},
      {"two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"Host with a question mark", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", 400},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"Host with a port", "GET / HTTP/1.1\r\nHost: a.example:8000\r\n\r\n", 0},
      {"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n", 400},
      {"IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
      {"IPv6 Host not closed", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      // Expect.
      {"100-continue", post("Expect: 100-Continue\r\nContent-Length: 1\r\n"), 0},
      {"another expectation", post("Expect: 200-ok\r\n"), 417},
      // Limits.
      {"long target", target("/" + std::string(9000, 'a')), 414},
      {"longest request line", target("/" + std::string(8 * 1024 - 14, 'a')), 0},
      {"one more", target("/" + std::string(8 * 1024 - 13, 'a')), 414},
      {"long line without an end", std::string(9000, 'a'), 414},
      {"large field", get("X-A: " + std::string(33'000, 'a') + "\r\n"), 431},
      {"endless field", "GET / HTTP/1.1\r\nX-A: " + std::string(33'000, 'a'), 431},
      {"many fields", get([] {
         std::string all_fields;
         for (int i = 0; i < 100; ++i) all_fields += "a: b\r\n";
         return all_fields;
       }()),
       431},
      {"as many as allowed", get([] {
         std::string all_fields;
         for (int i = 0; i < 99; ++i) all_fields += "a: b\r\n";
         return all_fields;
       }()),
       0},
  };
  return all;
}

std::string describe(const HeadParser& parser, Status status) {
  if (status == Status::refused)
    return std::to_string(parser.refusal().status) + " " + std::string(parser.refusal().detail);
  return status == Status::complete ? "complete" : "incomplete";
}

std::string describe(const RequestHead& head) {
  std::string text(head.method_text);
  text.append(" ").append(head.path).append(" ").append(head.query).append(" ").append(head.host);
  text.append(std::to_string(head.content_length))
      .append(head.chunked ? " chunked" : "")
      .append(head.keep_alive ? " keep" : "");
  for (const HeaderField& field : head.fields) text.append("|").append(field.name).append("=").append(field.value);
  return text;
}

TEST(HeadParser, accepts_and_refuses_each_case) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    HeadParser parser;
    RequestHead head;
    const Status status = parser.parse(c.head, head);
    if (c.status == 0) {
      ASSERT_EQ(describe(parser, status), "complete");
      EXPECT_EQ(parser.size(), c.head.size());
    } else {
      ASSERT_EQ(status, Status::refused);
      EXPECT_EQ(parser.refusal().status, c.status) << parser.refusal().detail;
    }
  }
}

// However a head is split in two, and wherever it lies in memory, the outcome is the same; nothing is complete early.
TEST(HeadParser, decides_the_same_for_each_split_in_two) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    HeadParser whole;
    RequestHead whole_head;
    const std::string expected = describe(whole, whole.parse(c.head, whole_head));
    const std::size_t step = c.head.size() > 1000 ? 97 : 1;
    for (std::size_t split = 0; split < c.head.size(); split += step) {
      HeadParser parser;
      RequestHead head;
      const std::string first = c.head.substr(0, split);
      const Status early = parser.parse(first, head);
      if (early == Status::refused) {
        EXPECT_EQ(describe(parser, early), expected) << "split at " << split;
        continue;
      }
      ASSERT_EQ(early, Status::incomplete) << "split at " << split;
      ASSERT_EQ(describe(parser, parser.parse(c.head, head)), expected) << "split at " << split;
      if (c.status == 0) {
        ASSERT_EQ(describe(head), describe(whole_head)) << "split at " << split;
      }
    }
  }
}

TEST(HeadParser, decides_the_same_byte_by_byte) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    HeadParser whole;
    RequestHead head;
    const std::string expected = describe(whole, whole.parse(c.head, head));
    HeadParser parser;
    Status status = Status::incomplete;
    std::size_t given = 0;
    while (status == Status::incomplete && given < c.head.size()) {
      const std::string elsewhere = c.head.substr(0, ++given);
      status = parser.parse(elsewhere, head);
    }
    EXPECT_EQ(describe(parser, status), expected);
    if (c.status == 0) {
      EXPECT_EQ(given, c.head.size());
    }
  }
}

TEST(HeadParser, decides_the_same_behind_a_pipelined_request) {
  const std::string before = "POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    HeadParser alone;
    RequestHead head;
    const std::string expected = describe(alone, alone.parse(c.head, head));
    const std::string both = before + c.head;
    HeadParser parser;
    ASSERT_EQ(parser.parse(both, head), Status::complete);
    const std::size_t size = parser.size() + head.content_length;
    ASSERT_EQ(size, before.size());
    EXPECT_EQ(describe(parser, parser.parse(std::string_view(both).substr(size), head)), expected);
  }
}

TEST(HeadParser, takes_a_head_apart) {
  const std::string text =
      "PATCH http://a.example:80/x%20y/z?q=1?2 HTTP/1.1\r\nHost: A.example:80\r\nX-One:  a b \r\nX-One: c\r\n"
      "Connection: foo, Close\r\nExpect: 100-continue\r\nContent-Length: 0007\r\n\r\n";
  HeadParser parser;
  RequestHead head;
  ASSERT_EQ(parser.parse(text, head), Status::complete);
  EXPECT_EQ(head.method, Method::patch);
  EXPECT_EQ(head.target, "http://a.example:80/x%20y/z?q=1?2");
  EXPECT_EQ(head.raw_path, "/x%20y/z");
  EXPECT_EQ(head.path, "/x y/z");
  EXPECT_EQ(head.query, "q=1?2");
  EXPECT_EQ(head.host, "a.example:80");
  EXPECT_EQ(head.content_length, 7U);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_EQ(head.header("x-one"), "a b");
  EXPECT_EQ(head.header_count("X-ONE"), 2U);
  EXPECT_EQ(head.header("x-two"), std::nullopt);
}

TEST(HeadParser, finds_a_field_by_its_name_in_any_case_whatever_its_length_and_no_other) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        RequestHead head;
        std::string sent(size, 'x');
        sent[place] = static_cast<char>(byte);
        head.fields.push_back({sent, "here"});
        for (const int other : {byte, byte ^ 0x20, byte ^ 0x80, byte ^ 0xA0, (byte + 1) & 0xFF}) {
          std::string wanted(size, 'X');
          wanted[place] = static_cast<char>(other);
          ASSERT_EQ(head.header(wanted).has_value(),
                    bailey::ascii::lower(sent[place]) == bailey::ascii::lower(wanted[place]))
              << byte << " and " << other << " at " << place << " of " << size;
        }
      }
    }
  }
}

TEST(HeadParser, lets_a_tab_into_a_value_and_no_other_control_character_wherever_it_stands) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t place : {1U, 7U, 16U, 31U, 33U, 62U}) {
      std::string value(64, 'v');
      value[place] = static_cast<char>(byte);
      const bool fits = byte == '\t' || (byte >= 0x20 && byte != 0x7F);
      EXPECT_EQ(is_field_value(value), fits) << byte << " at " << place;
      EXPECT_EQ(is_field_value(value + "\t"), fits) << byte << " at " << place << ", and a tab";
    }
  }
}

TEST(HeadParser, keeps_alive_as_version_and_connection_say) {
  struct Keep {
    const char *version, *connection;
    bool keep;
  };
  for (const Keep& c : {Keep{"1.1", "", true}, Keep{"1.1", "Connection: close\r\n", false}, Keep{"1.0", "", false},
                        Keep{"1.0", "Connection: Keep-Alive\r\n", true},
                        Keep{"1.1", "Connection: keep-alive\r\nConnection: close\r\n", false}}) {
    const std::string text = std::string("GET / HTTP/") + c.version + "\r\nHost: a\r\n" + c.connection + "\r\n";
    HeadParser parser;
    RequestHead head;
    ASSERT_EQ(parser.parse(text, head), Status::complete);
    EXPECT_EQ(head.keep_alive, c.keep) << text;
  }
}

}  // namespace
}  // namespace bailey::http
