#include <bailey/web/middleware.hpp>

#include "web/pipeline.hpp"

#include <utility>
#include <variant>

namespace bailey {

namespace {
Task<Response> at_once(Response response) { co_return response; }
}  // namespace

Task<Response> Next::operator()(Request& request) const {
  http::Answer answer = pipeline_->run(request, first_);
  if (auto* later = std::get_if<Task<Response>>(&answer)) return std::move(*later);
  return at_once(std::move(std::get<Response>(answer)));
}

}  // namespace bailey
