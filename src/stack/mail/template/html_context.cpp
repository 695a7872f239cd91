// A reduced form of html/template's transition functions: text, tags, attributes of five kinds, the content of
// textarea, title and style, comments. JavaScript is not followed: no mail reader runs it, so that a value in it is a
// mistake.
#include "stack/mail/template/html_context.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>

namespace bailey::stack::mail::templates {
namespace {

using State = HtmlContext::State;
using Element = HtmlContext::Element;
using Quote = HtmlContext::Quote;
using Attribute = HtmlContext::Attribute;
using UrlPart = HtmlContext::UrlPart;

constexpr std::string_view blanks = " \t\n\f\r";

bool is_blank(char c) noexcept { return blanks.contains(c); }

bool starts_without_case(std::string_view text, std::string_view prefix) {
  return ascii::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

constexpr std::array<std::pair<std::string_view, Element>, 4> special_elements{{{"script", Element::script},
                                                                                {"style", Element::style},
                                                                                {"textarea", Element::textarea},
                                                                                {"title", Element::title}}};

std::string_view name_of(Element element) {
  for (const auto& [name, known] : special_elements) {
    if (known == element) return name;
  }
  return {};
}

Attribute attribute_of(std::string_view sent) {
  constexpr std::array<std::string_view, 17> urls{
      "action", "archive",  "background", "cite",   "classid", "codebase", "data",   "formaction", "href",
      "icon",   "longdesc", "manifest",   "poster", "profile", "src",      "usemap", "xmlns"};
  std::string name = ascii::to_lower(sent);
  if (name.starts_with("data-")) {
    name.erase(0, 5);
  } else if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
    if (name.starts_with("xmlns:")) return Attribute::url;
    name.erase(0, colon + 1);
  }
  if (std::ranges::find(urls, name) != urls.end()) return Attribute::url;
  if (name == "style") return Attribute::style;
  if (name == "srcset" || name == "imagesrcset") return Attribute::list_of_urls;
  if (name == "srcdoc" || name.starts_with("on")) return Attribute::script;
  if (name.contains("src") || name.contains("uri") || name.contains("url")) return Attribute::url;
  return Attribute::plain;
}

void follow_css(HtmlContext& context, std::string_view css) {
  for (std::size_t i = 0; i < css.size(); ++i) {
    const char c = css[i];
    if (context.in_css_token) {
      if (c == '\\' && context.css_end != '*') {
        ++i;
      } else if (context.css_end == '*' ? css.substr(i).starts_with("*/") : c == context.css_end) {
        context.in_css_token = false;
        context.css_end = 0;
      }
      continue;
    }
    if (c == '"' || c == '\'') {
      context.css_end = c;
    } else if (css.substr(i).starts_with("/*")) {
      context.css_end = '*';
      ++i;
    } else if (starts_without_case(css.substr(i), "url(")) {
      context.css_end = ')';
      i += 3;
    } else {
      continue;
    }
    context.in_css_token = true;
  }
}

void follow_url(HtmlContext& context, std::string_view url) {
  if (url.find_first_of("#?") != std::string_view::npos) {
    context.url_part = UrlPart::query;
  } else if (url.find_first_not_of(blanks) != std::string_view::npos && context.url_part == UrlPart::nothing) {
    context.url_part = UrlPart::path;
  }
}

// Goes over text of a context and says how much.
class Follower {
 public:
  Follower(HtmlContext& context, std::string_view text, std::string& out) : context_(context), text_(text), out_(out) {}

  std::string_view run() {
    while (!text_.empty() && problem_.empty()) step();
    return problem_;
  }

 private:
  void step() {
    switch (context_.state) {
      case State::text: return in_text();
      case State::comment: return in_comment();
      case State::raw: return in_raw();
      case State::tag: return in_tag();
      case State::attribute_name: return in_name();
      case State::after_name: return after_name();
      case State::before_value: return before_value();
      case State::value: return in_value();
    }
  }

  void keep(std::size_t size) {
    out_ += text_.substr(0, size);
    text_.remove_prefix(size);
  }

  void in_text() {
    const std::size_t open = std::min(text_.find('<'), text_.size());
    keep(open);
    if (text_.empty()) return;
    if (text_.starts_with("<!--")) {
      context_.state = State::comment;
      text_.remove_prefix(4);
      return;
    }
    const std::size_t name = text_.starts_with("</") ? 2 : 1;
    if (name < text_.size() && ascii::is_letter(text_[name])) return begin_tag(name);
    if (starts_without_case(text_, "<!doctype")) return keep(1);
    out_ += "&lt;";
    text_.remove_prefix(1);
  }

  void begin_tag(std::size_t name_at) {
    std::size_t end = name_at;
    while (end < text_.size() &&
           (ascii::is_letter(text_[end]) || ascii::is_digit(text_[end]) || text_[end] == '-' || text_[end] == ':')) {
      ++end;
    }
    const std::string_view name = text_.substr(name_at, end - name_at);
    context_ = {};
    context_.state = State::tag;
    if (name_at == 1) {
      for (const auto& [special, element] : special_elements) {
        if (ascii::equal_ignoring_case(name, special)) context_.element = element;
      }
    }
    keep(end);
    if (text_.empty()) problem_ = "the name of a tag cannot be cut in two";
  }

  void in_comment() {
    const std::size_t end = text_.find("-->");
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 3);
    if (end != std::string_view::npos) context_ = {};
  }

