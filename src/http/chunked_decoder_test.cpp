#include "http/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

struct Case {
  const char* name;
  std::string wire;
  int status;  // 0: accepted, -1: more is needed
  std::string body;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"nothing but the end", "0\r\n\r\n", 0, ""},
      {"one chunk", "2\r\nhi\r\n0\r\n\r\n", 0, "hi"},
      {"hexadecimal in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", 0, "01234567890123456789a"},
      {"leading zeros", "0002\r\nhi\r\n000\r\n\r\n", 0, "hi"},
      {"extension", "2;a=b;c=\"d\"\r\nhi\r\n0;x\r\n\r\n", 0, "hi"},
      {"quote left open in an extension", "2;a=\"\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"trailers are dropped", "2\r\nhi\r\n0\r\nX-T: 1\r\nContent-Length: 9\r\n\r\n", 0, "hi"},
      {"empty trailer value", "0\r\nX-T:\r\n\r\n", 0, ""},
      {"data that looks like an end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", 0, "0\r\n\r\n"},
      {"cut in the data", "5\r\nhi", -1, "hi"},
      {"cut before the last line", "2\r\nhi\r\n0\r\n", -1, "hi"},
      {"no size", "\r\nhi\r\n", 400, ""},
      {"sign", "+2\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"minus", "-2\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"0x", "0x2\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"space before the size", " 2\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"space behind the size", "2 \r\nhi\r\n0\r\n\r\n", 400, ""},
      {"as many digits as may be", "0000000000000002\r\nhi\r\n0000000000000000\r\n\r\n", 0, "hi"},
      {"one digit more", "00000000000000002\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"end of one digit more", "2\r\nhi\r\n00000000000000000\r\n\r\n", 400, "hi"},
      {"size beyond 64 bits", "ffffffffffffffffff\r\nhi\r\n", 400, ""},
      {"size that wraps to 2", "10000000000000002\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"bare LF behind the size", "2\nhi\r\n0\r\n\r\n", 400, ""},
      {"bare LF in an extension", "2;a\nhi\r\n0\r\n\r\n", 400, ""},
      {"bare CR behind the size", "2\rhi\r\n0\r\n\r\n", 400, ""},
      {"bare LF behind the data", "2\r\nhi\n0\r\n\r\n", 400, "hi"},
      {"data longer than its size", "2\r\nhiXX0\r\n\r\n", 400, "hi"},
      {"data shorter than its size", "3\r\nhi\r\n0\r\n\r\n", 400, "hi\r"},
      {"bare LF behind the last chunk", "0\n\r\n", 400, ""},
      {"bare LF as the end", "0\r\n\n", 400, ""},
      {"CR without LF as the end", "0\r\n\rX", 400, ""},
      {"trailer without a colon", "0\r\nX-T\r\n\r\n", 400, ""},
      {"folded trailer", "0\r\nX-T: 1\r\n 2\r\n\r\n", 400, ""},
      {"space in a trailer's name", "0\r\nX T: 1\r\n\r\n", 400, ""},
      {"control character in a trailer", "0\r\nX-T: \x01\r\n\r\n", 400, ""},
      {"bare LF behind a trailer", "0\r\nX-T: 1\n\r\n", 400, ""},
      {"long extension", "2;" + std::string(5000, 'a') + "\r\nhi\r\n0\r\n\r\n", 400, ""},
      {"many trailers",
       "0\r\n" +
           [] {
             std::string t;
             for (int i = 0; i < 1000; ++i) t += "a: b\r\n";
             return t;
           }() +
           "\r\n",
       431, ""},
  };
  return all;
}

struct Outcome {
  int status = -1;
  std::string body;
  std::size_t consumed = 0;
};

// Feeds `wire` in parts of `part` bytes.
Outcome decode(std::string_view wire, std::size_t part) {
  ChunkedDecoder decoder;
  Outcome outcome;
  while (outcome.consumed < wire.size()) {
    const std::string elsewhere(wire.substr(outcome.consumed, part));
    const auto step = decoder.next(elsewhere);
    outcome.consumed += step.consumed;
    outcome.body.append(step.data);
    if (step.status == ChunkedDecoder::Status::done) outcome.status = 0;
    if (step.status == ChunkedDecoder::Status::refused) outcome.status = decoder.refusal().status;
    if (outcome.status != -1) break;
  }
  return outcome;
}

TEST(ChunkedDecoder, decides_each_case_however_it_is_split) {
  for (const Case& c : cases()) {
    for (std::size_t part : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, c.wire.size()}) {
      SCOPED_TRACE(std::string(c.name) + " in parts of " + std::to_string(part));
      const Outcome outcome = decode(c.wire, part);
      EXPECT_EQ(outcome.status, c.status);
      EXPECT_EQ(outcome.body, c.body);
      if (c.status == 0) {
        EXPECT_EQ(outcome.consumed, c.wire.size());
      }
    }
  }
}

TEST(ChunkedDecoder, leaves_what_follows_the_body_alone) {
  for (const Case& c : cases()) {
    if (c.status != 0) continue;
    SCOPED_TRACE(c.name);
    EXPECT_EQ(decode(c.wire + "GET /next HTTP/1.1\r\n", 100000).consumed, c.wire.size());
  }
}

TEST(ChunkedDecoder, counts_the_extensions_of_all_chunks_together) {
  std::string wire;
  for (int i = 0; i < 200; ++i) wire += "1;" + std::string(30, 'a') + "\r\nx\r\n";
  EXPECT_EQ(decode(wire, wire.size()).status, 400);
}

}  // namespace
}  // namespace bailey::http
