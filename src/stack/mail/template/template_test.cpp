#include "stack/mail/template/template.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey::stack::mail {
namespace {

const boost::json::object data = boost::json::parse(R"json({
  "SiteURL": "http://localhost:3000", "ConfirmationURL": "http://localhost:54321/verify?token=a&type=signup",
  "Email": "a+b@example.com", "Token": "123456", "Evil": "<script>\"'&+`", "Script": "javascript:alert(1)", "Deep": "myapp://x",
  "Space": "a b&c/d?e=f", "Empty": "", "Color": "#c00", "BadColor": "red;background:url(x)",
  "Data": {"name": "Anna", "age": 30, "height": 1.75, "big": 1234567, "yes": true, "no": false, "none": null,
           "list": ["x", "y"], "map": {"b": 1, "a": "z"}, "empty": [], "nested": {"deep": "value"}}
})json")
                                     .as_object();

std::string made(std::string_view text) {
  const auto parsed = Template::parse(text, "t");
  if (!parsed) return "! " + parsed.error().message();
  const auto filled = parsed->render(data);
  return filled ? *filled : "? " + filled.error().message();
}

struct Case {
  std::string_view text, result;
};

// The results are those of Go's html/template.
TEST(Template, fills_in_as_gos_does) {
  for (const auto& [text, result] : std::initializer_list<Case>{
           {"plain", "plain"},
           {"{{ .Token }}", "123456"},
           {"{{.Email}}", "a&#43;b@example.com"},
           {"{{ .Missing }}|{{ .Data.missing }}|{{ .Data.none }}|{{ .Data.missing.x.y }}", "|||"},
           {"{{ .Data.name }} {{ .Data.age }} {{ .Data.height }} {{ .Data.big }}", "Anna 30 1.75 1.234567e&#43;06"},
           {"{{ .Data.list }} {{ .Data.map }}", "[x y] map[a:z b:1]"},
           {"{{ $.Token }}{{ with .Data }}{{ .name }}{{ $.Token }}{{ end }}", "123456Anna123456"},
           {"{{ if .Data.yes }}a{{ else }}b{{ end }}{{ if .Data.no }}a{{ else }}b{{ end }}", "ab"},
           {"{{ if .Missing }}a{{ else if .Token }}b{{ else }}c{{ end }}", "b"},
           {"{{ if eq .Token \"123456\" }}same{{ end }}{{ if ne .Token \"x\" }}other{{ end }}", "sameother"},
           {"{{ if eq .Data.name \"Ben\" \"Anna\" }}one{{ end }}", "one"},
           {"{{ if and .Token (not .Missing) }}x{{ end }}{{ if or .Missing .Token }}y{{ end }}", "xy"},
           {"{{ if eq .Data.missing \"de\" }}a{{ else }}b{{ end }}", "b"},
           {"{{ if gt .Data.age 18.0 }}adult{{ end }}", "adult"},
           {"{{ if gt (len .Data.list) 1 }}many{{ end }}", "many"},
           {"{{ range .Data.list }}<{{ . }}>{{ end }}", "&lt;x>&lt;y>"},
           {"{{ range $i, $v := .Data.list }}{{ $i }}{{ $v }} {{ end }}", "0x 1y "},
           {"{{ range $k, $v := .Data.map }}{{ $k }}={{ $v }};{{ end }}", "a=z;b=1;"},
           {"{{ range .Data.empty }}x{{ else }}none{{ end }}", "none"},
           {"{{ $x := .Token }}{{ if true }}{{ $x = \"y\" }}{{ end }}{{ $x }}", "y"},
           {"{{ index .Data \"name\" }}{{ index .Data.list 1 }}", "Annay"},
           {"{{ (index .Data \"nested\").deep }}", "value"},
           {"{{ .Data.name | print \"a\" }}{{ \"x\" | printf }}",
            "! t:1: there is no function printf; a field begins with a dot (.printf), and the functions are and, or, "
            "not, eq, ne, lt, le, gt, ge, len, index, print, println"},
           {"{{ .Data.name | print \"a\" }}", "aAnna"},
           {"{{ print 1 2 \"x\" 3.5 true }}", "1 2x3.5 true"},
           {"a {{- .Token -}} b", "a123456b"},
           {"a\n  {{- /* comment */ -}}\n  b{{/* another */}}c", "abc"},
           {"{{ `raw \"text\"` }}{{ \"es\\\"c\\n\" }}", "raw &#34;text&#34;es&#34;c\n"},
           {"{{ \"}}\" }}", "}}"}}) {
    EXPECT_EQ(made(text), result) << text;
  }
}

