#pragma once

#include <bailey/model/decode.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/web/bind.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Structs whose members are parameters, each by its name, with the rules that stand in the struct:
//
//   struct Span {
//     int limit = 20;
//     int offset = 0;
//     std::vector<std::string> tags;
//
//     static constexpr auto rules() {
//       return fields(field<&Span::limit>(defaulted, ge(1), le(100)), field<&Span::offset>(defaulted, ge(0)),
//                     field<&Span::tags>(defaulted), forbid_extra());
//     }
//   };
//
//   app.get("/cards", [](QueryOf<Span> span) { … span->limit … });
//
// Members are scalars, lists of them (all values of that name), and optionals of both. What may be missing, and what
// else is wrong with one, is said as of a JSON body; `forbid_extra` refuses parameters that are none of its members.
namespace bailey {

// ?limit=…&tags=a&tags=b
template <class T>
class QueryOf : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

// Header fields: `request_id` is Request-Id, unless the rule `name` says otherwise. What was sent is repeated of
// members alone; with `forbid_extra` every header that is no member is refused, those that each client sends, too.
template <class T>
class HeadersOf : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

template <class T>
class CookiesOf : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

// The fields of a form, urlencoded or multipart. An empty text counts as missing, as in Form. A handler may take single
// fields and files beside it.
template <class T>
class FormOf : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

namespace web_detail {

using Source = ParameterInfo::Source;

// A parameter that a member is read from.
struct ModelMember {
  std::string_view name;       // of the member, in errors' input
  std::string_view sent_name;  // of the parameter
  bool is_list = false;
};

// All that a source has, in the order sent: names (a header's in lower case) and values.
using SentPairs = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] SentPairs query_pairs(const Request& request);
[[nodiscard]] SentPairs header_pairs(const Request& request);
[[nodiscard]] SentPairs cookie_pairs(const Request& request);
[[nodiscard]] SentPairs form_pairs(Request& request);

enum class ModelSource : std::uint8_t { query, header, cookie, form };

// The members as a JSON object of texts and lists of them, with what else was sent. What is no UTF-8 is told in the
// errors; then nothing is returned.
[[nodiscard]] std::optional<json::object> model_input(SentPairs sent, std::span<const ModelMember> members,
                                                      ModelSource source, bool with_extra, ValidationErrors& errors);
// Errors name parameters as they are sent, and repeat nothing that is not the member's own where others may read it.
void name_as_sent(ValidationErrors& errors, std::span<const ModelMember> members, ModelSource source);

template <class T>
consteval bool is_parameter_member() {
  using Inner = typename Unwrapped<T>::type;
  if constexpr (Listed<Inner>::value) {
    return detail::is_parameter<typename Listed<Inner>::type>();
  } else {
    return detail::is_parameter<T>();
  }
}
template <class T>
inline constexpr bool is_list_member = Listed<typename Unwrapped<T>::type>::value;

// "request_id" -> "request-id", where no rule has named it.
template <class T, std::size_t I>
inline constexpr auto header_text = [] {
  constexpr std::string_view name = wire_names<T>[I];
  constexpr bool is_own = name == detail::without_keyword_mark(member_names<T>[I]);
  std::array<char, name.size()> text{};
  for (std::size_t i = 0; i < name.size(); ++i)
    text[i] = is_own && name[i] == '_'           ? '-'
              : name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] | 0x20)
                                                 : name[i];
  return text;
}();

template <class T, ModelSource source>
inline constexpr auto model_members = []<std::size_t... I>(std::index_sequence<I...>) {
  static_assert(
      (is_parameter_member<MemberType<T, I>>() && ...),
      "A struct that is read from parameters has scalars, lists of them (std::vector) and optionals of both as "
      "members: what has members itself is sent as JSON.");
  static_assert(source != ModelSource::cookie || (!is_list_member<MemberType<T, I>> && ...), "A cookie has one value.");
  return std::array<ModelMember, sizeof...(I)>{
      ModelMember{wire_names<T>[I],
                  source == ModelSource::header ? std::string_view(header_text<T, I>.data(), header_text<T, I>.size())
                                                : wire_names<T>[I],
                  is_list_member<MemberType<T, I>>}...};
}(std::make_index_sequence<member_count<T>>{});

template <class T>
consteval bool forbids_extra() {
  if constexpr (detail::has_rules<T>) return detail::rules_of<T>.forbid_extra;
  return false;
}

