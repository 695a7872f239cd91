#pragma once

#include <bailey/model/decode.hpp>
#include <bailey/web/bind.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

// A member of the body, which is a JSON object: for handlers that take several things in one body.
//
//   app.put("/cards/{id}", [](Path<"id", int> id, JsonField<"card", Card> card, JsonField<"importance", int>
//   importance)
//
// takes {"card": {…}, "importance": 3}; of one alone, too, the body is an object. Members that no handler takes are
// ignored. The content type is Json's. `T` may be std::optional, and `Rules` a parameter's.
template <ParameterName Name, class T, auto Rules = NoRules{}>
class JsonField : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

namespace web_detail {

// The body as a document, parsed once for all that take a part of it.
struct JsonBody {
  enum class Kind : std::uint8_t {
    none,       // there is no body
    object,     // `root` is one
    other,      // another kind of JSON
    malformed,  // the errors say so
  };
  Kind kind = Kind::none;
  json::value root = {};
};
[[nodiscard]] const JsonBody& json_body(Request& request, ValidationErrors& errors);

}  // namespace web_detail

template <ParameterName Name, class T, auto Rules>
struct Binder<JsonField<Name, T, Rules>> {
  static constexpr bool reads_body = true;

  static void describe(RouteInfo& route) {
    detail::add_patterns<T>(route.patterns);
    static constexpr Constraints constraints = Rules.constraints();
    if (!constraints.pattern.empty()) route.patterns.push_back(constraints.pattern);
    route.add_json_field({.name = Name.view(),
                          .is_required = !web_detail::has_default<Rules> && !web_detail::Unwrapped<T>::optional,
                          .schema = &web_detail::parameter_schema<T, Rules>});
  }

  static std::optional<JsonField<Name, T, Rules>> bind(Request& request, ValidationErrors& errors) {
    using Kind = web_detail::JsonBody::Kind;
    static constexpr Constraints constraints = Rules.constraints();
    const web_detail::JsonBody& body = web_detail::json_body(request, errors);
    if (body.kind == Kind::malformed) return std::nullopt;
    const Location where = web_detail::location("body", Name.view());
    const json::value* const sent =
        body.kind == Kind::object ? body.root.get_object().if_contains(Name.view()) : nullptr;
    if (sent == nullptr) return without(body.kind, where, errors);
    auto decoded = decode<T>(*sent, where, constraints, Conversion::lenient);
    if (decoded) return JsonField<Name, T, Rules>(std::move(*decoded));
    errors.append(std::move(decoded).error());
    return std::nullopt;
  }

 private:
  // A body of another kind lacks even what may be missing of an object.
  static std::optional<JsonField<Name, T, Rules>> without(web_detail::JsonBody::Kind kind, const Location& where,
                                                          ValidationErrors& errors) {
    if (kind != web_detail::JsonBody::Kind::other) {
      if constexpr (web_detail::has_default<Rules>) {
        using Inner = typename web_detail::Unwrapped<T>::type;
        return JsonField<Name, T, Rules>(T(Rules.template default_as<Inner>()));
      } else if constexpr (web_detail::Unwrapped<T>::optional) {
        return JsonField<Name, T, Rules>(T(std::nullopt));
      }
    }
    errors.append({{missing_error(where)}});
    return std::nullopt;
  }
};

}  // namespace bailey
