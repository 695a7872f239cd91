#include <bailey/web/bind.hpp>

#include <bailey/http/cookies.hpp>
#include <bailey/http/headers.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bailey::web_detail {
namespace {

bool is_json_content(std::string_view content_type) noexcept {
  const std::string_view type = ascii::trim(content_type.substr(0, content_type.find(';')));
  constexpr std::string_view application = "application/";
  if (type.size() <= application.size()) return false;
  if (!http::equal_ignoring_case(type.substr(0, application.size()), application)) return false;
  const std::string_view subtype = type.substr(application.size());
  constexpr std::string_view suffix = "+json";
  return http::equal_ignoring_case(subtype, "json") ||
         (subtype.size() > suffix.size() &&
          http::equal_ignoring_case(subtype.substr(subtype.size() - suffix.size()), suffix));
}

}  // namespace

Location location(std::string_view source, std::string_view name) {
  Location where;
  where.emplace_back(std::string(source));
  if (!name.empty()) where.emplace_back(std::string(name));
  return where;
}

void refuse_kind(const RouteInfo& route, std::string_view name, std::string_view type) {
  const std::string plain = "{" + std::string(name);
  const std::size_t at = route.path.find(plain + ':');
  const std::string placeholder = route.path.substr(at, route.path.find('}', at) + 1 - at);
  route.refuse("its handler takes Path<\"" + std::string(name) + "\", " + std::string(type) + ">, and nothing that " +
               placeholder + " matches is one: write " + plain + "} in the path");
}

std::vector<std::string> query_values(const Request& request, std::string_view name, Occurrence which) {
  std::vector<std::string> values;
  http::detail::for_each_pair(request.query(), [&](std::string_view key, std::string_view value) {
    if (!http::detail::form_text_equals(key, name, http::detail::Case::sensitive)) return;
    if (which == Occurrence::first && !values.empty()) return;
    if (which == Occurrence::last) values.clear();
    http::detail::decode_form_text(value, values.emplace_back());
  });
  return values;
}

std::vector<std::string> header_values(const Request& request, std::string_view name, Occurrence which) {
  std::vector<std::string> values;
  request.http().for_each_header([&](std::string_view key, std::string_view value) {
    if (!http::equal_ignoring_case(key, name)) return;
    if (which == Occurrence::first && !values.empty()) return;
    values.emplace_back(value);
  });
  return values;
}

std::vector<std::string> cookie_values(const Request& request, std::string_view name) {
  std::vector<std::string> values;
  if (auto value = http::cookie(request.http(), name)) values.push_back(std::move(*value));
  return values;
}

std::vector<std::string> form_values(Request& request, std::string_view name, Occurrence which) {
  std::vector<std::string> values;
  if (request.form() == nullptr) return values;
  for (const http::FormField& field : request.form()->fields) {
    if (field.name != name) continue;
    if (which == Occurrence::last) values.clear();
    values.push_back(field.value);
  }
  if (which == Occurrence::last && !values.empty() && values.front().empty()) values.clear();
  return values;
}

namespace {

// A browser sends a part for a file that was not chosen, too.
bool is_chosen(const http::UploadFile& file, std::string_view name) noexcept {
  return file.name == name && (!file.filename.empty() || file.size() > 0);
}

}  // namespace

std::vector<http::UploadFile> form_files(Request& request, std::string_view name, Occurrence which) {
  std::vector<http::UploadFile> files;
  if (request.form() == nullptr) return files;
  for (http::UploadFile& file : request.form()->files) {
    if (!is_chosen(file, name)) continue;
    if (which == Occurrence::last) files.clear();
    files.push_back(std::move(file));
  }
  return files;
}

const http::UploadFile* form_file(Request& request, std::string_view name) {
  const http::UploadFile* last = nullptr;
  if (request.form() == nullptr) return last;
  for (const http::UploadFile& file : request.form()->files)
    if (is_chosen(file, name)) last = &file;
  return last;
}

std::string bytes_of(const http::UploadFile& file) {
  if (const auto bytes = file.content.bytes_in_memory()) return std::string(*bytes);
  throw Error("payload_too_large", "The file \"" + file.name + "\" is too large to be taken as a whole", 413);
}

json::object json_text_schema(json::object content) {
  return {{"type", "string"}, {"contentMediaType", "application/json"}, {"contentSchema", std::move(content)}};
}

ValidationErrors as_parameter_errors(ValidationErrors errors, const Location& where) {
  ValidationError& first = errors.entries.front();
  const bool is_empty = first.type == "missing" && first.loc == where;
  if (is_empty)
    first = {"json_invalid", where, "Invalid JSON: there is nothing", nullptr, {{"error", "there is nothing"}}};
  if (first.type == "json_invalid") first.loc = where;  // without the offset
  return errors;
}

json::object file_schema(SchemaDefinitions&) {
  return {{"type", "string"}, {"contentMediaType", "application/octet-stream"}};
}

void require_json_content(std::optional<std::string_view> content_type) {
  if (content_type && is_json_content(*content_type)) return;
  throw HttpError(415, content_type ? "The body must be sent as application/json, not as the Content-Type that it has"
                                    : "The body must be sent with Content-Type: application/json");
}

void order_by_source(ValidationErrors& errors, std::size_t first) {
  constexpr auto rank = [](const ValidationError& error) {
    static constexpr std::array<std::string_view, 5> sources{"path", "query", "header", "cookie", "body"};
    const auto* source = error.loc.empty() ? nullptr : std::get_if<std::string>(&error.loc.front());
    return source != nullptr ? std::ranges::find(sources, *source) : sources.end();
  };
  const auto begin = errors.entries.begin() + static_cast<std::ptrdiff_t>(first);
  for (auto each = begin; each != errors.entries.end(); ++each)
    std::rotate(std::upper_bound(begin, each, *each, [&](const auto& a, const auto& b) { return rank(a) < rank(b); }),
                each, each + 1);
}

void fail_validation(ValidationErrors errors) { throw RequestValidationError(std::move(errors)); }

}  // namespace bailey::web_detail
