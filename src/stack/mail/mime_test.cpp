#include "stack/mail/mime.hpp"

#include <gtest/gtest.h>

#include <string>

#include "stack/mail/content_type.hpp"
#include "stack/mail/html_text.hpp"

namespace bailey::stack::mail {
namespace {

std::string with_line_ends(std::string text, std::string_view end) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += end;
    } else {
      out += c;
    }
  }
  return out;
}

const std::string mixed =
    "From: a@example.com\n"
    "Subject: one\n"
    " two\n"
    "Content-Type: multipart/mixed; boundary=\"outer\"\n"
    "\n"
    "preamble\n"
    "--outer\n"
    "Content-Type: multipart/alternative; boundary=inner\n"
    "\n"
    "--inner\n"
    "Content-Type: text/plain; charset=iso-8859-1\n"
    "Content-Transfer-Encoding: quoted-printable\n"
    "\n"
    "Gr=FC=DFe\n"
    "--inner\n"
    "Content-Type: text/html; charset=utf-8\n"
    "\n"
    "<p>--outerwise</p>\n"
    "--inner--\n"
    "--outer\n"
    "Content-Type: image/png; name=logo.png\n"
    "Content-ID: <logo>\n"
    "Content-Transfer-Encoding: base64\n"
    "\n"
    "aGVs\nbG8=\n"
    "--outer\n"
    "Content-Type: application/pdf\n"
    "Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.pdf\n"
    "\n"
    "%PDF\n"
    "--outer--\n"
    "epilogue\n";

TEST(Mime, takes_a_message_apart_whatever_its_line_ends) {
  for (const std::string_view end : {"\n", "\r\n"}) {
    const std::string raw = with_line_ends(mixed, end);
    const MimeMessage message = parse_mime(raw);
    EXPECT_EQ(message.field("subject"), "one two");
    ASSERT_EQ(message.parts.size(), 4U);
    EXPECT_EQ(message.parts[0].id, "1.1");
    EXPECT_EQ(message.parts[0].text(), "Grüße");
    EXPECT_EQ(message.parts[1].id, "1.2");
    EXPECT_EQ(message.parts[1].text(), "<p>--outerwise</p>");
    EXPECT_EQ(message.body_of("text/html"), &message.parts[1]);
    EXPECT_EQ(message.parts[2].id, "2");
    EXPECT_EQ(message.parts[2].content_id, "logo");
    EXPECT_EQ(message.parts[2].file_name, "logo.png");
    EXPECT_EQ(message.parts[2].content(), "hello");
    EXPECT_EQ(message.part("3")->file_name, "€.pdf");
    EXPECT_TRUE(message.parts[3].is_attachment);
  }
}

TEST(Mime, reads_what_is_no_mail_as_far_as_it_goes) {
  EXPECT_EQ(parse_mime("").parts.size(), 1U);
  EXPECT_EQ(parse_mime("\r\njust text").parts[0].text(), "just text");
  EXPECT_EQ(parse_mime("no header at all").fields.size(), 0U);
  EXPECT_EQ(parse_mime("Content-Type: multipart/mixed; boundary=x\n\nno parts").parts.size(), 0U);
  EXPECT_EQ(parse_mime("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnot closed").parts[0].text(), "not closed");
  EXPECT_EQ(parse_mime("Content-Type: nonsense\n\na").parts[0].content_type, "text/plain");
}

TEST(Mime, has_bounds_of_parts_depth_and_header) {
  std::string many = "Content-Type: multipart/mixed; boundary=x\n\n";
  for (int i = 0; i < 1000; ++i) many += "--x\n\na\n";
  EXPECT_EQ(parse_mime(many).parts.size(), MimeLimits{}.parts);

  std::string deep;
  for (int i = 0; i < 100; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  EXPECT_LE(parse_mime(deep).parts.size(), 1U);

  std::string header;
  for (int i = 0; i < 5000; ++i) header += "X-A: " + std::string(100, 'a') + "\n";
  EXPECT_LE(parse_mime(header + "\nbody").fields.size(), MimeLimits{}.header_fields);
}

TEST(FieldParameters, are_read_in_every_form_that_mail_has) {
  const auto parsed = parse_parameters("Text/Plain; Charset=\"utf-8\" ; name*0*=utf-8''a%20; name*1=\"b;c\"; x");
  EXPECT_EQ(parsed.value, "text/plain");
  EXPECT_EQ(parsed.find("charset"), "utf-8");
  EXPECT_EQ(parsed.find("name"), "a b;c");
  EXPECT_EQ(parse_parameters("attachment; filename=\"=?utf-8?Q?=C3=BC?=.txt\"").find("filename"), "ü.txt");
  EXPECT_EQ(parse_parameters("").value, "");
  EXPECT_EQ(parse_parameters(";;;=;=").value, "");
}

TEST(HtmlText, is_what_a_reader_sees) {
  EXPECT_EQ(
      text_of_html(
          "<title>x</title><p>a&amp;b &#39;c&#x27; &lt;d&gt;</p><script>evil()</script><!-- no --><style>p{}</style>e"),
      "   a&b 'c' <d>      e");
  EXPECT_EQ(text_of_html("<p"), " ");
  EXPECT_EQ(text_of_html("&#xZZ; &unknown; &#1114112;"), "&#xZZ; &unknown; \xEF\xBF\xBD");
}

}  // namespace
}  // namespace bailey::stack::mail
