#include <bailey/web/route_info.hpp>

#include <bailey/base/error.hpp>

#include <algorithm>
#include <utility>

namespace bailey {

bool RouteInfo::has_parameter(std::string_view name) const noexcept {
  return std::ranges::find(parameters_, name) != parameters_.end();
}

void RouteInfo::refuse(std::string_view reason) const {
  std::string message(method_);
  message.append(" ").append(path_).append(": ").append(reason);
  throw Error("invalid_route", std::move(message));
}

}  // namespace bailey
