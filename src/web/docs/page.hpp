#pragma once

#include <bailey/model/json.hpp>
#include "web/docs/assets.hpp"
#include "web/docs/page_builder.hpp"

#include <span>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// What a documentation page loads lies below it, at "{page}/assets/{version}/{name}", and its links are relative, so
// that it works wherever a proxy has put it.
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

}  // namespace bailey::web_detail
