// GraphiQL at an endpoint's own path, for whoever opens it in a browser.
#pragma once

#include <bailey/web/request.hpp>
#include <graphql/ide/assets.hpp>
#include "web/docs/page_builder.hpp"

#include <span>
#include <string>
#include <string_view>

namespace bailey::graphql {

// Whether a GET is for the page: it brings no operation, and its Accept likes HTML better than what answers operations.
[[nodiscard]] bool is_for_page(const Request& request);

// What lies below the endpoint's path, by the path that the browser has: "/api/graphql" has its files at
// "./graphql/graphiql/{version}/{name}", and "/api/graphql/" at "./graphiql/…". Relative, so that it is found wherever
// a proxy has put it; and not by the route, whose last part may be a placeholder.
inline constexpr std::string_view page_folder = "graphiql";
[[nodiscard]] std::string link_to_folder(std::string_view raw_path);

struct PageSettings {
  std::string_view raw_path;
  bool signs_in = false;  // whether there is a form for an e-mail address and a password
  std::span<const web_detail::DocsAsset> assets = ide_assets();
};
[[nodiscard]] web_detail::DocsPage make_page(const PageSettings& settings);

}  // namespace bailey::graphql
