#include "stack/forwarded.hpp"

namespace bailey::stack {
namespace {

const Forwarded* forwarded(const Request& request) {
  return request.outer() == nullptr ? nullptr : request.outer()->state().get<Forwarded>();
}

}  // namespace

std::string_view authorization_of(const Request& request) {
  if (const Forwarded* const by_gateway = forwarded(request)) return by_gateway->authorization;
  return request.header("Authorization").value_or("");
}

std::string_view query_of(const Request& request) {
  if (const Forwarded* const by_gateway = forwarded(request)) return by_gateway->query;
  return request.query();
}

}  // namespace bailey::stack
