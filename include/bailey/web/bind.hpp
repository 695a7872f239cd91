#pragma once

#include <bailey/base/utf8.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/ip_address.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/model/shape.hpp>
#include <bailey/model/spelling.hpp>
#include <bailey/model/time_of_day.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/parameters.hpp>
#include <bailey/web/path_template.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How Path, Query, Header, Json and Body are made from a request: the specialisations of Binder that come with us.
namespace bailey {

namespace web_detail {

// Where a parameter stands: ["query", "limit"], or ["body"] without a name.
[[nodiscard]] Location location(std::string_view source, std::string_view name);

// The decoded values of a query parameter, or a header's lines, in order; one at most unless all are asked for.
enum class Occurrence { first, last, all };
[[nodiscard]] std::vector<std::string> query_values(const Request& request, std::string_view name, Occurrence which);
[[nodiscard]] std::vector<std::string> header_values(const Request& request, std::string_view name, Occurrence which);

[[nodiscard]] std::vector<std::string> cookie_values(const Request& request, std::string_view name);
// Of the form that has been read; one alone that is empty counts as missing.
[[nodiscard]] std::vector<std::string> form_values(Request& request, std::string_view name, Occurrence which);
// The files of that name that have been chosen, moved out; of one alone the last.
[[nodiscard]] std::vector<http::UploadFile> form_files(Request& request, std::string_view name, Occurrence which);
// The last of that name that has been chosen, where it is; null: none.
[[nodiscard]] const http::UploadFile* form_file(Request& request, std::string_view name);
// Throws Error "payload_too_large" (413) where the file is so large that it does not lie in memory.
[[nodiscard]] std::string bytes_of(const http::UploadFile& file);
[[nodiscard]] json::object file_schema(SchemaDefinitions& definitions);

// Throws HttpError 415 unless it is application/json or application/*+json, parameters ignored (RFC 6839).
void require_json_content(std::optional<std::string_view> content_type);

template <class T>
inline constexpr bool is_json = false;
template <class T, Conversion conversion>
inline constexpr bool is_json<Json<T, conversion>> = true;

// A text of JSON, or what is said in place of one.
[[nodiscard]] json::object json_text_schema(json::object content);
// What a text of JSON is read as; an empty one is malformed, too. Errors are those of the parameter.
[[nodiscard]] ValidationErrors as_parameter_errors(ValidationErrors errors, const Location& where);

template <class T, auto Rules>
json::object parameter_schema(SchemaDefinitions& definitions) {
  static constexpr Constraints constraints = Rules.constraints();
  using Inner = typename Unwrapped<T>::type;
  if constexpr (is_json<Inner>)
    return json_text_schema(schema<typename Inner::value_type>(definitions));
  else {
    json::object result = schema<T>(definitions, constraints);
    if constexpr (has_default<Rules>) {
      std::string text;
      encode(Rules.template default_as<typename Unwrapped<T>::type>(), text);
      result["default"] = parse_json(text).value();
    }
    return result;
  }
}

// What is said of a parameter in the route's description.
template <class P, class T, auto Rules>
void describe_parameter(RouteInfo& route, ParameterInfo::Source source) {
  static constexpr Constraints constraints = Rules.constraints();
  ParameterInfo parameter{.source = source,
                          .name = P::name,
                          .is_required = !has_default<Rules> && !Unwrapped<T>::optional,
                          .schema = &parameter_schema<T, Rules>,
                          .description = constraints.description,
                          .is_deprecated = constraints.is_deprecated};
  if constexpr (requires { Rules.in_schema; }) parameter.in_schema = Rules.in_schema;
  route.add(parameter);
  if (!constraints.pattern.empty()) route.patterns.push_back(constraints.pattern);
}

// Whether there are texts of that kind that are a T's. {id:int} with a Uuid would be 422 for all that the route
// matches.
template <class T>
constexpr bool kind_fits(SegmentKind kind) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (is_nullable<T>) {
    return kind_fits<ElementOf<T>>(kind);
  } else {
    constexpr bool has_marks = std::same_as<T, IpAddress> || std::same_as<T, TimeOfDay>;  // "::1", "9:30": always
    constexpr bool is_number = shape != Shape::uuid && shape != Shape::enumeration && !has_marks;
    switch (kind) {
      case SegmentKind::integer: return is_number;
      case SegmentKind::number: return is_number && shape != Shape::integer;
      case SegmentKind::uuid:
        return shape == Shape::uuid || shape == Shape::text || shape == Shape::secret ||
               (shape == Shape::coded && !has_marks);
      case SegmentKind::text:
      case SegmentKind::string:
      case SegmentKind::rest: return true;
    }
    return true;
  }
}
// Ends the start: what the placeholder lets through is never of that type.
[[noreturn]] void refuse_kind(const RouteInfo& route, std::string_view name, std::string_view type);

// Puts the errors from `first` on into FastAPI's order of sources, those of users' own binders last.
void order_by_source(ValidationErrors& errors, std::size_t first);
[[noreturn]] void fail_validation(ValidationErrors errors);

// One value of one parameter: text to T, then the rules.
template <class T>
[[nodiscard]] std::optional<T> read_text(std::string_view text, const Location& where, const Constraints& rules,
                                         ValidationErrors& errors) {
  if (!detail::is_utf8(text)) {
    errors.append({{{"string_unicode", where, "Input should be valid UTF-8", nullptr, {}}}});
    return std::nullopt;
  }
  if constexpr (is_json<T>) {
    auto decoded = decode_json<typename T::value_type>(text, where, {}, Conversion::lenient);
    if (decoded) return T(std::move(*decoded));
    errors.append(as_parameter_errors(std::move(decoded).error(), where));
  } else {
    auto decoded = decode_text<T>(text, where, rules);
    if (decoded) return std::move(*decoded);
    errors.append(std::move(decoded).error());
  }
  return std::nullopt;
}

// A query or header parameter P from the values sent under its name.
template <class P, auto Rules>
[[nodiscard]] std::optional<P> read_values(const std::vector<std::string>& values, std::string_view source,
                                           ValidationErrors& errors) {
  using T = typename P::value_type;
  using Inner = typename Unwrapped<T>::type;
  static constexpr Constraints constraints = Rules.constraints();
  const Location where = location(source, P::name);
  if (values.empty()) {
    if constexpr (has_default<Rules>) {
      return P(T(Rules.template default_as<Inner>()));
    } else if constexpr (Unwrapped<T>::optional) {
      return P(T(std::nullopt));
    } else {
      errors.append({{missing_error(where)}});
      return std::nullopt;
    }
  }
  if constexpr (Listed<Inner>::value) {
    Inner list;
    for (std::size_t i = 0; i < values.size(); ++i) {
      Location at = where;
      at.emplace_back(static_cast<std::int64_t>(i));
      auto item = read_text<typename Listed<Inner>::type>(values[i], at, constraints, errors);
      if (item) list.push_back(std::move(*item));
    }
    if (list.size() != values.size()) return std::nullopt;
    return P(T(std::move(list)));
  } else {
    auto value = read_text<Inner>(values.front(), where, constraints, errors);
    if (!value) return std::nullopt;
    return P(T(std::move(*value)));  // NOLINT(bugprone-optional-value-conversion): T may be an optional
  }
}

}  // namespace web_detail

