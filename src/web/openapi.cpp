#include <bailey/web/openapi.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/http/status.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/web/path_template.hpp>
#include "web/openapi_schemas.hpp"
#include "web/openapi_security.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

// "/cards/{id:int}" -> "/cards/{id}", or what else `name_of` makes of the placeholder.
template <class NameOf>
std::string path_with(std::string_view path, NameOf name_of) {
  std::string result;
  web_detail::PathTemplateReader reader(path);
  web_detail::Segment segment;
  while (reader.next(segment)) {
    result += '/';
    if (segment.kind == web_detail::SegmentKind::text)
      result += segment.text;
    else
      result.append("{").append(name_of(segment)).append("}");
  }
  return result;
}

std::string without_kinds(std::string_view path) {
  return path_with(path, [](const web_detail::Segment& placeholder) { return placeholder.text; });
}

std::string_view kind_name(web_detail::SegmentKind kind) {
  switch (kind) {
    case web_detail::SegmentKind::integer: return "int";
    case web_detail::SegmentKind::number: return "float";
    case web_detail::SegmentKind::uuid: return "uuid";
    case web_detail::SegmentKind::rest: return "path";
    case web_detail::SegmentKind::text:
    case web_detail::SegmentKind::string: break;
  }
  return {};
}

// The paths of an app in its document. OpenAPI knows no kinds: of GET /cards/{id:int} and GET /cards/{id} one would
// take the other's place. Where that is so, a placeholder's name says its kind: /cards/{id_int}, whatever came first.
class DocumentPaths {
 public:
  explicit DocumentPaths(std::span<const RouteInfo> routes) {
    std::set<std::pair<http::Method, std::string>> taken;
    for (const RouteInfo& route : routes) {
      if (!route.in_schema) continue;
      std::string path = without_kinds(route.path);
      if (!taken.emplace(route.method, path).second) shared_.insert(std::move(path));
    }
  }

  [[nodiscard]] std::string path(const RouteInfo& route) const {
    if (!shared_.contains(without_kinds(route.path))) return without_kinds(route.path);
    return path_with(route.path, [&](const web_detail::Segment& each) { return with_kind(route, each.text); });
  }
  [[nodiscard]] std::string placeholder(const RouteInfo& route, std::string_view name) const {
    return shared_.contains(without_kinds(route.path)) ? with_kind(route, name) : std::string(name);
  }

 private:
  [[nodiscard]] static std::string with_kind(const RouteInfo& route, std::string_view name) {
    std::string result(name);
    const std::string_view kind = kind_name(web_detail::placeholder_kind(route.path, name));
    if (kind.empty()) return result;
    result.append("_").append(kind);
    while (route.has_placeholder(result)) result += '_';
    return result;
  }

  std::set<std::string> shared_;
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = ascii::lower(c);
  return result;
}

// Letters and digits as they are, everything else one underscore.
std::string identifier(std::string_view text) {
  std::string result;
  for (const char c : text) result += ascii::is_letter(c) || ascii::is_digit(c) ? c : '_';
  return result;
}

// "list_cards" -> "List Cards"
std::string in_words(std::string_view name) {
  std::string result;
  bool starts = true;
  for (const char c : name) {
    if (c == '_') {
      result += ' ';
      starts = true;
    } else {
      result += starts && c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
      starts = false;
    }
  }
  return result;
}

std::string_view source_name(ParameterInfo::Source source) {
  constexpr std::array<std::string_view, 4> names{"path", "query", "header", "cookie"};
  return names[static_cast<std::size_t>(source)];
}

