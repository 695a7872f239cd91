#include <bailey/web/json_field.hpp>

#include <bailey/model/json.hpp>

#include <utility>

namespace bailey::web_detail {
namespace {

JsonBody parse(const Request& request, ValidationErrors& errors) {
  const std::string_view text = request.body();
  if (text.empty()) return {};
  require_json_content(request.header("content-type"));
  detail::Document document;
  if (auto faults = document.parse(text, location("body", {}), {})) {
    errors.append(*std::move(faults));
    return {.kind = JsonBody::Kind::malformed};
  }
  const json::value& root = document.root();
  return {.kind = root.is_object() ? JsonBody::Kind::object : JsonBody::Kind::other,
          .root = json::value(root, json::storage_ptr())};
}

}  // namespace

const JsonBody& json_body(Request& request, ValidationErrors& errors) {
  if (const JsonBody* const known = request.state().get<JsonBody>()) return *known;
  return request.state().set(parse(request, errors));
}

}  // namespace bailey::web_detail
