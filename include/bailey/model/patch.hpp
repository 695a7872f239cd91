#pragma once

#include <bailey/model/maybe.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/model/shape.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bailey {

namespace detail {

template <class Target>
consteval std::size_t index_of_member(std::string_view wire_name) {
  return static_cast<std::size_t>(std::ranges::find(wire_names<Target>, wire_name) - wire_names<Target>.begin());
}

// Whether a number stays what it is, past null and in durations, too; of other types their conversion says so.
template <class To, class From>
consteval bool holds_every() {
  if constexpr (std::same_as<To, From>) {
    return true;
  } else if constexpr (is_nullable<From>) {
    return holds_every<To, ElementOf<From>>();
  } else if constexpr (is_nullable<To>) {
    return holds_every<ElementOf<To>, From>();
  } else if constexpr (requires {
                         typename To::rep;
                         typename From::rep;
                       }) {
    return holds_every<typename To::rep, typename From::rep>();
  } else if constexpr (std::is_arithmetic_v<To> && std::is_arithmetic_v<From>) {
    using T = std::numeric_limits<To>;
    using F = std::numeric_limits<From>;
    return T::digits >= F::digits && (T::is_signed || !F::is_signed) && (!T::is_integer || F::is_integer);
  } else {
    return true;
  }
}

// By conversion, not by assignment: a std::string is assigned a number, as a character.
template <class To, class From>
void take_over(To& to, From&& from) {
  static_assert(std::is_convertible_v<From&&, To>,
                "A member of a patch is of another type than the member it patches, and does not convert to it.");
  static_assert(holds_every<To, std::remove_cvref_t<From>>(),
                "A member of a patch has values that the member it patches cannot have, and would be cut: give both "
                "the same type.");
  to = std::forward<From>(from);
}

// `IsNotNull`: null was refused as the patch was decoded. A Maybe that a program has made null leaves the member alone.
template <bool IsNotNull, class To, class From>
void patch_member(To& to, From&& from) {
  using Sent = std::remove_cvref_t<From>;
  static_assert(shape_of<Sent> == Shape::maybe || shape_of<Sent> == Shape::optional,
                "A member of a patch is a Maybe or a std::optional: of any other it is not known whether it was sent, "
                "and what was not would overwrite what is there.");
  if constexpr (shape_of<Sent> == Shape::maybe) {
    if (from.has_value()) {
      take_over(to, *std::forward<From>(from));
    } else if constexpr (is_nullable<To>) {
      if (from.is_null()) to = To();
    } else {
      static_assert(IsNotNull,
                    "A Maybe of a patch can be null, and the member it patches cannot: make that a std::optional, or "
                    "give the patch's member the rule not_null.");
    }
  } else if constexpr (shape_of<Sent> == Shape::optional) {
    if (from) take_over(to, *std::forward<From>(from));
  }
}

}  // namespace detail

// Takes over into `target` what `patch` brings, a struct with members of the same names on the wire. A Maybe that is
// missing and a std::optional without a value leave the member as it is; a Maybe that is null makes it null. What does
// not compile: a member that is neither, one that the target has not, one whose values do not all fit, and one whose
// null the target cannot have (the rule `not_null` says that it has none).
//
// The target's own rules and checks are not asked again: what a value must be stands at the patch's members, too, and
// what holds between several members is for the caller to see to.
template <Model Target, Model Patch>
void apply_patch(Target& target, Patch patch) {
  for_each_member(patch, [&]<std::size_t I>(auto& sent) {
    constexpr std::size_t place = detail::index_of_member<Target>(wire_names<Patch>[I]);
    static_assert(place < member_count<Target>, "A patch has a member that what it patches has not.");
    for_each_member(target, [&]<std::size_t J>(auto& member) {
      if constexpr (J == place)
        detail::patch_member<detail::member_constraints<Patch>[I].is_not_null>(member, std::move(sent));
    });
  });
}

}  // namespace bailey
