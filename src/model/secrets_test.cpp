// What is marked secret must not come back, whatever is wrong with the input around it.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

struct Login {
  std::string email;
  std::string password;
};
struct Token {
  Secret value;
  int uses;
};
struct Plain {
  std::string note;
};
struct Outer {
  int id;
  Login login;
  std::vector<Token> tokens;
  std::optional<Plain> plain;
  std::map<std::string, std::string> headers;
};
struct Loop {
  std::string name;
  std::vector<Loop> next;
};

}  // namespace

template <>
constexpr auto rules<Login> =
    fields(field<&Login::email>(format::email), field<&Login::password>(secret, min_length(12), pattern("^[a-z]+$")),
           forbid_extra());
template <>
constexpr auto rules<Outer> = fields(field<&Outer::headers>(secret));

namespace {

static_assert(detail::holds_secret<Login> && detail::holds_secret<Token> && detail::holds_secret<Outer>);
static_assert(detail::holds_secret<std::vector<std::optional<Token>>> &&
              detail::holds_secret<std::variant<int, Login>>);
static_assert(!detail::holds_secret<Plain> && !detail::holds_secret<Loop> && !detail::holds_secret<std::string>);

TEST(Secrets, never_come_back_in_an_error) {
  const std::vector<std::string> inputs = {
      R"({"login":{"email":"a@b.c","password":"CANARY"}})",        // too short
      R"({"login":{"email":"a@b.c","password":"CANARYCANARY"}})",  // wrong pattern
      R"({"login":{"email":"a@b.c","password":["CANARY"]}})",      // wrong kind
      R"({"login":{"email":"a@b.c","password":{"x":"CANARY"}}})",
      R"({"login":{"password":"CANARYCANARY"}})",           // a sibling is missing
      R"({"login":{"email":"a@b.c","pasword":"CANARY"}})",  // misspelt: an extra
      R"({"login":["a@b.c","CANARY"]})",                    // not an object
      R"({"login":"CANARY"})",
      R"({"tokens":"CANARY"})",
      R"({"tokens":{"value":"CANARY"}})",
      R"({"tokens":["CANARY"]})",
      R"({"tokens":[{"value":"CANARY"}]})",  // its sibling is missing
      R"({"tokens":[{"value":{"CANARY":1},"uses":1}]})",
      R"({"tokens":[{"value":["CANARY"],"uses":1}]})",
      R"({"tokens":[{"value":7,"uses":"x"}],"login":{"email":"x","password":"CANARY"}})",
      R"({"headers":{"authorization":{"deep":"CANARY"}}})",
      R"({"headers":["CANARY"]})",
      R"({"headers":"CANARY"})",
      R"(["CANARY"])",
      R"("CANARY")",
      R"({"id":1,"login":{"email":"a@b.c","password":"CANARY)",  // cut off
      R"({"login":{"password":"CANARY","password":"CANARY"}})",
  };
  for (const std::string& input : inputs) {
    const auto result = decode_json<Outer>(input, {"body"});
    ASSERT_FALSE(result) << input;
    const std::string text = to_json_text(result.error().to_json());
    EXPECT_EQ(text.find("CANARY"), std::string::npos) << input << "\n" << text;
  }
}

TEST(Secrets, do_not_come_back_from_the_alternatives_of_a_variant) {
  using Either = std::variant<Plain, Login>;
  const auto result = decode_json<Either>(R"({"password":"CANARY"})");
  ASSERT_FALSE(result);
  EXPECT_EQ(to_json_text(result.error().to_json()).find("CANARY"), std::string::npos);
}

TEST(Secrets, do_not_come_back_from_parameters) {
  const auto result = decode_text<Secret>("CANARY", {"header", "x-key"}, constraints(min_length(20)));
  ASSERT_FALSE(result);
  EXPECT_EQ(to_json_text(result.error().to_json()).find("CANARY"), std::string::npos);
}

TEST(Secrets, do_not_hide_their_neighbours_outside_the_object) {
  const auto result = decode_json<Outer>(
      R"({"id":"seven","login":{"email":"a@b.cc","password":"abcdefghijkl"},"tokens":[],"headers":{},"plain":{"note":3}})");
  ASSERT_FALSE(result);
  EXPECT_EQ(to_json_text(result.error().to_json()),
            R"([{"type":"int_type","loc":["id"],"msg":"Input should be a valid integer","input":"seven"},)"
            R"({"type":"string_type","loc":["plain","note"],"msg":"Input should be a valid string","input":3}])");
}

TEST(Secrets, are_encoded_as_asterisks) {
  EXPECT_EQ(encode(Login{.email = "a@b.c", .password = "CANARY"}), R"({"email":"a@b.c","password":"**********"})");
  EXPECT_EQ(encode(Token{.value = Secret(std::string("CANARY")), .uses = 1}), R"({"value":"**********","uses":1})");
}

}  // namespace
}  // namespace bailey
