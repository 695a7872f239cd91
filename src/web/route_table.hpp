#pragma once

#include <bailey/web/request.hpp>
#include <bailey/web/router.hpp>
#include "web/compiled_route.hpp"

#include <array>
#include <bitset>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bailey::web_detail {

inline constexpr std::size_t method_count = static_cast<std::size_t>(http::Method::other) + 1;
using MethodSet = std::bitset<method_count>;

// "DELETE, GET, HEAD": for Allow.
[[nodiscard]] std::string to_list(MethodSet methods);

// All routes, as a tree of path segments. Immutable once built: looked up by all threads. A lookup allocates nothing.
class RouteTable {
 public:
  RouteTable();

  // Throws Error "invalid_route" for a bad template and "route_conflict" for a second route of method and shape. What
  // comes back is to be completed before the first request: layers, dependencies, what types say.
  CompiledRoute& add(const Route& route);

  struct Match {
    const CompiledRoute* route = nullptr;
    MethodSet allowed;  // without a route: the methods of all routes that match the path; none: 404
  };
  // The most literal route for method and path; its placeholders' values are put into `values`, views into `path`.
  [[nodiscard]] Match find(http::Method method, std::string_view path,
                           std::span<std::string_view, Request::path_parameter_limit> values) const;

  // Of all routes, whatever their paths.
  [[nodiscard]] MethodSet methods() const noexcept;
  [[nodiscard]] const std::vector<std::unique_ptr<CompiledRoute>>& routes() const noexcept { return routes_; }

 private:
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Node {
    std::unordered_map<std::string, std::unique_ptr<Node>, TextHash, std::equal_to<>> texts;
    std::array<std::unique_ptr<Node>, 5> placeholders;  // in the order they are tried
    std::array<CompiledRoute*, method_count> routes{};
    CompiledRoute* any = nullptr;  // of the methods that have no route of their own
  };
  struct Search;

  [[nodiscard]] Node& child(Node& node, const Segment& segment);

  std::vector<std::unique_ptr<CompiledRoute>> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace bailey::web_detail
