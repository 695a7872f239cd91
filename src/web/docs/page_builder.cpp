// The pages hold no script of their own and allow none but the files that they name; what the scripts are to know
// stands in a block of JSON. Nothing is loaded from elsewhere, unless the files were not there when the library was
// built: then they come from a CDN, which their hashes keep honest.
#include "web/docs/page_builder.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace bailey::web_detail {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

// JSON that ends no script element and begins no comment in one.
std::string escaped_json(const json::object& settings) {
  std::string result;
  for (const char c : json::serialize(settings)) {
    switch (c) {
      case '&': result += "\\u0026"; break;
      case '<': result += "\\u003c"; break;
      case '>': result += "\\u003e"; break;
      default: result += c;
    }
  }
  return result;
}

}  // namespace

PageBuilder::PageBuilder(Settings settings) : settings_(std::move(settings)) {}

void PageBuilder::add_icon(std::string_view name) {
  const Source file = source(name);
  if (file.url.empty()) return;
  images_ += file.outside;
  head_ += "<link rel=\"icon\" type=\"image/png\" href=\"" + file.url + "\">\n";
}

void PageBuilder::add_empty_icon() { head_ += "<link rel=\"icon\" href=\"data:,\">\n"; }

void PageBuilder::add_style(std::string_view name) {
  const Source file = source(name);
  styles_ += file.outside;
  head_ += "<link rel=\"stylesheet\" href=\"" + file.url + "\"" + file.check + ">\n";
}

void PageBuilder::add_script(std::string_view name) {
  const Source file = source(name);
  scripts_ += file.outside;
  body_ += "<script src=\"" + file.url + "\"" + file.check + "></script>\n";
}

void PageBuilder::add_settings(const json::object& values) {
  body_ += "<div id=\"docs\"></div>\n<script type=\"application/json\" id=\"settings\">" + escaped_json(values) +
           "</script>\n";
}

void PageBuilder::connect_to(const std::set<std::string>& origins) {
  for (const std::string& origin : origins) connections_ += ' ' + origin;
}

void PageBuilder::allow_workers() { more_policy_ += "; worker-src blob:"; }

void PageBuilder::allow_fonts_within() { more_policy_ += "; font-src data:"; }

DocsPage PageBuilder::finish() const {
  return {.html =
              "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
              escaped(settings_.title) + "</title>\n<style>body { margin: 0 }</style>\n" + head_ + "</head>\n<body>\n" +
              body_ + "</body>\n</html>\n",
          .policy = "default-src 'none'; script-src 'self'" + scripts_ + "; style-src 'self' 'unsafe-inline'" +
                    styles_ + "; img-src 'self' data:" + images_ + "; connect-src 'self'" + connections_ +
                    more_policy_ + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"};
}

PageBuilder::Source PageBuilder::source(std::string_view name) const {
  const auto asset = std::ranges::find(settings_.assets, name, &DocsAsset::name);
  if (asset == settings_.assets.end()) return {};
  if (!asset->bytes.empty()) {
    std::string link = settings_.assets_link;
    link.append("/").append(asset->version).append("/").append(asset->name);
    return {.url = escaped(link)};
  }
  return {.url = escaped(asset->url),
          .check = " integrity=\"" + escaped(asset->integrity) + "\" crossorigin=\"anonymous\"",
          .outside = ' ' + std::string(asset->url)};
}

std::string relative_link(std::string_view from, std::string_view to) {
  std::size_t common = 0;
  for (std::size_t i = 0; i < std::min(from.size(), to.size()) && from[i] == to[i]; ++i)
    if (from[i] == '/') common = i + 1;
  std::string link;
  for (const char c : from.substr(common))
    if (c == '/') link += "../";
  link += to.substr(common);
  return link.empty() ? "./" : link;
}

}  // namespace bailey::web_detail
