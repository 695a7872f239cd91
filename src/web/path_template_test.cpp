#include <bailey/web/path_template.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::web_detail {
namespace {

std::string read(std::string_view path) {
  PathTemplateReader reader(path);
  Segment segment;
  std::string seen;
  while (reader.next(segment)) {
    static constexpr std::string_view letters = "=sinur";  // text, string, integer, number, uuid, rest
    seen += letters[static_cast<std::size_t>(segment.kind)];
    seen += segment.text;
    seen += '|';
  }
  return reader.problem() != nullptr ? "problem" : seen;
}

TEST(PathTemplate, is_cut_into_texts_and_placeholders) {
  struct Case {
    std::string_view path;
    std::string_view seen;
  };
  for (const Case& c : std::vector<Case>{
           {"/", "=|"},
           {"/cards", "=cards|"},
           {"/cards/", "=cards|=|"},
           {"/cards/{id}", "=cards|sid|"},
           {"/a/{b:str}/{c:int}/{d:float}/{e:uuid}", "=a|sb|ic|nd|ue|"},
           {"/files/{path:path}", "=files|rpath|"},
           {"//x", "=|=x|"},
           {"", "problem"},
           {"cards", "problem"},
           {"/cards/{}", "problem"},
           {"/100%", "=100%|"},
           {"/caf%C3%A9", "problem"},
           {"/a%2fb", "problem"},
           {"/cards?page=1", "problem"},
           {"/cards/{1d}", "problem"},
           {"/cards/{i-d}", "problem"},
           {"/cards/{id", "problem"},
           {"/cards/id}", "problem"},
           {"/cards/x{id}", "problem"},
           {"/cards/{id}.json", "problem"},
           {"/cards/{a}{b}", "problem"},
           {"/cards/{id:bool}", "problem"},
           {"/cards/{id:}", "problem"},
           {"/{rest:path}/more", "problem"},
           {"/{rest:path}/", "problem"},
       }) {
    EXPECT_EQ(read(c.path), c.seen) << c.path;
  }
}

TEST(PathTemplate, knows_its_placeholders_while_compiling) {
  static_assert(placeholder_kind("/cards/{id}", "id") == SegmentKind::string);
  static_assert(placeholder_kind("/cards/{id:int}/x", "id") == SegmentKind::integer);
  static_assert(placeholder_kind("/cards/id", "id") == SegmentKind::text);
  static_assert(placeholder_kind("/cards/{id}", "i") == SegmentKind::text);
}

}  // namespace
}  // namespace bailey::web_detail
