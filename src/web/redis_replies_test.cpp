#include "web/redis_replies.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {
namespace {

std::string shown(const std::vector<RedisReply>& replies) {
  std::string text;
  for (const RedisReply& reply : replies) {
    text.append(reply.is_error ? "error " : "").append(reply.text);
    for (const long long number : reply.numbers) text.append(" ").append(std::to_string(number));
    text += '|';
  }
  return text;
}

TEST(RedisReplies, are_read_however_their_bytes_come) {
  struct Case {
    std::string_view bytes, replies;
  };
  for (const Case& c : std::vector<Case>{
           {"+PONG\r\n", "PONG|"},
           {"+OK\r\n+PONG\r\n", "OK|PONG|"},
           {"*3\r\n:1\r\n:5\r\n:-7\r\n", " 1 5 -7|"},
           {"*3\r\n:1\r\n:5\r\n:7\r\n*3\r\n:0\r\n:3\r\n:9\r\n", " 1 5 7| 0 3 9|"},
           {"-NOAUTH Authentication required.\r\n+OK\r\n", "error NOAUTH Authentication required.|OK|"},
           {"$5\r\na\r\nbc\r\n", "a\r\nbc|"},
           {"$-1\r\n*0\r\n:5\r\n", "|||"},
           {"*2\r\n$1\r\na\r\n:5\r\n", " 5|"},
           {"*16\r\n:1\r\n", ""},
       }) {
    for (std::size_t part = 1; part <= c.bytes.size(); ++part) {
      RedisReplies reader;
      std::vector<RedisReply> replies;
      for (std::size_t at = 0; at < c.bytes.size(); at += part)
        ASSERT_TRUE(reader.read(c.bytes.substr(at, part), replies)) << c.bytes;
      EXPECT_EQ(shown(replies), c.replies) << c.bytes << " in parts of " << part;
    }
  }
}

TEST(RedisReplies, are_not_made_of_what_nobody_has_asked_for) {
  for (const std::string_view bytes :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "*17\r\n", "*1000000000\r\n", "*2147483647\r\n",
        "*99999999999999999999\r\n", "*1\r\n*1\r\n:1\r\n", "*-2\r\n", ":x\r\n", "\r\n"}) {
    RedisReplies reader;
    std::vector<RedisReply> replies;
    EXPECT_FALSE(reader.read(bytes, replies)) << bytes;
    EXPECT_TRUE(replies.empty()) << bytes;
    EXPECT_FALSE(reader.read("+OK\r\n", replies)) << "nothing is read any more";
  }
}

TEST(RedisReplies, have_a_largest_size) {
  RedisReplies reader;
  std::vector<RedisReply> replies;
  const std::string part(4096, 'x');
  std::size_t taken = 0;
  EXPECT_TRUE(reader.read("+OK\r\n$2000000000\r\n", replies));
  while (taken < 2 * RedisReplies::most_bytes && reader.read(part, replies)) taken += part.size();
  EXPECT_LE(taken, RedisReplies::most_bytes);
  EXPECT_EQ(shown(replies), "OK|");
}

TEST(RedisReplies, are_not_limited_all_together) {
  RedisReplies reader;
  std::vector<RedisReply> replies;
  for (std::size_t i = 0; i < RedisReplies::most_bytes; ++i) ASSERT_TRUE(reader.read("+OK\r\n", replies));
  EXPECT_EQ(replies.size(), RedisReplies::most_bytes);
}

}  // namespace
}  // namespace bailey::web_detail
