#pragma once

#include <bailey/web/parameters.hpp>

#include <string>
#include <string_view>
#include <tuple>

namespace bailey::graphql {

// An argument of a field, as a resolver's parameter, by its name in the program: with camel case on (SchemaOptions),
// `Arg<"first_name">` is `firstName` to clients.
//
//   [](Arg<"id", Uuid> id, Arg<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit) { … }
//
// `T` is what can be read from JSON; std::optional may be null or absent, a Maybe tells the two apart, and a
// `default_value` stands in the schema. A struct is an input object. What breaks a rule is an error of the field, with
// the code BAD_USER_INPUT and what is wrong where in its extensions.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Arg : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());

 public:
  static constexpr std::string_view name = Name.view();
  static constexpr auto rules = Rules;
  using web_detail::Parameter<T>::Parameter;
};

// Several arguments that a resolver takes as one parameter: a class derived from it is constructed of their values, in
// this order. What its constructor throws is an error of the field.
//   struct Area : ArgumentGroup<Arg<"width", double>, Arg<"height", double>> { Area(double width, double height); … };
template <class... A>
struct ArgumentGroup {
  using Arguments = std::tuple<A...>;
};

}  // namespace bailey::graphql
