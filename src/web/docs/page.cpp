// The pages hold no script of their own and allow none but the files that they name; what the scripts are to know
// stands in a block of JSON. Nothing is loaded from elsewhere, unless the files were not there when the library was
// built: then they come from a CDN, which their hashes keep honest.
#include "web/docs/page.hpp"

#include <bailey/base/ascii.hpp>
#include "web/openapi_security.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
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

// "https://api.example.org:8443" of a URL below it; empty where it is none that could stand in a policy.
std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return {};
  const std::string_view authority = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  const bool is_plain = !authority.empty() && std::ranges::all_of(authority, [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
  return is_plain ? std::string(url.substr(0, scheme + authority.size())) : std::string();
}

// What the page's requests go to beside its own site: the servers and the OAuth2 endpoints that the document names.
void collect_origins(const json::value& value, std::set<std::string>& origins) {
  if (value.is_array()) {
    for (const json::value& item : value.get_array()) collect_origins(item, origins);
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.get_object()) {
      const json::string* const text = member.if_string();
      if (text == nullptr) {
        collect_origins(member, origins);
      } else if (key == "url" || key == "tokenUrl" || key == "refreshUrl" || key == "openIdConnectUrl") {
        if (std::string origin = origin_of(*text); !origin.empty()) origins.insert(std::move(origin));
      }
    }
  }
}
std::set<std::string> origins_in(const json::object& document) {
  std::set<std::string> origins;
  if (const json::value* const servers = document.if_contains("servers")) collect_origins(*servers, origins);
  if (const json::value* const components = document.if_contains("components"); components && components->is_object()) {
    if (const json::value* const schemes = components->get_object().if_contains("securitySchemes"))
      collect_origins(*schemes, origins);
  }
  return origins;
}

class Page {
 public:
  Page(const DocsPageSettings& settings, std::string_view path) : settings_(settings), path_(path) {}

  void add_icon(std::string_view name) {
    const Source file = source(name);
    if (file.url.empty()) return;
    images_ += file.outside;
    head_ += "<link rel=\"icon\" type=\"image/png\" href=\"" + file.url + "\">\n";
  }
  void add_style(std::string_view name) {
    const Source file = source(name);
    styles_ += file.outside;
    head_ += "<link rel=\"stylesheet\" href=\"" + file.url + "\"" + file.check + ">\n";
  }
  void add_script(std::string_view name) {
    const Source file = source(name);
    scripts_ += file.outside;
    body_ += "<script src=\"" + file.url + "\"" + file.check + "></script>\n";
  }
  void add_settings(const json::object& values) {
    body_ += "<div id=\"docs\"></div>\n<script type=\"application/json\" id=\"settings\">" + escaped_json(values) +
             "</script>\n";
  }
  void connect_to(const std::set<std::string>& origins) {
    for (const std::string& origin : origins) connections_ += ' ' + origin;
  }
  void allow_workers() { workers_ = "; worker-src blob:"; }

  [[nodiscard]] DocsPage finish() const {
    return {.html =
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
                escaped(settings_.title) + "</title>\n<style>body { margin: 0 }</style>\n" + head_ +
                "</head>\n<body>\n" + body_ + "</body>\n</html>\n",
            .policy = "default-src 'none'; script-src 'self'" + scripts_ + "; style-src 'self' 'unsafe-inline'" +
                      styles_ + "; img-src 'self' data:" + images_ + "; connect-src 'self'" + connections_ + workers_ +
                      "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"};
  }

 private:
  struct Source {
    std::string url;
    std::string check = {};    // attributes with its hash
    std::string outside = {};  // what a policy must allow for it
  };
  [[nodiscard]] Source source(std::string_view name) const {
    const auto asset = std::ranges::find(settings_.assets, name, &DocsAsset::name);
    if (asset == settings_.assets.end()) return {};
    if (!asset->bytes.empty()) {
      std::string path = settings_.path;
      path.append("/assets/").append(asset->version).append("/").append(asset->name);
      return {.url = escaped(relative_link(path_, path))};
    }
    return {.url = escaped(asset->url),
            .check = " integrity=\"" + escaped(asset->integrity) + "\" crossorigin=\"anonymous\"",
            .outside = ' ' + std::string(asset->url)};
  }

  const DocsPageSettings& settings_;
  std::string path_;
  std::string head_;
  std::string body_;
  std::string scripts_;
  std::string styles_;
  std::string images_;
  std::string connections_;
  std::string workers_;
};

}  // namespace

DocsPage make_swagger_page(const DocsPageSettings& settings, const json::object& document) {
  json::object values{{"document", relative_link(settings.path, settings.document_path)},
                      {"base", relative_link(settings.path, "/")},
                      {"redirect", relative_link(settings.path, settings.path + "/oauth2-redirect")}};
  if (!settings.token_path.empty()) {
    values["token"] = relative_link(settings.path, settings.token_path);
    values["sign_in"] = SecuritySchemes::sign_in_name;
  }
  if (!settings.client_id.empty()) values["client_id"] = settings.client_id;
  Page page(settings, settings.path);
  page.add_icon("favicon-32x32.png");
  page.add_style("swagger-ui.css");
  page.add_settings(values);
  page.add_script("swagger-ui-bundle.js");
  page.add_script("swagger.js");
  page.connect_to(origins_in(document));
  return page.finish();
}

DocsPage make_redoc_page(const DocsPageSettings& settings) {
  Page page(settings, settings.path);
  page.add_icon("favicon-32x32.png");  // else browsers ask for /favicon.ico, which a guard answers with 401
  page.add_settings({{"document", relative_link(settings.path, settings.document_path)},
                     {"base", relative_link(settings.path, "/")}});
  page.add_script("redoc.standalone.js");
  page.add_script("redoc.js");
  page.allow_workers();  // its search
  return page.finish();
}

DocsPage make_redirect_page(const DocsPageSettings& settings) {
  Page page(settings, settings.path + "/oauth2-redirect");
  page.add_script("oauth2-redirect.js");
  return page.finish();
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
