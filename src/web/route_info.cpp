#include <bailey/web/route_info.hpp>

#include <bailey/base/error.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/http/status.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace bailey {

namespace {

// What is said of one that two read.
template <class Info>
void add_schema(Info& known, SchemaMaker schema) {
  if (schema == nullptr || schema == known.schema) return;
  if (std::ranges::find(known.further_schemas, schema) != known.further_schemas.end()) return;
  if (known.schema == nullptr)
    known.schema = schema;
  else
    known.further_schemas.push_back(schema);
}

}  // namespace

void RouteInfo::add(ParameterInfo parameter) {
  const auto known = std::ranges::find_if(parameters, [&](const ParameterInfo& each) {
    if (each.source != parameter.source) return false;
    if (each.source == ParameterInfo::Source::header) return http::equal_ignoring_case(each.name, parameter.name);
    return each.name == parameter.name;
  });
  if (known == parameters.end()) {
    parameters.push_back(std::move(parameter));
  } else {
    add_schema(*known, parameter.schema);
    known->is_required |= parameter.is_required;
    known->is_deprecated &= parameter.is_deprecated;
  }
}

void RouteInfo::add(BodyInfo body) {
  if (!json_fields.empty()) refuse("its body is taken whole (Json, Body) and in parts (JsonField)");
  const auto known = std::ranges::find(bodies, body.content_type, &BodyInfo::content_type);
  if (known == bodies.end()) {
    bodies.push_back(std::move(body));
  } else {
    add_schema(*known, body.schema);
    known->is_required |= body.is_required;
  }
}

namespace {

void add_to(std::vector<FieldInfo>& fields, FieldInfo field) {
  const auto known = std::ranges::find(fields, field.name, &FieldInfo::name);
  if (known == fields.end()) {
    fields.push_back(std::move(field));
  } else {
    if (known->is_list == field.is_list) add_schema(*known, field.schema);
    known->is_required |= field.is_required;
  }
}

}  // namespace

void RouteInfo::add_field(FieldInfo field) {
  const auto known = std::ranges::find(fields, field.name, &FieldInfo::name);
  if (known != fields.end() && known->is_file && field.is_file && (known->is_moved || field.is_moved)) {
    const std::string file(field.name);
    refuse("its handler and its dependencies take the file \"" + file +
           "\" more than once, and who takes it has it alone: let a dependency take it and provide a class that keeps "
           "it, which the others take by reference; or take its bytes, File<\"" +
           file + "\", std::string>, everywhere");
  }
  add_to(fields, std::move(field));
}

void RouteInfo::add_json_field(FieldInfo field) {
  if (!bodies.empty()) refuse("its body is taken whole (Json, Body) and in parts (JsonField)");
  add_to(json_fields, std::move(field));
}

void RouteInfo::add(SecurityInfo scheme) {
  const auto known = std::ranges::find(security, scheme.name, &SecurityInfo::name);
  if (known == security.end()) {
    security.push_back(std::move(scheme));
    return;
  }
  if (scheme.scheme.size() > known->scheme.size()) known->scheme = std::move(scheme.scheme);  // it says more
  known->is_required |= scheme.is_required;
  known->may_forbid |= scheme.may_forbid;
  known->signs_in |= scheme.signs_in;
  for (std::string& scope : scheme.scopes)
    if (std::ranges::find(known->scopes, scope) == known->scopes.end()) known->scopes.push_back(std::move(scope));
}

namespace {

void require_body(const RouteInfo& route, int status, bool has_value) {
  if (!has_value || http::may_have_body(status)) return;
  route.refuse("its handler returns a value, and an answer with status " + std::to_string(status) +
               " has no body: let it return nothing, or answer with another status");
}

}  // namespace

void RouteInfo::add(ResponseInfo response) {
  require_body(*this, response.status, response.schema != nullptr);
  if (std::ranges::find(responses, response.status, &ResponseInfo::status) == responses.end())
    responses.push_back(std::move(response));
}

void RouteInfo::add_scope(std::string_view scope) {
  if (std::ranges::find(scopes, scope) == scopes.end()) scopes.emplace_back(scope);
}

void RouteInfo::set_success(int usual_status, SchemaMaker schema, std::string_view content_type) {
  const int success = status == 0 ? usual_status : status;
  require_body(*this, success, schema != nullptr || content_type == "*/*");
  const auto documented = std::ranges::find(responses, success, &ResponseInfo::status);
  if (documented != responses.end()) {
    if (documented->schema == nullptr) documented->schema = schema;
  } else {
    responses.insert(responses.begin(),
                     {.status = success, .content_type = std::string(content_type), .schema = schema});
  }
}

std::string_view RouteInfo::method_text() const noexcept {
  if (is_any_method) return "ANY";
  return is_web_socket ? "WS" : http::to_string(method);
}

void RouteInfo::set_success_items(SchemaMaker item_schema, std::string_view content_type) {
  set_success(200, item_schema, content_type);
  for (ResponseInfo& each : responses)
    if (each.content_type == content_type) each.is_sequence = true;
}

void RouteInfo::add_header(int usual_status, std::string_view field) {
  const auto response = std::ranges::find(responses, status == 0 ? usual_status : status, &ResponseInfo::status);
  if (response != responses.end()) response->headers.emplace_back(field);
}

bool RouteInfo::has_placeholder(std::string_view wanted) const noexcept {
  return std::ranges::find(placeholders, wanted) != placeholders.end();
}

void RouteInfo::refuse(std::string_view reason) const {
  std::string message(method_text());
  message.append(" ").append(path).append(": ").append(reason);
  throw Error("invalid_route", std::move(message));
}

}  // namespace bailey
