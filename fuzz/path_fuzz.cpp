// Paths of a stranger's: where they lead among routes, and below a directory of files. What a route's parameters are
// given must put its template back together to the path, and no name may lead out of the directory.
#include "web/route_table.hpp"
#include "web/static_path.hpp"

#include <bailey/web/path_template.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace {

using namespace bailey;
using namespace bailey::web_detail;

void require(bool holds) {
  if (!holds) std::abort();
}

const RouteTable& table() {
  static const RouteTable all = [] {
    RouteTable made;
    for (const char* path : {"/", "/cards", "/cards/new", "/cards/{id:int}", "/cards/{id:uuid}", "/cards/{share:float}",
                             "/cards/{name}", "/cards/{id:int}/notes/{note}", "/cards/{name}/notes/new",
                             "/files/{path:path}", "/{a}/{b}/{c}/{d}", "/tenants/{tenant}/files/{path:path}"})
      made.add({.method = http::Method::get, .path = path, .endpoint = nullptr, .options = {}});
    made.add({.method = http::Method::delete_, .path = "/{rest:path}", .endpoint = nullptr, .options = {}});
    return made;
  }();
  return all;
}

void check_route(http::Method method, std::string_view path) {
  std::array<std::string_view, Request::path_parameter_limit> values;
  const RouteTable::Match match = table().find(method, path, values);
  if (match.route == nullptr) return;
  require(match.route->info.method == method);
  std::string built;
  PathTemplateReader reader(match.route->info.path);
  Segment segment;
  for (std::size_t at = 0; reader.next(segment);) {
    built += '/';
    if (segment.kind == SegmentKind::text) {
      built += segment.text;
      continue;
    }
    const std::string_view value = values[at++];
    require(value.data() >= path.data() && value.data() + value.size() <= path.data() + path.size());
    require(segment.kind == SegmentKind::rest || (!value.empty() && !value.contains('/')));
    if (segment.kind == SegmentKind::integer)
      require(std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }));
    built += value;
  }
  require(built == path);
}

void check_static(std::string_view path) {
  if (!is_static_path(path, Dotfiles::served)) {
    require(!is_static_path(path, Dotfiles::hidden));
    return;
  }
  const std::filesystem::path below = std::filesystem::path("/srv/files") / std::string(path);
  const std::string reached = below.lexically_normal().string();
  require(reached.starts_with("/srv/files/") && reached == below.string());
  require(!path.contains('\0') && !path.contains('\\'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path(reinterpret_cast<const char*>(data), size);
  check_route(http::Method::get, path);
  check_route(http::Method::delete_, path);
  check_static(path);
  if (path.starts_with('/')) check_static(std::string_view(path).substr(1));
  return 0;
}
