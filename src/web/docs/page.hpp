#pragma once

#include <bailey/model/json.hpp>
#include "web/docs/assets.hpp"

#include <span>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// A documentation page. What it loads lies below it, at "{page}/assets/{version}/{name}", and its links are relative,
// so that it works wherever a proxy has put it.
struct DocsPage {
  std::string html;
  std::string policy;  // its Content-Security-Policy
};

struct DocsPageSettings {
  std::string path;  // of the page in the app, as the others
  std::string document_path;
  std::string title;
  std::string token_path = {};  // of the sign-in; empty: there is none
  std::string client_id = {};   // of OAuth2
  std::span<const DocsAsset> assets = docs_assets();
};

[[nodiscard]] DocsPage make_swagger_page(const DocsPageSettings& settings, const json::object& document);
[[nodiscard]] DocsPage make_redoc_page(const DocsPageSettings& settings);
// Where an authorization server sends the browser back to, for the page that has opened it.
[[nodiscard]] DocsPage make_redirect_page(const DocsPageSettings& settings);

// The way from a page to a path of the same site: from "/docs" to "/openapi.json" it is "openapi.json".
[[nodiscard]] std::string relative_link(std::string_view from, std::string_view to);

}  // namespace bailey::web_detail