// The schema of one member, with its rules and its default.
template <class T, std::size_t I>
json::object member_schema(SchemaDefinitions& definitions) {
  using Member = MemberType<T, I>;
  constexpr const Constraints& constraints = detail::member_constraints<T>[I];
  json::object result = schema<Member>(definitions, constraints);
  if constexpr (constraints.is_defaulted && !constraints.is_secret && !detail::holds_secret<Member>) {
    const T sample{};
    for_each_member(sample, [&]<std::size_t At>(const auto& member) {
      if constexpr (At == I) {
        std::string text;
        encode(member, text);
        result["default"] = parse_json(text).value();
      }
    });
  }
  return result;
}

// Calls f.template operator()<I>(is_required) for each member.
template <class T, class F>
void for_each_parameter_of(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<I>(!detail::member_constraints<T>[I].is_defaulted && !is_nullable<MemberType<T, I>>), ...);
  }(std::make_index_sequence<member_count<T>>{});
}

template <class T, ModelSource source>
void describe_model(RouteInfo& route) {
  static_assert(Model<T>,
                "QueryOf, HeadersOf, CookiesOf and FormOf take a plain struct: its members are the parameters.");
  static_assert(detail::least_members<T> == 0, "min_members counts what a JSON object brings; parameters have none.");
  detail::add_patterns<T>(route.patterns);
  for_each_parameter_of<T>([&]<std::size_t I>(bool is_required) {
    const std::string_view name = model_members<T, source>[I].sent_name;
    const SchemaMaker schema = &member_schema<T, I>;
    if constexpr (source == ModelSource::form) {
      route.add_field({.name = name, .is_required = is_required, .schema = schema});
    } else {
      constexpr Source in = source == ModelSource::query    ? Source::query
                            : source == ModelSource::header ? Source::header
                                                            : Source::cookie;
      route.add(ParameterInfo{.source = in, .name = name, .is_required = is_required, .schema = schema});
    }
  });
}

template <class P, ModelSource source>
[[nodiscard]] std::optional<P> read_model(SentPairs sent, ValidationErrors& errors) {
  using T = typename P::value_type;
  static constexpr std::array<std::string_view, 4> names{"query", "header", "cookie", "body"};
  constexpr const auto& members = model_members<T, source>;
  auto input = model_input(std::move(sent), members, source, forbids_extra<T>(), errors);
  if (!input) return std::nullopt;
  const json::value value(*std::move(input));
  auto decoded = decode<T>(value, location(names[static_cast<std::size_t>(source)], {}), {}, Conversion::lenient);
  if (decoded) return P(std::move(*decoded));
  name_as_sent(decoded.error(), members, source);
  errors.append(std::move(decoded).error());
  return std::nullopt;
}

}  // namespace web_detail

template <class T>
struct Binder<QueryOf<T>> {
  static void describe(RouteInfo& route) { web_detail::describe_model<T, web_detail::ModelSource::query>(route); }
  static std::optional<QueryOf<T>> bind(const Request& request, ValidationErrors& errors) {
    return web_detail::read_model<QueryOf<T>, web_detail::ModelSource::query>(web_detail::query_pairs(request), errors);
  }
};

template <class T>
struct Binder<HeadersOf<T>> {
  static void describe(RouteInfo& route) { web_detail::describe_model<T, web_detail::ModelSource::header>(route); }
  static std::optional<HeadersOf<T>> bind(const Request& request, ValidationErrors& errors) {
    return web_detail::read_model<HeadersOf<T>, web_detail::ModelSource::header>(web_detail::header_pairs(request),
                                                                                 errors);
  }
};

template <class T>
struct Binder<CookiesOf<T>> {
  static void describe(RouteInfo& route) { web_detail::describe_model<T, web_detail::ModelSource::cookie>(route); }
  static std::optional<CookiesOf<T>> bind(const Request& request, ValidationErrors& errors) {
    return web_detail::read_model<CookiesOf<T>, web_detail::ModelSource::cookie>(web_detail::cookie_pairs(request),
                                                                                 errors);
  }
};

template <class T>
struct Binder<FormOf<T>> {
  static constexpr bool reads_form = true;
  static void describe(RouteInfo& route) { web_detail::describe_model<T, web_detail::ModelSource::form>(route); }
  static std::optional<FormOf<T>> bind(Request& request, ValidationErrors& errors) {
    return web_detail::read_model<FormOf<T>, web_detail::ModelSource::form>(web_detail::form_pairs(request), errors);
  }
};

}  // namespace bailey
