#include <bailey/model/rules.hpp>

#include <bailey/base/secret.hpp>
#include <bailey/model/decode.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bailey {
namespace {

struct NewPost {
  std::string slug;
  std::optional<std::string> title;
  int rating = 0;
  Secret password;
};
struct Upper {
  std::string code;
};
struct Either {
  std::variant<Upper, int> value;
};

std::optional<std::string> is_free(const std::string& slug) {
  if (slug == "admin") return "this slug is taken";
  return std::nullopt;
}
// NOLINTNEXTLINE(misc-use-internal-linkage)
std::optional<std::string> trim(std::string& text) {
  while (text.ends_with(' ')) text.pop_back();
  if (text.empty()) return "nothing but blanks";
  return std::nullopt;
}
std::optional<std::string> is_odd(int number) {
  if (number % 2 == 0) return "an odd number, please";
  return std::nullopt;
}
std::optional<std::string> is_long(const Secret& secret) {
  if (secret.reveal().size() < 8) return "too weak";
  return std::nullopt;
}
std::optional<std::string> to_upper(std::string& code) {
  for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  return std::nullopt;
}

}  // namespace

template <>
constexpr auto rules<NewPost> =
    fields(field<&NewPost::slug>(min_length(3)), check<&NewPost::slug, is_free>(), check<&NewPost::title, trim>(),
           check<&NewPost::rating, is_odd>(), check<&NewPost::password, is_long>());
template <>
constexpr auto rules<Upper> = fields(check<&Upper::code, to_upper>());

namespace {

Decoded<NewPost> post(std::string_view slug, json::value title, int rating, std::string_view password = "long enough") {
  return decode<NewPost>(
      json::object{{"slug", slug}, {"title", std::move(title)}, {"rating", rating}, {"password", password}}, {"body"});
}

TEST(MemberChecks, are_told_at_their_members_whatever_is_wrong_with_others) {
  const auto refused = post("admin", nullptr, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_json_text(refused.error().to_json()),
            R"([{"type":"value_error","loc":["body","slug"],"msg":"Value error, this slug is taken","input":"admin",)"
            R"("ctx":{"error":{}}},{"type":"value_error","loc":["body","rating"],)"
            R"("msg":"Value error, an odd number, please","input":2,"ctx":{"error":{}}}])");
}

TEST(MemberChecks, are_not_asked_of_what_breaks_another_rule_or_is_not_there) {
  const auto refused = post("a", nullptr, 1);
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().entries.size(), 1U);
  EXPECT_EQ(refused.error().entries[0].type, "string_too_short");
  EXPECT_TRUE(decode_json<NewPost>(R"({"slug":"abc","rating":1,"password":"long enough"})"));
}

TEST(MemberChecks, that_take_a_reference_may_change_the_value) {
  const auto made = post("abc", "A title  ", 1);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->title, "A title");
  EXPECT_EQ(post("abc", "   ", 1).error().entries.at(0).loc, (Location{"body", "title"}));
}

TEST(MemberChecks, of_a_secret_do_not_repeat_it) {
  const auto refused = post("abc", nullptr, 1, "canary");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().entries.at(0).msg, "Value error, too weak");
  EXPECT_FALSE(to_json_text(refused.error().to_json()).contains("canary"));
}

TEST(MemberChecks, run_in_the_alternatives_of_a_variant_too) {
  const auto made = decode_json<Either>(R"({"value":{"code":"ab"}})");
  ASSERT_TRUE(made);
  EXPECT_EQ(std::get<Upper>(made->value).code, "AB");
}

}  // namespace
}  // namespace bailey
