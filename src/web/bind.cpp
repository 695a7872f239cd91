#include <bailey/web/bind.hpp>

#include <bailey/http/headers.hpp>
#include <bailey/model/pattern.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace bailey::web_detail {

Location location(std::string_view source, std::string_view name) {
  Location where;
  where.emplace_back(std::string(source));
  if (!name.empty()) where.emplace_back(std::string(name));
  return where;
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

bool is_json_content(std::optional<std::string_view> content_type) noexcept {
  if (!content_type) return false;
  const std::string_view type = ascii::trim(content_type->substr(0, content_type->find(';')));
  constexpr std::string_view application = "application/";
  if (type.size() <= application.size()) return false;
  if (!http::equal_ignoring_case(type.substr(0, application.size()), application)) return false;
  const std::string_view subtype = type.substr(application.size());
  constexpr std::string_view suffix = "+json";
  return http::equal_ignoring_case(subtype, "json") ||
         (subtype.size() > suffix.size() &&
          http::equal_ignoring_case(subtype.substr(subtype.size() - suffix.size()), suffix));
}

void require_pattern(const RouteInfo& route, std::string_view pattern) try {
  if (!pattern.empty()) static_cast<void>(Pattern(pattern));
} catch (const std::invalid_argument& fault) {
  route.refuse("the pattern \"" + std::string(pattern) + "\" of its handler's parameters: " + fault.what());
}

void fail_validation(ValidationErrors errors) {
  constexpr auto rank = [](const ValidationError& error) {
    static constexpr std::array<std::string_view, 5> sources{"path", "query", "header", "cookie", "body"};
    const auto* source = error.loc.empty() ? nullptr : std::get_if<std::string>(&error.loc.front());
    return source != nullptr ? std::ranges::find(sources, *source) : sources.end();
  };
  ValidationErrors sorted;
  for (ValidationError& error : errors.entries) {
    const auto behind = std::ranges::upper_bound(sorted.entries, rank(error), {}, rank);
    sorted.entries.insert(behind, std::move(error));
  }
  throw RequestValidationError(std::move(sorted));
}

}  // namespace bailey::web_detail