json::object reference(std::string_view component) {
  return {{"$ref", "#/components/schemas/" + std::string(component)}};
}
json::object content(std::string_view type, json::value schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

class Document {
 public:
  Document(const OpenApiInfo& info, std::span<const RouteInfo> routes)
      : info_(info), route_paths_(routes), security_(info.sign_in_url) {}

  void add(const RouteInfo& route) {
    if (!route.in_schema) return;
    json::object& operations = path_item(route_paths_.path(route));
    operations[lower(http::to_string(route.method))] = operation(route);
  }

  [[nodiscard]] json::object finish() {
    json::object info{{"title", info_.title}, {"version", info_.version}};
    if (!info_.summary.empty()) info["summary"] = info_.summary;
    if (!info_.description.empty()) info["description"] = info_.description;
    json::object document{{"openapi", "3.1.0"}, {"info", std::move(info)}};
    if (!info_.servers.empty()) {
      json::array servers;
      for (const std::string& url : info_.servers) servers.push_back(json::object{{"url", url}});
      document["servers"] = std::move(servers);
    }
    json::object components;
    if (json::object schemas = web_detail::unite_schemas(definitions_.take(), paths_); !schemas.empty())
      components["schemas"] = std::move(schemas);
    if (json::object schemes = security_.take(); !schemes.empty()) components["securitySchemes"] = std::move(schemes);
    document["paths"] = std::move(paths_);
    if (!components.empty()) document["components"] = std::move(components);
    if (!info_.tags.empty()) {
      json::array tags;
      for (const auto& [name, description] : info_.tags) {
        json::object tag{{"name", name}};
        if (!description.empty()) tag["description"] = description;
        tags.push_back(std::move(tag));
      }
      document["tags"] = std::move(tags);
    }
    return document;
  }

 private:
  [[nodiscard]] json::object& path_item(const std::string& path) {
    json::value& item = paths_[path];
    if (!item.is_object()) item.emplace_object();
    return item.as_object();
  }

  [[nodiscard]] json::object operation(const RouteInfo& route) {
    json::object result;
    if (!route.tags.empty()) result["tags"] = json::array(route.tags.begin(), route.tags.end());
    const std::string name = route.name.empty() ? own_name(route) : route.name;
    result["summary"] = route.summary.empty() ? in_words(name) : route.summary;
    if (!route.description.empty()) result["description"] = route.description;
    result["operationId"] = unique(route.operation_id.empty() ? operation_id(route) : route.operation_id);
    definitions_.set_use(SchemaUse::input);
    if (json::array parameters = this->parameters(route); !parameters.empty())
      result["parameters"] = std::move(parameters);
    if (!route.bodies.empty()) result["requestBody"] = body(route);
    if (!route.fields.empty()) result["requestBody"] = form(route);
    if (!route.json_fields.empty()) result["requestBody"] = json_parts(route);
    definitions_.set_use(SchemaUse::output);
    result["responses"] = responses(route);
    if (!route.security.empty()) result["security"] = security_.requirements(route);
    if (route.is_deprecated) result["deprecated"] = true;
    return result;
  }

  // "get_cards_id" of GET /cards/{id}
  [[nodiscard]] std::string own_name(const RouteInfo& route) const {
    std::string name = lower(http::to_string(route.method));
    for (const char c : identifier(route_paths_.path(route)))
      if (c != '_' || name.back() != '_') name += c;
    while (name.ends_with('_')) name.pop_back();
    return name;
  }
  [[nodiscard]] std::string operation_id(const RouteInfo& route) const {
    if (route.name.empty()) return own_name(route);
    return identifier(route.name + route_paths_.path(route)) + '_' + lower(http::to_string(route.method));
  }
  [[nodiscard]] std::string unique(std::string id) {
    const std::string wanted = id;
    for (int i = 2; !ids_.insert(id).second; ++i) id = wanted + '_' + std::to_string(i);
    return id;
  }

  [[nodiscard]] json::array parameters(const RouteInfo& route) {
    json::array list;
    for (const std::string& placeholder : route.placeholders) {
      const bool is_read = std::ranges::any_of(route.parameters, [&](const ParameterInfo& each) {
        return each.source == ParameterInfo::Source::path && each.name == placeholder;
      });
      if (is_read) continue;
      list.push_back(
          parameter("path", route_paths_.placeholder(route, placeholder), true, json::object{{"type", "string"}}, {}));
    }
    for (const ParameterInfo& each : route.parameters) {
      const bool is_header = each.source == ParameterInfo::Source::header;
      const bool is_placeholder = each.source == ParameterInfo::Source::path;
      if (!each.in_schema || (is_header && is_described_elsewhere(each.name))) continue;
      json::object schema = schema_of_all(each, forbid_null);
      if (!schema.contains("$ref")) schema["title"] = in_words(identifier(each.name));
      if (each.is_required) forbid_empty(schema, "array", "minItems");
      const std::string name = is_header        ? lower(each.name)
                               : is_placeholder ? route_paths_.placeholder(route, each.name)
                                                : std::string(each.name);
      json::object one =
          parameter(source_name(each.source), name, each.is_required, std::move(schema), each.description);
      if (each.is_deprecated) one["deprecated"] = true;
      list.push_back(std::move(one));
    }
    return list;
  }
  // Of a value that several read: what each of them takes. A text takes whatever is sent, so it says nothing beside
  // others; and a default is that of who may do without.
  template <class Info, class Edit>
  [[nodiscard]] json::object schema_of_all(const Info& info, const Edit& edit) {
    json::object first = info.schema == nullptr ? json::object{} : info.schema(definitions_);
    edit(first);
    if (info.further_schemas.empty()) return first;
    const auto given_default = [](const json::object& schema) {
      const json::value* const own = schema.if_contains("default");
      return own == nullptr ? std::optional<json::value>() : std::optional(*own);
    };
    const std::optional<json::value> of_first = given_default(first);
    bool share_default = !info.is_required;
    std::vector<json::object> all{std::move(first)};
    for (const SchemaMaker maker : info.further_schemas) {
      edit(all.emplace_back(maker(definitions_)));
      share_default = share_default && given_default(all.back()) == of_first;
    }
    json::array distinct;
    for (json::object& each : all) {
      if (!share_default) each.erase("default");
      if (std::ranges::find(distinct, json::value(each)) == distinct.end()) distinct.emplace_back(std::move(each));
    }
    const auto text = std::ranges::find(distinct, json::value(json::object{{"type", "string"}}));
    if (distinct.size() > 1 && text != distinct.end()) distinct.erase(text);
    if (distinct.size() == 1) return std::move(distinct.front().get_object());
    return {{"allOf", std::move(distinct)}};
  }
  // A form, a query and a header have no way to send null, nor nothing.
  static void forbid_null(json::object& schema) {
    const json::value* const options = schema.if_contains("anyOf");
    if (options == nullptr || options->as_array().size() != 2) return;
    if (options->as_array().back() != json::value(json::object{{"type", "null"}})) return;
    json::object without = options->as_array().front().as_object();
    for (const auto& [key, value] : schema)
      if (key != "anyOf") without[key] = value;
    schema = std::move(without);
  }
  static void forbid_empty(json::object& schema, std::string_view type, std::string_view rule) {
    const json::value* const own = schema.if_contains("type");
    if (own != nullptr && own->is_string() && own->get_string() == type && !schema.contains(rule)) schema[rule] = 1;
  }
  // Fields that OpenAPI knows as content types and security schemes, and not as parameters.
  [[nodiscard]] static bool is_described_elsewhere(std::string_view header) {
    const std::string name = lower(header);
    return name == "accept" || name == "content-type" || name == "authorization";
  }
  [[nodiscard]] static json::object parameter(std::string_view in, std::string_view name, bool is_required,
                                              json::object schema, std::string_view description) {
    json::object result{{"name", name}, {"in", in}, {"required", is_required}};
    if (!description.empty()) result["description"] = description;
    result["schema"] = std::move(schema);
    return result;
  }

  [[nodiscard]] json::object body(const RouteInfo& route) {
    json::object contents;
    bool is_required = true;
    for (const BodyInfo& each : route.bodies) {
      json::object schema = schema_of_all(each, [](json::object&) {});
      contents[each.content_type] = json::object{{"schema", std::move(schema)}};
      is_required &= each.is_required;
    }
    json::object result{{"content", std::move(contents)}};
    if (is_required) result["required"] = true;
    return result;
  }

  // An object of what is taken in parts: of a form, or of a JSON body.
  [[nodiscard]] json::object object_of(const std::vector<FieldInfo>& fields, bool is_text) {
    json::object properties;
    json::array required;
    for (const FieldInfo& field : fields) {
      json::object schema = schema_of_all(field, [&](json::object& one) {
        if (is_text) forbid_null(one);
      });
      if (field.is_list) schema = {{"type", "array"}, {"items", std::move(schema)}};
      if (!schema.contains("$ref")) schema["title"] = in_words(identifier(field.name));
      if (field.is_required && !field.is_file) forbid_empty(schema, "string", "minLength");  // it counts as missing
      if (field.is_required) forbid_empty(schema, "array", "minItems");
      properties[field.name] = std::move(schema);
      if (field.is_required) required.emplace_back(field.name);
    }
    json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
  }

  [[nodiscard]] json::object form(const RouteInfo& route) {
    json::object schema = object_of(route.fields, true);
    const bool is_required = schema.contains("required");
    const bool has_file = std::ranges::any_of(route.fields, &FieldInfo::is_file);
    json::object contents = content("multipart/form-data", schema);
    if (!has_file) contents["application/x-www-form-urlencoded"] = json::object{{"schema", std::move(schema)}};
    json::object result{{"content", std::move(contents)}};
    if (is_required) result["required"] = true;
    return result;
  }

  [[nodiscard]] json::object json_parts(const RouteInfo& route) {
    json::object schema = object_of(route.json_fields, false);
    const bool is_required = schema.contains("required");
    json::object result{{"content", content("application/json", std::move(schema))}};
    if (is_required) result["required"] = true;
    return result;
  }

  [[nodiscard]] json::object responses(const RouteInfo& route) {
    json::object result;
    for (const ResponseInfo& each : route.responses) result[std::to_string(each.status)] = response(each);
    const auto add = [&](int status, std::string_view component) {
      const std::string key = std::to_string(status);
      if (result.contains(key)) return;
      result[key] = json::object{{"description", http::reason_phrase(status)},
                                 {"content", content(error_type(), reference(component))}};
    };
    if (!route.security.empty()) {
      add(401, error_);
      header(result, "401", "WWW-Authenticate");
    }
    const bool may_forbid = std::ranges::any_of(route.security, &SecurityInfo::may_forbid);
    if (may_forbid || !route.scopes.empty()) add(403, error_);
    if (!route.placeholders.empty()) add(404, error_);
    if (!route.parameters.empty() || !route.bodies.empty() || !route.fields.empty() || !route.json_fields.empty()) {
      define_validation();
      add(422, validation_);
    }
    define_error();
    result["default"] =
        json::object{{"description", "Any other error"}, {"content", content(error_type(), reference(error_))}};
    return result;
  }
  [[nodiscard]] json::object response(const ResponseInfo& each) {
    json::object result{
        {"description", each.description.empty() ? std::string(http::reason_phrase(each.status)) : each.description}};
    if (http::may_have_body(each.status) && (each.schema != nullptr || each.content_type == "*/*")) {
      json::object schema = each.schema == nullptr ? json::object{} : each.schema(definitions_);
      // OpenAPI 3.2 has a word for the schema of a sequence's items; what reads 3.1 refuses it.
      json::object media{{"schema", each.is_sequence ? json::object{{"type", "string"}} : schema}};
      if (each.is_sequence) media["x-itemSchema"] = std::move(schema);
      result["content"] = json::object{{each.content_type, std::move(media)}};
    }
    for (const std::string& name : each.headers) header(result, name);
    return result;
  }
  static void header(json::object& response, std::string_view name) {
    json::value& headers = response["headers"];
    if (!headers.is_object()) headers.emplace_object();
    headers.get_object()[name] = json::object{{"schema", json::object{{"type", "string"}}}};
  }
  static void header(json::object& responses, std::string_view status, std::string_view name) {
    header(responses[status].as_object(), name);
  }

  [[nodiscard]] bool has_problems() const noexcept { return info_.error_format == ErrorFormat::problem; }
  [[nodiscard]] std::string_view error_type() const noexcept {
    return has_problems() ? "application/problem+json" : "application/json";
  }
  // RFC 9457
  [[nodiscard]] static json::object problem(std::string_view title, json::object more) {
    json::object properties{
        {"type", json::object{{"type", "string"}, {"format", "uri-reference"}, {"default", "about:blank"}}},
        {"title", json::object{{"type", "string"}, {"title", "Title"}}},
        {"status", json::object{{"type", "integer"}, {"title", "Status"}}},
        {"detail", json::object{{"type", "string"}, {"title", "Detail"}}},
        {"request_id", json::object{{"type", "string"}, {"title", "Request Id"}}}};
    for (auto& [name, schema] : more) properties[name] = std::move(schema);
    return {{"type", "object"},
            {"title", title},
            {"properties", std::move(properties)},
            {"required", json::array{"type", "title", "status"}}};
  }

  void define_error() {
    if (has_problems()) return definitions_.define(error_, problem("Problem", {{"details", json::object{}}}));
    definitions_.define(error_, {{"type", "object"},
                                 {"title", "Error"},
                                 {"properties", json::object{{"detail", json::object{{"title", "Detail"}}}}},
                                 {"required", json::array{"detail"}}});
  }
  void define_validation() {
    const json::object location{
        {"type", "array"},
        {"items",
         json::object{{"anyOf", json::array{json::object{{"type", "string"}}, json::object{{"type", "integer"}}}}}},
        {"title", "Location"}};
    definitions_.define(
        entry_, {{"type", "object"},
                 {"title", "ValidationError"},
                 {"properties", json::object{{"loc", location},
                                             {"msg", json::object{{"type", "string"}, {"title", "Message"}}},
                                             {"type", json::object{{"type", "string"}, {"title", "Error Type"}}},
                                             {"input", json::object{{"title", "Input"}}},
                                             {"ctx", json::object{{"type", "object"}, {"title", "Context"}}}}},
                 {"required", json::array{"loc", "msg", "type"}}});
    if (has_problems()) {
      json::object errors{{"type", "array"}, {"items", reference(entry_)}, {"title", "Errors"}};
      return definitions_.define(validation_, problem("ValidationProblem", {{"errors", std::move(errors)}}));
    }
    definitions_.define(validation_, {{"type", "object"},
                                      {"title", "HTTPValidationError"},
                                      {"properties", json::object{{"detail", json::object{{"type", "array"},
                                                                                          {"items", reference(entry_)},
                                                                                          {"title", "Detail"}}}}}});
  }

  const OpenApiInfo& info_;
  DocumentPaths route_paths_;
  json::object paths_;
  web_detail::SecuritySchemes security_;
  SchemaDefinitions definitions_{"#/components/schemas/"};
  // First, so that a model of the app's with such a name gets another. They are schemas of no type.
  std::string error_ = definitions_.enter(&error_, has_problems() ? "bailey::Problem" : "bailey::Error").name;
  std::string entry_ = definitions_.enter(&entry_, "bailey::ValidationError").name;
  std::string validation_ =
      definitions_.enter(&validation_, has_problems() ? "bailey::ValidationProblem" : "bailey::HTTPValidationError")
          .name;
  std::set<std::string> ids_;
};

}  // namespace

json::object openapi(const OpenApiInfo& info, std::span<const RouteInfo> routes) {
  Document document(info, routes);
  for (const RouteInfo& route : routes) document.add(route);
  return document.finish();
}

}  // namespace bailey
