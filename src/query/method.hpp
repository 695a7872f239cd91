#pragma once

#include <bailey/query/api_request.hpp>

#include <string_view>

namespace bailey::query::detail {

// The HTTP method that a query is sent with.
inline std::string_view method_of(const ApiRequest& request) {
  switch (request.kind) {
    case Kind::read: return request.head_only ? "HEAD" : "GET";
    case Kind::insert: return "POST";
    case Kind::update: return "PATCH";
    case Kind::delete_: return "DELETE";
  }
  return "GET";
}

}  // namespace bailey::query::detail
