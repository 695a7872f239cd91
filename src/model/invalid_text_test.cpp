#include <bailey/model/invalid_text.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace bailey {
namespace {

const std::string latin1 = "caf\xe9";

struct Part {
  std::string name;
  std::optional<std::string> note;
};
struct Whole {
  int number;
  Maybe<std::string> title;
  std::vector<Part> parts;
  std::map<std::string, std::string> words;
  std::variant<std::monostate, bool, std::string> any;
  json::value document;
  std::vector<bool> flags;
  std::chrono::sys_days day;
};

Whole good() {
  return {.number = 1,
          .title = std::string("caf\u00e9"),
          .parts = {{"\ufffd", std::nullopt}},
          .words = {{"a", "b"}},
          .any = std::monostate(),
          .document = {{"a", {1, "b", nullptr}}},
          .flags = {true, false},
          .day = {}};
}

std::string found_in(const auto& value) {
  const auto location = find_invalid_text(value);
  if (!location) return "nothing";
  std::string text = "at";
  for (const auto& step : *location) {
    text += ' ';
    if (const auto* name = std::get_if<std::string>(&step)) text += *name;
    if (const auto* index = std::get_if<std::int64_t>(&step)) text += std::to_string(*index);
  }
  return text;
}

TEST(InvalidText, is_not_found_where_all_is_utf8) {
  EXPECT_EQ(found_in(good()), "nothing");
  EXPECT_EQ(found_in(std::string("caf\u00e9")), "nothing");
}

TEST(InvalidText, is_found_wherever_it_stands_in_a_model) {
  Whole whole = good();
  whole.title = latin1;
  EXPECT_EQ(found_in(whole), "at title");
  whole = good();
  whole.parts.push_back({"a", latin1});
  EXPECT_EQ(found_in(whole), "at parts 1 note");
  EXPECT_EQ(found_in(std::vector<Whole>{good(), whole}), "at 1 parts 1 note");
  whole = good();
  whole.words["k"] = latin1;
  EXPECT_EQ(found_in(whole), "at words k");
  whole = good();
  whole.any = latin1;
  EXPECT_EQ(found_in(whole), "at any");
}

TEST(InvalidText, is_found_in_a_document_and_in_its_names) {
  Whole whole = good();
  whole.document = {{"a", {1, latin1}}};
  EXPECT_EQ(found_in(whole), "at document a 1");
  EXPECT_EQ(found_in(json::object{{"a", json::object{{latin1, 1}}}}), "at a caf\ufffd");
  EXPECT_EQ(found_in(std::vector<json::value>{1, json::string(latin1)}), "at 1");
}

}  // namespace
}  // namespace bailey