template <ParameterName Name, class T, auto Rules>
struct Binder<Path<Name, T, Rules>> {
  static void describe(RouteInfo& route) {
    if (!route.has_placeholder(Name.view())) {
      route.refuse("its handler takes Path<\"" + std::string(Name.view()) + "\"> but the path has no such placeholder");
    }
    // While compiling only a literal path of an App's own is seen as a whole, and no dependency's parameters.
    if (!web_detail::kind_fits<T>(web_detail::placeholder_kind(route.path, Name.view())))
      web_detail::refuse_kind(route, Name.view(), detail::type_in_spelling(detail::spell_type<T>()));
    web_detail::describe_parameter<Path<Name, T, Rules>, T, Rules>(route, ParameterInfo::Source::path);
  }
  static std::optional<Path<Name, T, Rules>> bind(const Request& request, ValidationErrors& errors) {
    static constexpr Constraints constraints = Rules.constraints();
    const std::string_view text = request.path_value(Name.view()).value_or(std::string_view{});
    auto value = web_detail::read_text<T>(text, web_detail::location("path", Name.view()), constraints, errors);
    if (!value) return std::nullopt;
    return Path<Name, T, Rules>(std::move(*value));
  }
};

template <ParameterName Name, class T, auto Rules>
struct Binder<Query<Name, T, Rules>> {
  static void describe(RouteInfo& route) {
    web_detail::describe_parameter<Query<Name, T, Rules>, T, Rules>(route, ParameterInfo::Source::query);
  }
  static std::optional<Query<Name, T, Rules>> bind(const Request& request, ValidationErrors& errors) {
    constexpr auto which = web_detail::Listed<typename web_detail::Unwrapped<T>::type>::value
                               ? web_detail::Occurrence::all
                               : web_detail::Occurrence::last;
    return web_detail::read_values<Query<Name, T, Rules>, Rules>(web_detail::query_values(request, Name.view(), which),
                                                                 "query", errors);
  }
};

template <ParameterName Name, class T, auto Rules>
struct Binder<Header<Name, T, Rules>> {
  static void describe(RouteInfo& route) {
    web_detail::describe_parameter<Header<Name, T, Rules>, T, Rules>(route, ParameterInfo::Source::header);
  }
  static std::optional<Header<Name, T, Rules>> bind(const Request& request, ValidationErrors& errors) {
    constexpr auto which = web_detail::Listed<typename web_detail::Unwrapped<T>::type>::value
                               ? web_detail::Occurrence::all
                               : web_detail::Occurrence::first;
    return web_detail::read_values<Header<Name, T, Rules>, Rules>(
        web_detail::header_values(request, Name.view(), which), "header", errors);
  }
};

