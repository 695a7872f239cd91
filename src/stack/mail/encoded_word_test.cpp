#include "stack/mail/encoded_word.hpp"

#include <gtest/gtest.h>

namespace bailey::stack::mail {
namespace {

TEST(EncodedWords, leave_short_ascii_as_it_is) {
  EXPECT_EQ(encoded_words("Confirm your email address", 9), "Confirm your email address");
}

TEST(EncodedWords, come_back_and_are_lines_of_76_characters_of_whole_utf8_characters) {
  for (const std::string& text :
       {std::string("Grüße aus München"), std::string(" leading"), std::string("=?UTF-8?B?aGk=?="),
        std::string("日本語のとても長い件名") + std::string(60, 'x'), [] {
          std::string many;
          for (int i = 0; i < 100; ++i) many += "😀";
          return many;
        }()}) {
    std::string encoded = encoded_words(text, 9);
    EXPECT_EQ(from_encoded_words(encoded), text);
    std::size_t used = 9;
    while (!encoded.empty()) {
      const std::size_t end = std::min(encoded.find("\r\n"), encoded.size());
      EXPECT_LE(used + end, 76U) << encoded;
      for (const char c : encoded.substr(0, end)) EXPECT_TRUE(c >= ' ' && c < 0x7f);
      encoded.erase(0, end + 2);
      used = 0;
    }
  }
}

TEST(EncodedWords, of_strangers_are_decoded_where_they_are_some) {
  struct Case {
    std::string_view value, text;
  };
  for (const auto& [value, text] : std::initializer_list<Case>{{"plain", "plain"},
                                                               {"=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= M", "Grüße aus M"},
                                                               {"=?ISO-8859-1?Q?Andr=E9?=", "André"},
                                                               {"=?utf-8?B?R3LDvA==?=\r\n =?utf-8?B?w59l?=", "Grüße"},
                                                               {"=?utf-8?B?w?= =?utf-8?B?x?=", ""},
                                                               {"=?utf-8*de?Q?ja?=", "ja"},
                                                               {"=?utf-8?X?aa?=", "=?utf-8?X?aa?="},
                                                               {"=?utf-8?Q?not closed", "=?utf-8?Q?not closed"},
                                                               {"=?x-unknown?Q?=FF?=", "\xEF\xBF\xBD"},
                                                               {"a =?utf-8?Q?b?= c", "a b c"}}) {
    EXPECT_EQ(from_encoded_words(value), text) << value;
  }
}

// Each of these took a time of the square of its length.
TEST(EncodedWords, without_an_end_and_runs_of_blanks_are_read_in_one_go) {
  std::string endless;
  for (int i = 0; i < 10'000; ++i) endless += "=?u?q?x";
  EXPECT_EQ(from_encoded_words(endless), endless);
  const std::string blanks = "a" + std::string(250'000, ' ') + "b";
  EXPECT_EQ(from_encoded_words(blanks), blanks);
  const std::string between = "=?utf-8?Q?a?=" + std::string(250'000, ' ');
  EXPECT_EQ(from_encoded_words(between + "=?utf-8?Q?b?="), "ab");
  EXPECT_EQ(from_encoded_words(between + "b"), "a" + std::string(250'000, ' ') + "b");
}

TEST(EncodedWords, of_two_that_split_a_character_are_joined) {
  EXPECT_EQ(from_encoded_words("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?="), "ü");
}

}  // namespace
}  // namespace bailey::stack::mail
