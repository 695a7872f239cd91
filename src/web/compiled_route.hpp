#pragma once

#include <bailey/http/method.hpp>
#include <bailey/web/endpoint.hpp>

#include <string>
#include <vector>

namespace bailey::web_detail {

// A route as it is used while serving.
struct CompiledRoute {
  http::Method method;
  std::string path;                     // the template
  std::string activity;                 // "GET /cards/{id}": what the loop runs meanwhile
  std::vector<std::string> parameters;  // the names of its placeholders, in order
  const Endpoint* endpoint = nullptr;
  bool is_health_check = false;
};

}  // namespace bailey::web_detail