template <ParameterName Name, class T, auto Rules>
struct Binder<Cookie<Name, T, Rules>> {
  static void describe(RouteInfo& route) {
    web_detail::describe_parameter<Cookie<Name, T, Rules>, T, Rules>(route, ParameterInfo::Source::cookie);
  }
  static std::optional<Cookie<Name, T, Rules>> bind(const Request& request, ValidationErrors& errors) {
    return web_detail::read_values<Cookie<Name, T, Rules>, Rules>(web_detail::cookie_values(request, Name.view()),
                                                                  "cookie", errors);
  }
};

template <ParameterName Name, class T, auto Rules>
struct Binder<Form<Name, T, Rules>> {
  static constexpr bool reads_form = true;

  static void describe(RouteInfo& route) {
    route.add_field({.name = Name.view(),
                     .is_required = !web_detail::has_default<Rules> && !web_detail::Unwrapped<T>::optional,
                     .schema = &web_detail::parameter_schema<T, Rules>});
    static constexpr Constraints constraints = Rules.constraints();
    if (!constraints.pattern.empty()) route.patterns.push_back(constraints.pattern);
  }
  static std::optional<Form<Name, T, Rules>> bind(Request& request, ValidationErrors& errors) {
    constexpr auto which = web_detail::Listed<typename web_detail::Unwrapped<T>::type>::value
                               ? web_detail::Occurrence::all
                               : web_detail::Occurrence::last;
    return web_detail::read_values<Form<Name, T, Rules>, Rules>(web_detail::form_values(request, Name.view(), which),
                                                                "body", errors);
  }
};

template <ParameterName Name, class T>
struct Binder<File<Name, T>> {
  static constexpr bool reads_form = true;
  static constexpr bool is_list = web_detail::Listed<T>::value;
  static constexpr bool is_optional = web_detail::Unwrapped<T>::optional;
  static constexpr bool is_bytes = std::same_as<typename web_detail::Unwrapped<T>::type, std::string>;
  static_assert(std::same_as<T, http::UploadFile> || std::same_as<T, std::optional<http::UploadFile>> ||
                    std::same_as<T, std::vector<http::UploadFile>> || is_bytes,
                "A File is an UploadFile, a std::optional or a std::vector of them, or a std::string for its bytes.");

  static void describe(RouteInfo& route) {
    route.add_field({.name = Name.view(),
                     .is_required = !is_optional,
                     .is_file = true,
                     .is_list = is_list,
                     .is_moved = !is_bytes,
                     .schema = &web_detail::file_schema});
  }
  static std::optional<File<Name, T>> bind(Request& request, ValidationErrors& errors) {
    if constexpr (is_list) {
      auto files = web_detail::form_files(request, Name.view(), web_detail::Occurrence::all);
      if (!files.empty()) return File<Name, T>(std::move(files));
    } else {
      if constexpr (is_bytes) {
        if (const auto* const file = web_detail::form_file(request, Name.view()))
          return File<Name, T>(T(web_detail::bytes_of(*file)));
      } else {
        auto files = web_detail::form_files(request, Name.view(), web_detail::Occurrence::last);
        if (!files.empty()) return File<Name, T>(T(std::move(files.front())));
      }
      if constexpr (is_optional) return File<Name, T>(std::nullopt);
    }
    errors.append({{missing_error(web_detail::location("body", Name.view()))}});
    return std::nullopt;
  }
};

template <class T, Conversion conversion>
struct Binder<Json<T, conversion>> {
  static constexpr bool reads_body = true;

  static void describe(RouteInfo& route) {
    detail::add_patterns<T>(route.patterns);
    route.add(BodyInfo{.is_required = !web_detail::Unwrapped<T>::optional, .schema = &schema<T>});
  }

  static std::optional<Json<T, conversion>> bind(const Request& request, ValidationErrors& errors) {
    const std::string_view body = request.body();
    const Location where = web_detail::location("body", {});
    if (body.empty()) {
      if constexpr (web_detail::Unwrapped<T>::optional) return Json<T, conversion>(T(std::nullopt));
      errors.append({{missing_error(where)}});
      return std::nullopt;
    }
    web_detail::require_json_content(request.header("content-type"));
    auto decoded = decode_json<T>(body, where, {}, conversion);
    if (decoded) return Json<T, conversion>(std::move(*decoded));
    errors.append(std::move(decoded).error());
    return std::nullopt;
  }
};

template <>
struct Binder<Body> {
  static constexpr bool reads_body = true;
  static void describe(RouteInfo& route) {
    route.add(BodyInfo{.content_type = "application/octet-stream", .is_required = false});
  }
  static Body bind(const Request& request) { return Body{request.body()}; }
};

}  // namespace bailey
