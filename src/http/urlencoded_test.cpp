#include <bailey/http/urlencoded.hpp>

#include <gtest/gtest.h>

namespace bailey::http {
namespace {

std::string outcome(std::string_view body, const FormLimits& limits = {}) {
  const auto fields = parse_urlencoded(body, limits);
  if (!fields) return std::to_string(fields.error().http_status()) + " " + fields.error().message();
  std::string all;
  for (const FormField& field : *fields) all.append(field.name).append("=").append(field.value).append(";");
  return all;
}

TEST(Urlencoded, fields_are_decoded_in_order_and_blank_ones_kept) {
  EXPECT_EQ(outcome(""), "");
  EXPECT_EQ(outcome("a=1&b=&c&a=2+3%26&%61=%C3%A4&=x&&"), "a=1;b=;c=;a=2 3&;a=\xC3\xA4;=x;");
  EXPECT_EQ(outcome("a=%FF&%FF=%00"), std::string("a=\xEF\xBF\xBD;\xEF\xBF\xBD=\0;", 12));
}

TEST(Urlencoded, forms_over_a_limit_are_refused) {
  EXPECT_EQ(outcome("a=1&b=2", {.fields = 2}), "a=1;b=2;");
  EXPECT_EQ(outcome("a=1&b=2&&c", {.fields = 2}), "413 The form has more than 2 fields");
  EXPECT_EQ(outcome("ab=%41%41", {.field_bytes = 4}), "ab=AA;");
  EXPECT_EQ(outcome("ab=123", {.field_bytes = 4}), "413 A field of the form is longer than 4 bytes");
  EXPECT_EQ(outcome("abcde", {.field_bytes = 4}), "413 A field of the form is longer than 4 bytes");
  EXPECT_EQ(outcome("a=12", {.urlencoded_bytes = 4}), "a=12;");
  EXPECT_EQ(outcome("a=123", {.urlencoded_bytes = 4}), "413 The form is longer than 4 bytes");
}

}  // namespace
}  // namespace bailey::http
