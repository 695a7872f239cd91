// One table of bodies through three harnesses: whole, cut in two at each byte, and byte by byte.
#include <bailey/http/multipart.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::http {
namespace {

using Event = MultipartParser::Event;

constexpr std::string_view form = "multipart/form-data; boundary=XyZ";

// What a body comes to, as text: `a=1` for a field, `f<name.txt|type>=bytes` for a file, `!code: sentence` for an
// error; a part that was not completed is left out.
std::string outcome(const std::vector<std::string_view>& pieces, const FormLimits& limits = {},
                    std::string_view content_type = form) {
  auto parser = MultipartParser::of(content_type, limits);
  if (!parser) return "!" + parser.error().code();
  std::string all, part;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const auto step = parser->next(piece);
      if (step.event == Event::refused)
        return all + "!" + parser->error().code() + " " + std::to_string(parser->error().http_status()) + ": " +
               parser->error().message();
      piece.remove_prefix(step.consumed);
      if (step.event == Event::part) {
        const PartHead& head = parser->head();
        part = head.name;
        if (head.filename) part += "<" + *head.filename + "|" + head.content_type + ">";
        part += "=";
      } else if (step.event == Event::data) {
        EXPECT_FALSE(step.data.empty());
        part.append(step.data);
      } else if (step.event == Event::part_end) {
        all += part + ";";
      }
    }
  }
  const auto end = parser->finish();
  return end ? all : all + "!" + end.error().code() + ": " + end.error().message();
}

std::string part(std::string_view disposition, std::string_view value, std::string_view more = "") {
  return std::string("--XyZ\r\nContent-Disposition: form-data; ")
      .append(disposition)
      .append("\r\n")
      .append(more)
      .append("\r\n")
      .append(value)
      .append("\r\n");
}

struct Body {
  std::string_view what;
  std::string bytes;
  std::string outcome;
  FormLimits limits = {};
};

const std::string end = "--XyZ--\r\n";

std::vector<Body> bodies() {
  const std::string malformed_header = "!malformed_form 400: A part of the form has a malformed header";
  const std::string malformed_boundary = "!malformed_form 400: The form has a malformed boundary";
  return {
      {"two fields", part("name=\"a\"", "1") + part("name=\"b\"", "") + end, "a=1;b=;"},
      {"a file", part("name=f; filename=\"x.txt\"", "text\r\n", "Content-Type: text/plain\r\n") + end,
       "f<x.txt|text/plain>=text\r\n;"},
      {"no part", end, ""},
      {"no part and no line end", "--XyZ--", ""},
      {"a preamble", "This is\r\n--XyY\r\n\r\n a form\r\n" + part("name=a", "1") + end, "a=1;"},
      {"a preamble of a line break", "\r\n" + part("name=a", "1") + end, "a=1;"},
      {"a preamble of a bare line feed", "\n" + part("name=a", "1") + end, "a=1;"},
      {"a preamble that nearly has a boundary", "\n--X\n\n--XyA\r\r\n--Xy\r\n" + part("name=a", "1") + end, "a=1;"},
      {"an epilogue", part("name=a", "1") + end + "and\r\n--XyZ\r\nmore", "a=1;"},
      {"blanks after the boundary", "--XyZ \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XyZ--", "a=1;"},
      {"an empty part without a line break of its own",
       "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n--XyZ--", "a=;"},
      {"a boundary in the middle of a line", part("name=a", "x--XyZ--") + end, "a=x--XyZ--;"},
      {"beginnings of a boundary", part("name=a", "\r\n-\r\n--X\r\n--Xy\r\r\n--XyA\r") + end,
       "a=\r\n-\r\n--X\r\n--Xy\r\r\n--XyA\r;"},
      {"bytes of any kind", part("name=f; filename=b", std::string("\0\xff\n\r\n\0", 6)) + end,
       std::string("f<b|>=\0\xff\n\r\n\0;", 13)},
      {"headers in any case", "--XyZ\r\ncontent-DISPOSITION:FORM-DATA;NAME=a\r\nX-Other: b\r\n\r\n1\r\n--XyZ--",
       "a=1;"},

      {"nothing", "", "!malformed_form: The form ended before its last boundary"},
      {"no last boundary", part("name=a", "1") + part("name=b", "2"),
       "a=1;!malformed_form: The form ended before its last boundary"},
      {"half a last boundary", part("name=a", "1") + "--XyZ-",
       "a=1;!malformed_form: The form ended before its last boundary"},
      {"a longer boundary", part("name=a", "1") + "--XyZA\r\n", "a=1;" + malformed_boundary},
      {"one hyphen", part("name=a", "1") + "--XyZ-\r\n", "a=1;" + malformed_boundary},
      {"bare line feeds", "--XyZ\nContent-Disposition: form-data; name=a\n\n1\n--XyZ--\n", malformed_boundary},
      {"a bare line feed in the head", "--XyZ\r\nContent-Disposition: form-data; name=a\n\r\n1\r\n--XyZ--",
       malformed_header},
      {"a folded header", "--XyZ\r\nContent-Disposition: form-data; name=a;\r\n filename=b\r\n\r\n1\r\n--XyZ--",
       malformed_header},
      {"a header without a colon", part("name=a", "1", "Content-Type\r\n") + end, malformed_header},
      {"a blank before the colon", part("name=a", "1", "Content-Type : a\r\n") + end, malformed_header},
      {"control characters in a name", part("name=\"a\x01\t\x7f\"", "1") + end, "a\x01\t\x7f=1;"},
      {"a null in a name", part(std::string("name=\"a\0\"", 9), "1") + end, malformed_header},
      {"a carriage return in a name", part("name=\"a\rb\"", "1") + end, malformed_header},
      {"a control character in another header", part("name=a", "1", "Content-Type: a\x01\r\n") + end, malformed_header},
      {"no headers", "--XyZ\r\n\r\n1\r\n--XyZ--", "!malformed_form 400: A part of the form has no Content-Disposition"},
      {"no name", part("filename=a", "1") + end, "!malformed_form 400: A part of the form has no name"},
      {"another disposition", "--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XyZ--",
       "!malformed_form 400: A part of the form has a malformed Content-Disposition"},
      {"two dispositions", part("name=a", "1", "Content-Disposition: form-data; name=b\r\n") + end,
       "!malformed_form 400: A part of the form has more than one Content-Disposition"},
      {"two names", part("name=a; NAME=b", "1") + end,
       "!malformed_form 400: A part of the form has a malformed Content-Disposition"},

      {"fields up to the limit", part("name=a", "1") + part("name=a", "2") + end, "a=1;a=2;", {.fields = 2}},
      {"too many fields",
       part("name=a", "1") + part("name=a", "2") + end,
       "a=1;!payload_too_large 413: The form has more than 1 fields",
       {.fields = 1}},
      {"too many files",
       part("name=a; filename=a", "1") + part("name=a", "2") + part("name=a; filename=b", "3") + end,
       "a<a|>=1;a=2;!payload_too_large 413: The form has more than 1 files",
       {.files = 1}},
      {"a field up to the limit", part("name=a", "12345") + end, "a=12345;", {.field_bytes = 5}},
      {"a long field",
       part("name=a", "\r\n--Xy6") + end,
       "!payload_too_large 413: A field of the form is longer than 6 bytes",
       {.field_bytes = 6}},
      {"a long file",
       part("name=a; filename=a", "123456") + end,
       "!payload_too_large 413: A file of the form is longer than 5 bytes",
       {.field_bytes = 1, .file_bytes = 5}},
      {"a head up to the limit", part("name=a", "1") + end, "a=1;", {.part_header_bytes = 42}},
      {"a long head",
       part("name=a", "1") + end,
       "!payload_too_large 413: The headers of a part are longer than 41 bytes",
       {.part_header_bytes = 41}},
      {"a form up to the limit", part("name=a", "1") + "--XyZ--", "a=1;", {.total_bytes = 59}},
      {"a long form",
       part("name=a", "1") + "--XyZ--",
       "a=1;!payload_too_large 413: The form is longer than 58 bytes",
       {.total_bytes = 58}},
  };
}

