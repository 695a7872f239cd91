#pragma once

#include <bailey/query/query.hpp>

#include <string_view>

namespace bailey::query::detail {

// The HTTP method that a query is sent with.
inline std::string_view method_of(const Query& query) {
  switch (query.kind) {
    case Kind::read: return query.head_only ? "HEAD" : "GET";
    case Kind::insert: return "POST";
    case Kind::update: return "PATCH";
    case Kind::delete_: return "DELETE";
  }
  return "GET";
}

}  // namespace bailey::query::detail