TEST(Template, escapes_each_value_for_its_place_as_gos_does) {
  for (const auto& [text, result] : std::initializer_list<Case>{
           {"<p>{{ .Evil }}</p>", "<p>&lt;script&gt;&#34;&#39;&amp;&#43;`</p>"},
           {"<p title=\"{{ .Evil }}\">", "<p title=\"&lt;script&gt;&#34;&#39;&amp;&#43;`\">"},
           {"<p title='{{ .Evil }}'>", "<p title='&lt;script&gt;&#34;&#39;&amp;&#43;`'>"},
           {"<p title={{ .Space }}>", "<p title=a&#32;b&amp;c/d?e&#61;f>"},
           {"<p title={{ .Empty }}>", "<p title=ZgotmplZ>"},
           {"<a href=\"{{ .ConfirmationURL }}\">",
            "<a href=\"http://localhost:54321/verify?token=a&amp;type=signup\">"},
           {"<a href=\"{{ .Script }}\">", "<a href=\"#ZgotmplZ\">"},
           {"<a href=\"{{ .Deep }}\">", "<a href=\"#ZgotmplZ\">"},
           {"<a href=\"{{ .SiteURL }}/x?next={{ .Space }}\">",
            "<a href=\"http://localhost:3000/x?next=a%20b%26c%2fd%3fe%3df\">"},
           {"<a href=\"/x/{{ .Space }}\">", "<a href=\"/x/a%20b&amp;c/d?e=f\">"},
           {"<a href=\"x#{{ .Space }}\">", "<a href=\"x#a%20b%26c%2fd%3fe%3df\">"},
           {"<img data-src=\"{{ .Script }}\">", "<img data-src=\"#ZgotmplZ\">"},
           {"<p style=\"color: {{ .Color }}\">", "<p style=\"color: #c00\">"},
           {"<p style=\"color: {{ .BadColor }}\">", "<p style=\"color: ZgotmplZ\">"},
           {"<style>p { color: {{ .Color }} }</style>", "<style>p { color: #c00 }</style>"},
           {"<title>{{ .Evil }}</title>", "<title>&lt;script&gt;&#34;&#39;&amp;&#43;`</title>"},
           {"<textarea>{{ .Token }}</textarea>", "<textarea>123456</textarea>"},
           {"a<!-- comment {{ .Token }} -->b", "ab"},
           {"<!--[if mso]><table><![endif]-->x", "x"},
           {"<!DOCTYPE html><html>", "<!DOCTYPE html><html>"},
           {"1 < 2 <3 {{ .Token }}", "1 &lt; 2 &lt;3 123456"},
           {"<br/><hr /><input disabled value=\"{{ .Token }}\">", "<br/><hr /><input disabled value=\"123456\">"},
           {"<a {{ if .Token }}href=\"x\"{{ end }}>y</a>", "<a href=\"x\">y</a>"},
           {"<a href=\"{{ if .Token }}a{{ else }}b{{ end }}/c\">", "<a href=\"a/c\">"}}) {
    EXPECT_EQ(made(text), result) << text;
  }
}

