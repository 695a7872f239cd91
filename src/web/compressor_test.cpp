#include "web/compressor.hpp"
#include "web/decompress.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace bailey::web_detail {
namespace {

using http::ContentCoding;
using web_testing::decompress;
using Then = Compressor::Then;

constexpr std::array codings{ContentCoding::gzip, ContentCoding::brotli, ContentCoding::zstd};
constexpr int level = 4;

std::string text_of(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i)
    text += "{\"id\":" + std::to_string(i * 7919 % 1000) + ",\"name\":\"card\"},";
  text.resize(size);
  return text;
}

std::string noise_of(std::size_t size) {
  std::mt19937 random(3);  // NOLINT(bugprone-random-generator-seed): the same each time
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

TEST(Compressor, makes_what_the_librarys_decoder_reads) {
  for (const ContentCoding coding : codings) {
    const auto compressor = make_compressor(coding, level);
    for (const std::size_t size : {0UL, 1UL, 500UL, 16'384UL, 65'536UL, 1'000'000UL}) {
      for (const std::string& text : {text_of(size), noise_of(size)}) {
        std::string made = "before ";
        compressor->begin(text.size());
        compressor->compress(text, Then::finish, made);
        ASSERT_TRUE(made.starts_with("before "));
        const auto back = decompress(coding, std::string_view(made).substr(7));
        EXPECT_TRUE(back.is_complete) << to_string(coding) << " " << size;
        EXPECT_TRUE(back.text == text) << to_string(coding) << " " << size;
      }
    }
    std::string made;
    compressor->begin(std::nullopt);
    compressor->compress(text_of(100'000), Then::finish, made);
    EXPECT_LT(made.size(), 20'000U) << to_string(coding);
  }
}

TEST(Compressor, flushes_so_that_all_that_was_put_in_can_be_read) {
  for (const ContentCoding coding : codings) {
    const auto compressor = make_compressor(coding, level);
    std::string made, expected;
    compressor->begin(std::nullopt);
    for (int i = 0; i < 50; ++i) {
      const std::string part = text_of(static_cast<std::size_t>(i) * 37 % 1000 + 1);
      expected += part;
      compressor->compress(part, Then::flush, made);
      const auto so_far = decompress(coding, made);
      EXPECT_TRUE(so_far.is_valid && !so_far.is_complete) << to_string(coding);
      ASSERT_EQ(so_far.text, expected) << to_string(coding);
    }
    compressor->compress({}, Then::finish, made);
    EXPECT_TRUE(decompress(coding, made).is_complete) << to_string(coding);
  }
}

TEST(Compressor, makes_the_same_text_of_any_parts) {
  std::mt19937 random(5);  // NOLINT(bugprone-random-generator-seed): the same each time
  const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); };
  for (const ContentCoding coding : codings) {
    const auto compressor = make_compressor(coding, level);
    for (int round = 0; round < 20; ++round) {
      const std::string text = text_of(up_to(300'000)) + noise_of(up_to(50'000));
      std::string made;
      compressor->begin(std::nullopt);
      for (std::string_view rest = text; !rest.empty();) {
        const std::string_view part = rest.substr(0, up_to(100'000));
        rest.remove_prefix(part.size());
        compressor->compress(part, up_to(3) == 0 ? Then::flush : Then::more, made);
      }
      compressor->compress({}, Then::finish, made);
      const auto back = decompress(coding, made);
      ASSERT_TRUE(back.is_complete && back.text == text) << to_string(coding);
    }
  }
}

TEST(Compressor, begins_anew_after_a_body_that_was_given_up) {
  for (const ContentCoding coding : codings) {
    const auto compressor = make_compressor(coding, level);
    std::string waste, made;
    compressor->begin(1'000'000);
    compressor->compress(text_of(100'000), Then::more, waste);
    compressor->begin(5);
    compressor->compress("hello", Then::finish, made);
    const auto back = decompress(coding, made);
    EXPECT_TRUE(back.is_complete) << to_string(coding);
    EXPECT_EQ(back.text, "hello") << to_string(coding);
  }
}

}  // namespace
}  // namespace bailey::web_detail
