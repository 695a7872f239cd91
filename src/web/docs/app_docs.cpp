// The routes of an app about itself: its document, /docs and /redoc with what they load, and where /docs signs people
// in. A route of the program's own in the place of one of the three counts instead.
#include <bailey/web/app.hpp>

#include <bailey/web/openapi.hpp>
#include <bailey/web/security.hpp>
#include "web/app_parts.hpp"
#include "web/docs/docs.hpp"
#include "web/docs/served_page.hpp"
#include "web/served_document.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using web_detail::Docs;
using web_detail::DocsPage;

// Where the app is served below a prefix, the paths in its document begin there.
std::vector<std::string> servers_of(const AppOptions& options) {
  std::vector<std::string> servers = options.servers;
  if (!options.root_path.empty() && std::ranges::find(servers, options.root_path) == servers.end())
    servers.insert(servers.begin(), options.root_path);
  return servers;
}

void require_literal(std::string_view option, const std::string& path) {
  const bool is_path = path.starts_with('/') && path.size() > 1 && !path.ends_with('/');
  if (is_path && path.find_first_of("{}*?#% ") == std::string::npos) return;
  throw Error("invalid_route", "AppOptions::" + std::string(option) +
                                   " is one literal path, such as \"/docs\", or empty, and not \"" + path + "\"");
}

}  // namespace

void App::add_docs() {
  const AppOptions& options = parts_->options;
  const std::string& document = options.openapi_path;
  if (document.empty() || has_get(document)) return;
  Docs* const docs = &parts_->docs;
  docs->cache_control = std::string(options.docs_guard ? "private" : "public") + ", max-age=31536000, immutable";
  const RouteOptions about{.in_schema = false, .guard = options.docs_guard.value_or(open_to_all())};
  get(
      runtime_path(document),
      [parts = parts_.get()](const Request& request) {
        const bool is_elsewhere = request.root_path() != parts->options.root_path;  // a proxy says where
        return Response::json(200, is_elsewhere ? web_detail::document_below(request.root_path(), parts->docs.document)
                                                : parts->docs.document);
      },
      about);

  const auto add_page = [&](std::string_view option, const std::string& path, const DocsPage& page) {
    if (path.empty()) return false;
    require_literal(option, path);
    if (has_get(path)) return false;
    get(runtime_path(path), [&page] { return web_detail::page_response(page); }, about);
    get(
        runtime_path(path + "/assets/{version}/{name}"),
        [docs](const Request& request, Path<"version"> version, Path<"name"> name) {
          return web_detail::asset_response(web_detail::docs_assets(), *version, *name, request, docs->cache_control);
        },
        about);
    return true;
  };
  add_page("redoc_path", options.redoc_path, docs->redoc);
  if (!add_page("docs_path", options.docs_path, docs->swagger)) return;
  get(
      runtime_path(options.docs_path + "/oauth2-redirect"),
      [docs] { return web_detail::page_response(docs->redirect); }, about);

  const auto signs_in = [&](const std::shared_ptr<const Guard>& guard) {
    if (guard && guard->sign_in && !docs->sign_in) docs->sign_in = guard->sign_in;
  };
  signs_in(parts_->app.guard);
  for (const web_detail::Route& route : routes_) signs_in(route.guard);
  if (!docs->sign_in) return;
  post(
      runtime_path(options.docs_path + "/token"),
      [docs, attempts = &parts_->app.sign_in_attempts](const Request& request, PasswordForm form) {
        return web_detail::sign_in(*attempts, docs->sign_in, request.client_address(), std::move(form.username),
                                   std::move(form.password));
      },
      about);
}

void App::write_docs() {
  const AppOptions& options = parts_->options;
  Docs& docs = parts_->docs;
  const std::string token_path = docs.sign_in ? options.docs_path + "/token" : std::string();
  json::object document =
      bailey::openapi({.title = options.title,
                       .version = options.version,
                       .summary = options.summary,
                       .description = options.description,
                       .servers = servers_of(options),
                       .tags = options.tags,
                       .error_format = options.error_format,
                       .sign_in_url = docs.sign_in ? web_detail::relative_link(options.openapi_path, token_path) : ""},
                      parts_->routes);
  for (const auto& edit : parts_->document_edits) edit(document);
  docs.document = json::serialize(document);

  web_detail::DocsPageSettings page{.path = options.docs_path,
                                    .document_path = options.openapi_path,
                                    .title = options.title,
                                    .token_path = token_path,
                                    .client_id = options.docs_client_id};
  if (!options.docs_path.empty()) {
    docs.swagger = web_detail::make_swagger_page(page, document);
    docs.redirect = web_detail::make_redirect_page(page);
  }
  page.path = options.redoc_path;
  if (!options.redoc_path.empty()) docs.redoc = web_detail::make_redoc_page(page);
}

App& App::openapi_edit(std::function<void(json::object& document)> edit) {
  require_not_started();
  parts_->document_edits.push_back(std::move(edit));
  return *this;
}

}  // namespace bailey
