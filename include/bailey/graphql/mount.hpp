#pragma once

#include <bailey/graphql/operation.hpp>
#include <bailey/graphql/persisted.hpp>
#include <bailey/graphql/schema.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/web/route_options.hpp>
#include <bailey/web/router.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bailey::graphql {

// How faults of a request are told by its status, where the client takes application/graphql-response+json. Clients of
// application/json are answered 200 once there is an operation to answer, as they have been since GraphQL's beginnings,
// but for one that was cancelled at its deadline: 504.
enum class HttpProfile : std::uint8_t {
  audit,  // 400 for what cannot be executed, 200 for what was, as graphql-http's audits and today's servers have it
  draft,  // 422 for what is well-formed and cannot be executed, 294 for what was executed with errors: the draft of
          // 2026
};

// Operations over a WebSocket (graphql-transport-ws, npm's graphql-ws), at the endpoint's own path. Behind a guard the
// token comes as with any WebSocket (docs/websockets.md), or in the payload of connection_init: `Authorization: "Bearer
// …"` or `access_token`. What resolvers take of the app is made once for each WebSocket.
struct SocketOptions {
  bool is_served = true;
  bool legacy = false;  // whether clients of subscriptions-transport-ws are served too: the sub-protocol "graphql-ws"
  std::chrono::milliseconds init_timeout{10'000};  // 4408: no connection_init
  std::size_t max_operations = 100;                // at a time
  // Of the messages that have asked for these: their variables take a multiple of it. One alone may be larger.
  std::size_t operations_limit_bytes = std::size_t{1024} * 1024;
  http::WebSocketOptions web_socket = {};  // origins, limits, pings
};

// What a GraphQL endpoint is, besides its schema.
//   app.graphql("/graphql", schema, {.operations = graphql::production_operations(), .route = {.guard = …}});
struct MountOptions {
  OperationOptions operations = {};
  PersistedOptions persisted = {};
  HttpProfile profile = HttpProfile::audit;
  bool queries_via_get = true;  // mutations never are
  // Whether a request may bring files (upload.hpp), as multipart/form-data. A page of anybody's can have a browser send
  // such a request with its cookies, so it must have one of the headers GraphQL-Require-Preflight,
  // Apollo-Require-Preflight, X-Apollo-Operation-Name and X-Requested-With, which such a page cannot send unasked.
  // `route.form_limits` bounds it.
  bool uploads = false;
  std::size_t max_batch = 0;  // operations in one request, as a JSON array; 0: there are no batches
  SocketOptions socket = {};
  // GraphiQL for whoever opens the path in a browser, with a form to sign in where the guard can. Never where there is
  // no introspection, so that production_operations() switches off both. Everybody gets the page whom
  // AppOptions::docs_guard admits, whatever the guard of the route: it says nothing of the schema, and operations meet
  // that guard.
  bool ide = true;
  bool in_schema = false;  // whether the OpenAPI document tells of it
  // Guard, dependencies, middleware, the limit of a body, tags: as of any route. Its own `in_schema` does not count.
  RouteOptions route = {};
};

}  // namespace bailey::graphql
