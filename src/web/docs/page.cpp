#include "web/docs/page.hpp"

#include <bailey/base/ascii.hpp>
#include "web/openapi_security.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace bailey::web_detail {
namespace {

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

PageBuilder builder(const DocsPageSettings& settings, std::string_view path) {
  return PageBuilder({.title = settings.title,
                      .assets_link = relative_link(path, settings.path + "/assets"),
                      .assets = settings.assets});
}

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
  PageBuilder page = builder(settings, settings.path);
  page.add_icon("favicon-32x32.png");
  page.add_style("swagger-ui.css");
  page.add_settings(values);
  page.add_script("swagger-ui-bundle.js");
  page.add_script("swagger.js");
  page.connect_to(origins_in(document));
  return page.finish();
}

DocsPage make_redoc_page(const DocsPageSettings& settings) {
  PageBuilder page = builder(settings, settings.path);
  page.add_icon("favicon-32x32.png");  // else browsers ask for /favicon.ico, which a guard answers with 401
  page.add_settings({{"document", relative_link(settings.path, settings.document_path)},
                     {"base", relative_link(settings.path, "/")}});
  page.add_script("redoc.standalone.js");
  page.add_script("redoc.js");
  page.allow_workers();  // its search
  return page.finish();
}

DocsPage make_redirect_page(const DocsPageSettings& settings) {
  PageBuilder page = builder(settings, settings.path + "/oauth2-redirect");
  page.add_script("oauth2-redirect.js");
  return page.finish();
}

}  // namespace bailey::web_detail
