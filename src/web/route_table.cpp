// A tree with a level per path segment. At each level the literal child is tried first, then the placeholders from the
// narrowest kind to the widest; a branch that ends without a route for the method is left again, so that
// DELETE /cards/new finds DELETE /cards/{id} beside GET /cards/new. Every node is visited once at most, so a lookup
// costs no more than the tree is large, whatever path a stranger sends.
//
// Paths are matched as http decoded them, once. An encoded slash is a slash, for routes and guards alike.
#include "web/route_table.hpp"

#include <bailey/base/uuid.hpp>

#include <algorithm>
#include <utility>

namespace bailey::web_detail {

namespace {

constexpr std::size_t rank(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::integer: return 0;
    case SegmentKind::uuid: return 1;
    case SegmentKind::number: return 2;
    case SegmentKind::string: return 3;
    case SegmentKind::text:
    case SegmentKind::rest: break;
  }
  return 4;
}
constexpr std::array kinds{SegmentKind::integer, SegmentKind::uuid, SegmentKind::number, SegmentKind::string,
                           SegmentKind::rest};

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(SegmentKind kind, std::string_view text) noexcept {
  switch (kind) {
    case SegmentKind::integer: return is_digits(text);
    case SegmentKind::number: {
      const std::size_t dot = text.find('.');
      return is_digits(text.substr(0, dot)) && (dot == std::string_view::npos || is_digits(text.substr(dot + 1)));
    }
    case SegmentKind::uuid: return Uuid::parse(text).has_value();
    case SegmentKind::string: return !text.empty();
    case SegmentKind::text:
    case SegmentKind::rest: break;
  }
  return true;
}

[[noreturn]] void refuse(const Route& route, std::string_view code, std::string_view reason) {
  std::string message(route.web_socket ? "WS" : route.is_any_method ? "ANY" : http::to_string(route.method));
  message.append(" ").append(route.path).append(": ").append(reason);
  throw Error(std::string(code), std::move(message));
}

}  // namespace

std::string to_list(MethodSet methods) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < method_count; ++i) {
    if (methods[i]) names.push_back(http::to_string(static_cast<http::Method>(i)));
  }
  std::ranges::sort(names);
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}

RouteTable::Node& RouteTable::child(Node& node, const Segment& segment) {
  std::unique_ptr<Node>& next =
      segment.kind == SegmentKind::text ? node.texts[std::string(segment.text)] : node.placeholders[rank(segment.kind)];
  if (!next) next = std::make_unique<Node>();
  return *next;
}

