#include "stack/mail/transfer_encoding.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bailey::stack::mail {
namespace {

std::string any_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() % 256);
  return bytes;
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      out += "\r\n";
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(QuotedPrintable, comes_back_as_it_was_with_its_line_ends_as_crlf) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts every time
  for (std::size_t size = 0; size < 400; ++size) {
    const std::string text = any_bytes(random, size);
    const std::string encoded = quoted_printable(text);
    EXPECT_EQ(from_quoted_printable(encoded), with_crlf(text)) << size;
  }
}

TEST(QuotedPrintable, has_lines_of_printable_ascii_of_76_characters_at_most_without_a_blank_at_their_end) {
  std::mt19937 random(8);  // NOLINT(cert-msc51-cpp)
  for (int round = 0; round < 200; ++round) {
    std::string encoded = quoted_printable(any_bytes(random, 500) + std::string(300, 'a') + " \t");
    while (!encoded.empty()) {
      const std::size_t end = std::min(encoded.find("\r\n"), encoded.size());
      const std::string line = encoded.substr(0, end);
      encoded.erase(0, end + 2);
      EXPECT_LE(line.size(), 76U);
      EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t')) << line;
      for (const char c : line) EXPECT_TRUE(c == '\t' || (c >= ' ' && c < 0x7f));
    }
  }
}

TEST(QuotedPrintable, of_strangers_is_read_as_far_as_it_goes) {
  EXPECT_EQ(from_quoted_printable("a=3Db"), "a=b");
  EXPECT_EQ(from_quoted_printable("a=c3=A9"), "a\xC3\xA9");
  EXPECT_EQ(from_quoted_printable("soft=\r\n break= \n s"), "soft break s");
  EXPECT_EQ(from_quoted_printable("=ZZ = =4"), "=ZZ = =4");
  EXPECT_EQ(from_quoted_printable("end="), "end");
}

TEST(Base64, of_strangers_is_read_through_line_ends_and_what_is_none) {
  EXPECT_EQ(from_base64("aGVs\r\nbG8=\r\n"), "hello");
  EXPECT_EQ(from_base64("aGVs*bG8"), "hello");
  EXPECT_EQ(from_base64("aGVsbG8=aGVsbG8="), "hello");
  EXPECT_EQ(from_base64("a"), "");
  EXPECT_EQ(from_base64(base64_lines(std::string(1000, '\xFF'))), std::string(1000, '\xFF'));
}

}  // namespace
}  // namespace bailey::stack::mail