  void in_raw() {
    const std::string_view name = name_of(context_.element);
    for (std::size_t at = text_.find("</"); at != std::string_view::npos; at = text_.find("</", at + 2)) {
      const std::size_t behind = at + 2 + name.size();
      const bool ends =
          starts_without_case(text_.substr(at + 2), name) &&
          (behind >= text_.size() || is_blank(text_[behind]) || text_[behind] == '/' || text_[behind] == '>');
      if (!ends) continue;
      keep(at);
      context_ = {};
      return;
    }
    if (context_.element == Element::style) follow_css(context_, text_);
    keep(text_.size());
  }

  void in_tag() {
    keep(std::min(text_.find_first_not_of(" \t\n\f\r/"), text_.size()));
    if (text_.empty()) return;
    if (text_.front() != '>') {
      context_.state = State::attribute_name;
      name_.clear();
      return;
    }
    keep(1);
    const Element element = context_.element;
    context_ = {};
    if (element == Element::none) return;
    context_.state = State::raw;
    context_.element = element;
  }

  void in_name() {
    const std::size_t end = std::min(text_.find_first_of(" \t\n\f\r/>=\"'<"), text_.size());
    if (end == 0) {
      problem_ = text_.front() == '=' ? "an attribute begins with \"=\""
                                      : "a quote or \"<\" stands where an attribute's name should";
      return;
    }
    name_ = text_.substr(0, end);
    keep(end);
    context_.attribute = attribute_of(name_);
    context_.state = State::after_name;
    if (text_.empty()) problem_ = "the name of an attribute cannot be cut in two";
  }

  void after_name() {
    keep(std::min(text_.find_first_not_of(blanks), text_.size()));
    if (text_.empty()) return;
    if (text_.front() == '=') {
      keep(1);
      context_.state = State::before_value;
    } else {
      context_.state = State::tag;
    }
  }

  void before_value() {
    keep(std::min(text_.find_first_not_of(blanks), text_.size()));
    if (text_.empty()) return;
    context_.state = State::value;
    context_.quote = Quote::none;
    context_.url_part = UrlPart::nothing;
    context_.in_css_token = false;
    if (text_.front() != '"' && text_.front() != '\'') return;
    context_.quote = text_.front() == '"' ? Quote::double_quote : Quote::single_quote;
    keep(1);
  }

  void in_value() {
    const std::string_view ends = context_.quote == Quote::double_quote   ? "\""
                                  : context_.quote == Quote::single_quote ? "'"
                                                                          : " \t\n\f\r>";
    const std::size_t end = std::min(text_.find_first_of(ends), text_.size());
    const std::string_view value = text_.substr(0, end);
    if (context_.attribute == Attribute::url) follow_url(context_, value);
    if (context_.attribute == Attribute::style) follow_css(context_, value);
    keep(end);
    if (text_.empty()) return;
    if (context_.quote != Quote::none) keep(1);
    const Element element = context_.element;
    context_ = {};
    context_.state = State::tag;
    context_.element = element;
  }

  HtmlContext& context_;
  std::string_view text_;
  std::string& out_;
  std::string name_;
  std::string_view problem_;
};

std::string_view in_attribute(HtmlContext& context, Escape& escape) {
  switch (context.attribute) {
    case Attribute::plain: escape = context.quote == Quote::none ? Escape::unquoted_attribute : Escape::text; return {};
    case Attribute::script: return "no value can stand in an attribute that is a script or a document";
    case Attribute::list_of_urls: return "no value can stand in a list of images (srcset): use src";
    case Attribute::style:
      if (context.quote == Quote::none) return "the value of style must stand in quotes";
      if (context.in_css_token) return "no value can stand in a string, a comment or a url() of CSS";
      escape = Escape::style;
      return {};
    case Attribute::url: break;
  }
  if (context.quote == Quote::none) return "the value of a link must stand in quotes: href=\"{{ … }}\"";
  switch (context.url_part) {
    case UrlPart::nothing: escape = Escape::url_start; return {};
    case UrlPart::path: escape = Escape::url; return {};
    case UrlPart::query: escape = Escape::url_query; return {};
    case UrlPart::unknown:
      return "it is not clear in which part of the URL the value stands: the branches before it differ";
  }
  return {};
}

}  // namespace

std::string_view pass_text(HtmlContext& context, std::string_view text, std::string& out) {
  return Follower(context, text, out).run();
}

std::string_view pass_value(HtmlContext& context, Escape& escape) {
  switch (context.state) {
    case State::text: escape = Escape::text; return {};
    case State::comment: escape = Escape::none; return {};
    case State::value: return in_attribute(context, escape);
    case State::before_value:
      context.state = State::value;
      context.quote = Quote::none;
      context.url_part = UrlPart::nothing;
      return in_attribute(context, escape);
    case State::raw:
      if (context.element == Element::script) return "no value can stand in a script: readers of mail run none";
      if (context.element == Element::style) {
        if (context.in_css_token) return "no value can stand in a string, a comment or a url() of CSS";
        escape = Escape::style;
        return {};
      }
      escape = Escape::text;
      return {};
    case State::tag:
    case State::attribute_name:
    case State::after_name: return "a value can stand in an attribute's value, but not as an attribute or a tag";
  }
  return {};
}

bool join(HtmlContext& context, const HtmlContext& other) {
  if (context == other) return true;
  HtmlContext same = other;
  same.url_part = context.url_part;
  if (context == same) {
    context.url_part = UrlPart::unknown;
    return true;
  }
  return false;
}

}  // namespace bailey::stack::mail::templates