CompiledRoute& RouteTable::add(const Route& route) {
  Node* node = root_.get();
  std::vector<std::string> parameters;
  PathTemplateReader reader(route.path);
  Segment segment;
  while (reader.next(segment)) {
    node = &child(*node, segment);
    if (segment.kind == SegmentKind::text) continue;
    if (std::ranges::find(parameters, segment.text) != parameters.end()) {
      refuse(route, "invalid_route", "two placeholders have the same name");
    }
    parameters.emplace_back(segment.text);
  }
  if (reader.problem() != nullptr) refuse(route, "invalid_route", reader.problem());
  if (parameters.size() > Request::path_parameter_limit) refuse(route, "invalid_route", "too many placeholders");

  CompiledRoute*& slot = route.is_any_method ? node->any : node->routes[static_cast<std::size_t>(route.method)];
  // A WebSocket and a GET of one path are told apart by the handshake, a page and a GET by what is asked for.
  const bool is_page_beside = slot != nullptr && route.is_for_page != nullptr && slot->page_beside == nullptr;
  const bool is_beside =
      slot != nullptr && !slot->web_socket_beside && slot->info.is_web_socket != route.web_socket.has_value();
  if (slot != nullptr && !is_beside && !is_page_beside)
    refuse(route, "route_conflict", "there is a route of this method and shape already: " + slot->info.path);
  const RouteOptions& options = route.options;
  if (options.status != 0 && (options.status < 200 || options.status > 599)) {
    refuse(route, "invalid_route",
           "its status is " + std::to_string(options.status) + ", and an answer has one from 200 to 599");
  }
  auto compiled = std::make_unique<CompiledRoute>();
  compiled->info = {.method = route.method,
                    .path = route.path,
                    .placeholders = std::move(parameters),
                    .name = options.name,
                    .summary = options.summary,
                    .description = options.description,
                    .operation_id = options.operation_id,
                    .tags = options.tags,
                    .is_deprecated = options.deprecated,
                    .in_schema = options.in_schema && !route.is_health_check,
                    .is_health_check = route.is_health_check,
                    .is_web_socket = route.web_socket.has_value(),
                    .is_any_method = route.is_any_method,
                    .status = options.status,
                    .body_limit_bytes = options.body_limit_bytes,
                    .responses = options.responses};
  compiled->activity = std::string(compiled->info.method_text()) + ' ' + route.path;
  if (route.web_socket) {
    auto web_socket = std::make_unique<WebSocketOptions>(*route.web_socket);
    web_socket->name = route.path;
    compiled->web_socket = std::move(web_socket);
  }
  compiled->endpoint = route.endpoint;
  compiled->is_for_page = route.is_for_page;
  CompiledRoute& added = *routes_.emplace_back(std::move(compiled));
  if (is_page_beside) {
    slot->page_beside = &added;
  } else if (!is_beside) {
    slot = &added;
  } else if (route.web_socket) {
    slot->web_socket_beside = &added;
  } else {
    added.web_socket_beside = std::exchange(slot, &added);
  }
  return added;
}

MethodSet RouteTable::methods() const noexcept {
  MethodSet all;
  for (const auto& route : routes_)
    if (!route->info.is_any_method) all.set(static_cast<std::size_t>(route->info.method));
  if (all[static_cast<std::size_t>(http::Method::get)]) all.set(static_cast<std::size_t>(http::Method::head));
  return all;
}

struct RouteTable::Search {
  http::Method method;
  std::span<std::string_view, Request::path_parameter_limit> values;
  Match match;

  // `rest` is what follows the node's segment: empty at the end, else it begins with a slash.
  bool visit(const Node& node, std::string_view rest, std::size_t depth) {
    if (rest.empty()) return take(node);
    const std::size_t end = rest.find('/', 1);
    const std::string_view segment = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    const std::string_view behind = end == std::string_view::npos ? std::string_view{} : rest.substr(end);

    if (const auto text = node.texts.find(segment); text != node.texts.end()) {
      if (visit(*text->second, behind, depth)) return true;
    }
    for (const SegmentKind kind : kinds) {
      const Node* next = node.placeholders[rank(kind)].get();
      if (next == nullptr || !fits(kind, segment)) continue;
      values[depth] = kind == SegmentKind::rest ? rest.substr(1) : segment;
      if (kind == SegmentKind::rest ? take(*next) : visit(*next, behind, depth + 1)) return true;
    }
    return false;
  }

  bool take(const Node& node) {
    match.route = node.routes[static_cast<std::size_t>(method)];
    if (match.route == nullptr && method == http::Method::head) {
      match.route = node.routes[static_cast<std::size_t>(http::Method::get)];
    }
    if (match.route == nullptr) match.route = node.any;
    if (match.route != nullptr) return true;
    for (std::size_t i = 0; i < method_count; ++i) {
      if (node.routes[i] != nullptr) match.allowed.set(i);
    }
    if (match.allowed[static_cast<std::size_t>(http::Method::get)]) {
      match.allowed.set(static_cast<std::size_t>(http::Method::head));
    }
    return false;
  }
};

RouteTable::Match RouteTable::find(http::Method method, std::string_view path,
                                   std::span<std::string_view, Request::path_parameter_limit> values) const {
  if (!path.starts_with('/')) return {};
  Search search{method, values, {}};
  search.visit(*root_, path, 0);
  return search.match;
}

}  // namespace bailey::web_detail
