#include <graphql/ide/page.hpp>

#include <bailey/base/ascii.hpp>
#include "http/negotiation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace bailey::graphql {
namespace {

// How much a client likes a media type, and where it has said so.
struct Liking {
  int weight = 0;
  std::size_t place = std::numeric_limits<std::size_t>::max();
};

bool is_better(const Liking& one, const Liking& other) noexcept {
  return one.weight != other.weight ? one.weight > other.weight : one.place < other.place;
}

bool brings_operation(const Request& request) {
  return std::ranges::any_of(std::array{"query", "extensions", "documentId"},
                             [&](const char* name) { return request.query_value(name).has_value(); });
}

bool likes_html_best(const Request& request) {
  Liking html;
  Liking other;
  std::size_t place = 0;
  request.http().for_each_header([&](std::string_view name, std::string_view list) {
    if (!ascii::equal_ignoring_case(name, "accept")) return;
    for (; const auto member = http::next_weighted(list); ++place) {
      const auto is = [&](std::string_view type) { return ascii::equal_ignoring_case(member->name, type); };
      if (is("text/html")) html = {.weight = member->weight, .place = place};
      // What is meant by a wildcard counts less than what is named itself.
      if (is("*/*") || is("application/*"))
        other = std::max(other, {.weight = member->weight}, [](auto& a, auto& b) { return is_better(b, a); });
      if (is("application/json") || is("application/graphql-response+json") || is("text/event-stream"))
        other = std::max(other, {.weight = member->weight, .place = place},
                         [](auto& a, auto& b) { return is_better(b, a); });
    }
  });
  return html.weight > 0 && is_better(html, other);
}

}  // namespace

bool is_for_page(const Request& request) { return likes_html_best(request) && !brings_operation(request); }

std::string link_to_folder(std::string_view raw_path) {
  // Without the "./" a part with a colon would be taken for a scheme.
  std::string link = "./";
  link += raw_path.substr(raw_path.rfind('/') + 1);
  if (!link.ends_with('/')) link += '/';
  return link += page_folder;
}

web_detail::DocsPage make_page(const PageSettings& settings) {
  const std::string folder = link_to_folder(settings.raw_path);
  web_detail::PageBuilder page({.title = "GraphiQL", .assets_link = folder, .assets = settings.assets});
  page.add_empty_icon();
  page.add_style("graphiql.min.css");
  page.add_style("editor.css");
  json::object values;
  if (settings.signs_in) values["token"] = folder + "/token";
  page.add_settings(values);
  page.add_script("react.production.min.js");
  page.add_script("react-dom.production.min.js");
  page.add_script("graphiql.min.js");
  page.add_script("graphql-ws.min.js");
  page.add_script("editor.js");
  page.allow_fonts_within();  // in its style sheet
  return page.finish();
}

}  // namespace bailey::graphql