TEST(MultipartParser, finds_the_same_wherever_the_body_is_cut) {
  for (const Body& body : bodies()) {
    const std::string_view bytes = body.bytes;
    EXPECT_EQ(outcome({bytes}, body.limits), body.outcome) << body.what;
    for (std::size_t at = 0; at <= bytes.size(); ++at)
      EXPECT_EQ(outcome({bytes.substr(0, at), bytes.substr(at)}, body.limits), body.outcome)
          << body.what << " cut at " << at;
    std::vector<std::string_view> single;
    for (std::size_t at = 0; at < bytes.size(); ++at) single.push_back(bytes.substr(at, 1));
    EXPECT_EQ(outcome(single, body.limits), body.outcome) << body.what << " byte by byte";
  }
}

TEST(MultipartParser, takes_no_truncated_body_for_a_whole_one) {
  const std::string body = part("name=a", "1") + part("name=f; filename=b", "\r\n--XyX") + "--XyZ--";
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_THAT(outcome({std::string_view(body).substr(0, size)}),
                testing::EndsWith("!malformed_form: The form ended before its last boundary"))
        << size;
}

TEST(MultipartParser, reads_names_as_browsers_and_tools_write_them) {
  struct Name {
    std::string disposition;
    std::string name;
    std::string filename;
  };
  for (const Name& c :
       std::vector<Name>{{R"(name="a b"; filename="c d")", "a b", "c d"},
                         {R"(name="say %22hi%22%0D%0a"; filename="%22.txt")", "say \"hi\"\r\n", "\".txt"},  // browsers
                         {R"(name="100%25 %zz %"; filename="50%")", "100%25 %zz %", "50%"},  // they escape no more
                         {R"(name="say \"hi\" \\"; filename="\".txt")", "say \"hi\" \\", "\".txt"},  // curl
                         {R"(name=a; filename="C:\Users\me\x.txt")", "a", "x.txt"},                  // old browsers
                         {R"(name=a; filename="../../etc/passwd")", "a", "passwd"},
                         {R"(name=a; filename="..")", "a", ""},
                         {R"(name=a; filename="")", "a", ""},
                         {R"(name=a; filename="x;y=z.txt";)", "a", "x;y=z.txt"},
                         {"name=\"\xC3\xA4\"; filename=\"\xE2\x82\xAC\"", "\xC3\xA4", "\xE2\x82\xAC"},
                         {"name=\"\xE4\"; filename=\"\xE4\"", "\xC3\xA4", "\xC3\xA4"},  // Latin-1, what else
                         {R"(name=a; filename=x; filename*=UTF-8''%e2%82%ac%20.txt)", "a", "\xE2\x82\xAC .txt"},
                         {R"(name=a; filename*=utf-8'en'..%2Fx)", "a", "x"},
                         {R"(name=a; filename*=ISO-8859-1''%E4)", "a", "\xC3\xA4"}}) {
    auto parser = MultipartParser::of(form);
    ASSERT_TRUE(parser);
    const std::string body = part(c.disposition, "");
    std::string_view rest = body;
    auto step = parser->next(rest);
    ASSERT_EQ(step.event, Event::part) << c.disposition;
    EXPECT_EQ(parser->head().name, c.name) << c.disposition;
    EXPECT_EQ(parser->head().filename, c.filename) << c.disposition;
  }
}

