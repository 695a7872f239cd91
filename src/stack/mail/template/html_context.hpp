#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bailey::stack::mail::templates {

// How a value is made harmless where it stands.
enum class Escape : std::uint8_t {
  none,                // in a comment: nothing is said
  text,                // also in quoted attributes
  unquoted_attribute,  //
  url_start,           // the value decides what kind of link it is: refused unless http, https, mailto or relative
  url,                 // behind something, in the part before a query
  url_query,           // all but letters and digits is escaped
  style,               // in CSS: a number, a colour, a name
};

// Where in HTML a place is, as far as escaping is concerned: html/template's contexts without scripts.
struct HtmlContext {
  enum class State : std::uint8_t { text, tag, attribute_name, after_name, before_value, value, raw, comment };
  enum class Element : std::uint8_t { none, script, style, textarea, title };  // whose content is not HTML
  enum class Quote : std::uint8_t { none, single_quote, double_quote };
  enum class Attribute : std::uint8_t { plain, url, style, script, list_of_urls };
  enum class UrlPart : std::uint8_t { nothing, path, query, unknown };

  State state = State::text;
  Element element = Element::none;  // of the tag, and in `raw` of the content
  Quote quote = Quote::none;
  Attribute attribute = Attribute::plain;
  UrlPart url_part = UrlPart::nothing;
  bool in_css_token = false;  // in a string, a comment or a url() of CSS
  char css_end = 0;           // what ends that

  bool operator==(const HtmlContext&) const = default;
};

// Goes on over literal text; appends it to `out` as it is to be sent: without comments, and with a "<" that begins no
// tag as a reference. Returns what is wrong with it, "" if nothing.
[[nodiscard]] std::string_view pass_text(HtmlContext& context, std::string_view text, std::string& out);

// How a value is escaped here, and goes on behind it. Returns what is wrong with a value here, "" if nothing.
[[nodiscard]] std::string_view pass_value(HtmlContext& context, Escape& escape);

// The one context behind two branches that end in these. False when there is none.
[[nodiscard]] bool join(HtmlContext& context, const HtmlContext& other);

}  // namespace bailey::stack::mail::templates