TEST(Template, names_the_line_and_what_would_be_right) {
  for (const auto& [text, result] : std::initializer_list<Case>{
           {"\n\n{{ .Email", "! t:3: }} is missing"},
           {"{{ if .Email }}\nx", "! t:1: {{end}} is missing for this block"},
           {"x{{ end }}", "! t:1: {{end}} or {{else}} stands without an {{if}}, {{with}} or {{range}}"},
           {"{{ if .A }}{{ else }}{{ else }}{{ end }}", "! t:1: {{else}} stands twice"},
           {"{{ }}", "! t:1: nothing stands between {{ and }}"},
           {"{{ .A .B }}", "! t:1: values stand beside each other without a function before them, such as eq"},
           {"{{ $x }}", "! t:1: the variable $x is not set before"},
           {"{{ \"x }}", "! t:1: a text in an action is not closed"},
           {"{{ (.A }}", "! t:1: a parenthesis is not closed"},
           {"{{ template \"x\" }}", "! t:1: {{template}} is not known here: write its content where it is to stand"},
           {"{{ .Email | html }}", "! t:1: leave html out: each value is escaped for the place where it stands"},
           {"<script>\nvar x = \"{{ .Token }}\"</script>",
            "! t:2: no value can stand in a script: readers of mail run none"},
           {"<a href={{ .SiteURL }}>", "! t:1: the value of a link must stand in quotes: href=\"{{ … }}\""},
           {"<a onclick=\"{{ .Token }}\">", "! t:1: no value can stand in an attribute that is a script or a document"},
           {"<{{ .Token }}>", "&lt;123456>"},
           {"<a {{ .Token }}>", "! t:1: a value can stand in an attribute's value, but not as an attribute or a tag"},
           {"<a href=\"x",
            "! t:1: the template ends within a tag, an attribute, a comment or an element that is not closed"},
           {"{{ if .A }}<a href=\"{{ end }}x",
            "! t:1: the branches end in different places of HTML: close a tag or quote where it was opened"},
           {"<a href=\"{{ if .A }}x?{{ end }}{{ .B }}\">",
            "! t:1: it is not clear in which part of the URL the value stands: the branches before it differ"},
           {"{{ if eq .Data.age \"x\" }}{{ end }}", "? t:1: values of different kinds are compared"},
           {"\n{{ .Data.name.x }}", "? t:2: a field is asked of a value that has none"},
           {"{{ range .Token }}{{ end }}", "? t:1: range is asked of something that has no elements"}}) {
    EXPECT_EQ(made(text), result) << text;
  }
}

TEST(Template, has_bounds_of_length_depth_and_steps) {
  EXPECT_FALSE(Template::parse(std::string(600'000, 'a'), "t"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{{ if .A }}";
  EXPECT_FALSE(Template::parse(deep, "t"));
  EXPECT_FALSE(Template::parse("{{ " + std::string(100, '(') + " }}", "t"));

  boost::json::array many;
  for (int i = 0; i < 100; ++i) many.emplace_back("x");
  boost::json::object large;
  large.emplace("L", many);
  std::string loops;
  std::string ends;
  for (int i = 0; i < 6; ++i) {
    loops += "{{ range $.L }}";
    ends += "{{ end }}";
  }
  const auto endless = Template::parse(loops + ends, "t")->render(large);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().message(), "t:1: the letter takes too many steps");
  const auto long_one =
      Template::parse("{{ range $.L }}{{ range $.L }}" + std::string(1000, 'x') + "{{ end }}{{ end }}", "t")
          ->render(large);
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().message(), "t:1: the letter becomes too long");
  const auto doubled =
      Template::parse("{{ $x := \"x\" }}{{ range $.L }}{{ $x = print $x $x }}{{ end }}", "t")->render(large);
  ASSERT_FALSE(doubled);
  EXPECT_EQ(doubled.error().message(), "t:1: a text becomes too long");
}

}  // namespace
}  // namespace bailey::stack::mail