TEST(MultipartParser, refuses_names_that_can_be_read_in_two_ways) {
  for (const std::string_view disposition :
       {R"(name="a)", R"(name="a\")", R"(name="a"b)", "name=a b", "name=", "name", R"(name=a"b")", "na me=a",
        "name=a; filename=b; filename=c", "name=a; filename*=UTF-8''%e4", "name=a; filename*=UTF-8''%4",
        "name=a; filename*=UTF-8''%00", "name=a; filename*=KOI8-R''a", "name=a; filename*=a",
        "name=a; a=1; b=1; c=1; d=1; e=1; f=1; g=1; h=1; i=1; j=1; k=1; l=1; m=1; n=1; o=1; p=1; q=1"})
    EXPECT_THAT(outcome({part(disposition, "1") + end}), testing::StartsWith("!malformed_form 400")) << disposition;
}

TEST(MultipartParser, takes_the_boundary_from_the_content_type) {
  const std::string seventy(70, 'b');
  for (const std::string& type : std::vector<std::string>{
           "multipart/form-data; boundary=XyZ", "Multipart/Form-Data;BOUNDARY=\"XyZ\"",
           "multipart/form-data; charset=utf-8 ; boundary=XyZ;", "multipart/form-data; boundary=" + seventy,
           "multipart/form-data; boundary=----=_Part_1_2.3", "multipart/form-data; boundary=\"a b?\""})
    EXPECT_TRUE(MultipartParser::of(type)) << type;
  for (const std::string& type : std::vector<std::string>{
           "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
           "multipart/form-data; boundary=b" + seventy, "multipart/form-data; boundary=\"a \"",
           "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=\"a",
           "multipart/form-data; boundary=\"a\rb\"", "multipart/form-data; boundary=\xE4"})
    EXPECT_EQ(outcome({}, {}, type), "!malformed_form") << type;
  for (const std::string& type : std::vector<std::string>{"", "application/json", "multipart/mixed; boundary=a",
                                                          "multipart/form-datax; boundary=a"})
    EXPECT_EQ(outcome({}, {}, type), "!unsupported_media_type") << type;
}

TEST(MultipartParser, has_every_header_of_a_part) {
  auto parser = MultipartParser::of(form);
  ASSERT_TRUE(parser);
  const std::string body = part("name=a", "1", "X-One:  1 \r\nX-Two: 2\r\nx-one: 3\r\n");
  ASSERT_EQ(parser->next(body).event, Event::part);
  EXPECT_EQ(parser->head().header("x-ONE"), "1");
  EXPECT_EQ(parser->head().headers.size(), 4U);
  EXPECT_EQ(parser->head().header("X-Three"), std::nullopt);
}

// Each of these made parsers of others quadratic, or the memory grow.
TEST(MultipartParser, takes_time_and_memory_in_proportion_to_the_body) {
  const std::string head = part("name=f; filename=f", "");
  for (const std::string_view pattern : {"\r", "\n", "\r\n", "\r\n--", "\r\n--Xy", "-", "--XyZ"}) {
    std::string body = head;
    while (body.size() < 1'000'000) body += pattern;
    body += "\r\n" + end;
    auto parser = MultipartParser::of(form);
    ASSERT_TRUE(parser);
    std::string_view rest = body;
    std::size_t steps = 0;
    while (!rest.empty()) {
      const auto step = parser->next(rest.substr(0, 16'384));
      ASSERT_NE(step.event, Event::refused) << parser->error().message();
      rest.remove_prefix(step.consumed);
      ++steps;
    }
    EXPECT_LT(steps, 4 * body.size() / 16'384) << pattern;
    EXPECT_TRUE(parser->finish());
  }
}

}  // namespace
}  // namespace bailey::http
