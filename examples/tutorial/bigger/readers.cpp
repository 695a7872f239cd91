#include "readers.hpp"

#include <bailey/bailey.hpp>

using namespace bailey;

Router readers() {
  Router routes({.prefix = "/readers", .tags = {"readers"}});
  routes.get("", [] { return std::vector<std::string>{"Ada", "Bob"}; });
  routes.get("/me", [] { return std::string("Ada"); });
  return routes;
}
