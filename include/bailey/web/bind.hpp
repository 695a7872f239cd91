#pragma once

#include "bailey/model/decode.hpp"
#include "bailey/web/binder.hpp"
#include "bailey/web/error.hpp"
#include "bailey/web/parameters.hpp"
#include "bailey/web/rules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How Path, Query, Header, Json and Body are made from a request: the specialisations of Binder that come with us.
namespace bailey {

namespace detail {

// Reports what is wrong with one parameter: `source` is path, query, header or body.
void report(ValidationErrors& errors, std::string_view source, std::string_view name, std::string_view type,
            std::string_view message);
inline void report_missing(ValidationErrors& errors, std::string_view source, std::string_view name) {
  report(errors, source, name, "missing", "Field required");
}
[[nodiscard]] Location location(std::string_view source, std::string_view name);
void append(ValidationErrors& errors, ValidationErrors&& more);

// Whether it can be sent on as JSON; what is not UTF-8 is refused as `string_unicode`.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// The decoded values of a query parameter, in order.
[[nodiscard]] std::vector<std::string> query_values(const Request& request, std::string_view name);
[[nodiscard]] std::vector<std::string> header_values(const Request& request, std::string_view name);

// application/json or application/*+json, parameters ignored (RFC 6839).
[[nodiscard]] bool is_json_content(std::optional<std::string_view> content_type) noexcept;

// The errors in FastAPI's order of sources, thrown.
[[noreturn]] void fail_validation(ValidationErrors errors);

template <class T>
struct Unwrapped {
  static constexpr bool optional = false;
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  static constexpr bool optional = true;
  using type = T;
};
template <class T>
struct Listed : std::false_type {};
template <class T>
struct Listed<std::vector<T>> : std::true_type {
  using type = T;
};

// One value of one parameter: text to T, then the rules.
template <class T, auto... Rules>
[[nodiscard]] std::optional<T> read_text(std::string_view text, const Location& where, ValidationErrors& errors) {
  if (!is_utf8(text)) {
    errors.entries.push_back({"string_unicode", where, "Input should be valid UTF-8", nullptr, {}});
    return std::nullopt;
  }
  auto decoded = decode_text<T>(text, where);
  if (!decoded) {
    append(errors, std::move(decoded).error());
    return std::nullopt;
  }
  const std::size_t before = errors.entries.size();
  check_rules<Rules...>(*decoded, text, where, errors);
  if (errors.entries.size() != before) return std::nullopt;
  return std::move(*decoded);
}

// A query or header parameter from the values sent under its name.
template <class P, class T, auto... Rules>
[[nodiscard]] std::optional<P> read_values(std::vector<std::string> values, std::string_view source,
                                           ValidationErrors& errors, bool last_counts) {
  using Inner = typename Unwrapped<T>::type;
  if (values.empty()) {
    if constexpr (has_fallback<Rules...>) {
      return P(T(fallback<Inner, Rules...>()));
    } else if constexpr (Unwrapped<T>::optional) {
      return P(T(std::nullopt));
    } else {
      report_missing(errors, source, P::name);
      return std::nullopt;
    }
  }
  Location where = location(source, P::name);
  if constexpr (Listed<Inner>::value) {
    Inner list;
    const std::size_t before = errors.entries.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      Location at = where;
      at.emplace_back(static_cast<std::int64_t>(i));
      if (auto item = read_text<typename Listed<Inner>::type>(values[i], at, errors)) list.push_back(std::move(*item));
    }
    check_rules<Rules...>(list, {}, where, errors);
    if (errors.entries.size() != before) return std::nullopt;
    return P(T(std::move(list)));
  } else {
    auto value = read_text<Inner, Rules...>(last_counts ? values.back() : values.front(), where, errors);
    if (!value) return std::nullopt;
    return P(T(std::move(*value)));
  }
}

}  // namespace detail

template <ParameterName Name, class T>
struct Binder<Path<Name, T>> {
  static void check(const RouteInfo& route) {
    if (!route.has_parameter(Name.view())) {
      route.refuse("its handler takes Path<\"" + std::string(Name.view()) + "\"> but the path has no such placeholder");
    }
  }
  static std::optional<Path<Name, T>> bind(const Request& request, ValidationErrors& errors) {
    const auto text = request.path_value(Name.view());
    if (!text) {
      detail::report_missing(errors, "path", Name.view());
      return std::nullopt;
    }
    auto value = detail::read_text<T>(*text, detail::location("path", Name.view()), errors);
    if (!value) return std::nullopt;
    return Path<Name, T>(std::move(*value));
  }
};

template <ParameterName Name, class T, auto... Rules>
struct Binder<Query<Name, T, Rules...>> {
  static std::optional<Query<Name, T, Rules...>> bind(const Request& request, ValidationErrors& errors) {
    return detail::read_values<Query<Name, T, Rules...>, T, Rules...>(detail::query_values(request, Name.view()),
                                                                      "query", errors, true);
  }
};

template <ParameterName Name, class T, auto... Rules>
struct Binder<Header<Name, T, Rules...>> {
  static std::optional<Header<Name, T, Rules...>> bind(const Request& request, ValidationErrors& errors) {
    return detail::read_values<Header<Name, T, Rules...>, T, Rules...>(detail::header_values(request, Name.view()),
                                                                       "header", errors, false);
  }
};

template <class T>
struct Binder<Json<T>> {
  static constexpr bool reads_body = true;

  static std::optional<Json<T>> bind(const Request& request, ValidationErrors& errors) {
    const std::string_view body = request.body();
    if (body.empty()) {
      if constexpr (detail::Unwrapped<T>::optional) return Json<T>(T(std::nullopt));
      detail::report_missing(errors, "body", {});
      return std::nullopt;
    }
    if (!detail::is_json_content(request.header("content-type"))) {
      refuse_content(errors);
      return std::nullopt;
    }
    auto decoded = decode_json<T>(body, detail::location("body", {}));
    if (!decoded) {
      detail::append(errors, std::move(decoded).error());
      return std::nullopt;
    }
    return Json<T>(std::move(*decoded));
  }

 private:
  // What is not JSON counts as a text, as in FastAPI: not the kind of value that is wanted. The text is not repeated.
  static void refuse_content(ValidationErrors& errors) {
    auto decoded = decode<T>(json::value(""), detail::location("body", {}));
    if (!decoded) {
      detail::append(errors, std::move(decoded).error());
    } else {
      detail::report(errors, "body", {}, "model_attributes_type", "Input should be sent as application/json");
    }
  }
};

template <>
struct Binder<Body> {
  static constexpr bool reads_body = true;
  static Body bind(const Request& request) { return Body{request.body()}; }
};

namespace detail {

// What a handler's parameter is held in until the handler is called.
template <class P>
[[nodiscard]] auto bind_parameter(Request& request, [[maybe_unused]] ValidationErrors& errors) {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, Request>) {
    return static_cast<const Request*>(&request);
  } else if constexpr (CollectingBinder<T>) {
    return Binder<T>::bind(request, errors);
  } else {
    return std::optional<T>(Binder<T>::bind(request));
  }
}

template <class P, class Held>
[[nodiscard]] decltype(auto) pass_parameter(Held& held) {
  if constexpr (std::same_as<std::remove_cvref_t<P>, Request>) {
    return (*held);
  } else {
    return std::move(*held);
  }
}

}  // namespace detail
}  // namespace bailey
