#include "http/form_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http::detail {
namespace {

TEST(FormText, is_decoded_once_and_bad_escapes_stay) {
  struct Case {
    std::string_view text;
    std::string_view decoded;
  };
  for (const Case& c : std::vector<Case>{{"", ""},
                                         {"a+b", "a b"},
                                         {"a%20b", "a b"},
                                         {"%2B%2b", "++"},
                                         {"%2541", "%41"},
                                         {"100%", "100%"},
                                         {"%4", "%4"},
                                         {"%zz%41", "%zzA"},
                                         {"%C3%A4", "\xC3\xA4"}}) {
    std::string out;
    decode_form_text(c.text, out);
    EXPECT_EQ(out, c.decoded) << c.text;
  }
}

TEST(FormText, compares_decoded) {
  EXPECT_TRUE(form_text_equals("limit", "limit", Case::sensitive));
  EXPECT_TRUE(form_text_equals("l%69mit", "limit", Case::sensitive));
  EXPECT_FALSE(form_text_equals("Limit", "limit", Case::sensitive));
  EXPECT_TRUE(form_text_equals("LIM%49T", "limit", Case::ignored));
  EXPECT_FALSE(form_text_equals("limits", "limit", Case::sensitive));
  EXPECT_FALSE(form_text_equals("lim", "limit", Case::sensitive));
}

TEST(FormText, pairs_are_cut_at_ampersands_and_the_first_equals_sign) {
  std::string seen;
  for_each_pair("a=1&&b&c=&d=x=y&=z", [&](std::string_view name, std::string_view value) {
    seen.append(name).append(":").append(value).append(" ");
  });
  EXPECT_EQ(seen, "a:1 b: c: d:x=y :z ");
}

TEST(FormText, gives_the_first_value_of_a_name) {
  EXPECT_EQ(form_value("a=1&%62=x%26+y&b=2", "b"), "x& y");
  EXPECT_EQ(form_value("b&b=2", "b"), "");
  EXPECT_EQ(form_value("a=1", "b"), "");
}

}  // namespace
}  // namespace bailey::http::detail
