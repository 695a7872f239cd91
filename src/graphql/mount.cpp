#include <bailey/graphql/mount.hpp>

#include <graphql/engine/engine.hpp>
#include <graphql/ide/routes.hpp>
#include <graphql/transport/http_endpoint.hpp>
#include <graphql/transport/socket_endpoint.hpp>
#include <graphql/transport/socket_messages.hpp>

#include <memory>
#include <string>
#include <utility>

namespace bailey {

Router& Router::graphql(std::string_view path, const graphql::Schema& schema) { return graphql(path, schema, {}); }

Router& Router::graphql(std::string_view path, const graphql::Schema& schema, graphql::MountOptions options) {
  auto engine = std::make_shared<graphql::Engine>(schema.compile(), options.operations, options.persisted);
  if (options.socket.is_served) {
    WebSocketRouteOptions route{.web_socket = options.socket.web_socket,
                                .name = options.route.name,
                                .guard = options.route.guard,
                                .dependencies = options.route.dependencies,
                                .middleware = options.route.middleware};
    route.web_socket.protocols = {std::string(to_string(graphql::SocketProtocol::transport_ws))};
    if (options.socket.legacy) route.web_socket.protocols.emplace_back(to_string(graphql::SocketProtocol::legacy_ws));
    add(path, std::make_shared<const graphql::SocketEndpoint>(engine, options.socket), std::move(route));
  }
  RouteOptions route = options.route;
  route.in_schema = options.in_schema;
  const bool has_ide = options.ide && options.operations.introspection;
  const auto endpoint = std::make_shared<const graphql::HttpEndpoint>(std::move(engine), std::move(options));
  add(web_detail::Route{
      .method = http::Method::get, .path = std::string(path), .endpoint = endpoint, .options = route});
  add(web_detail::Route{
      .method = http::Method::post, .path = std::string(path), .endpoint = endpoint, .options = route});
  if (has_ide)
    for (web_detail::Route& page : graphql::ide_routes(path, route)) add(std::move(page));
  return *this;
}

}  // namespace bailey
