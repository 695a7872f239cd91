#pragma once

#include <bailey/model/maybe.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/model/shape.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bailey {

namespace detail {

template <class Target>
consteval std::size_t index_of_member(std::string_view wire_name) {
  return static_cast<std::size_t>(std::ranges::find(wire_names<Target>, wire_name) - wire_names<Target>.begin());
}

// `IsNotNull`: null was refused as the patch was decoded. A Maybe that a program has made null leaves the member alone.
template <bool IsNotNull, class To, class From>
void patch_member(To& to, From&& from) {
  using Sent = std::remove_cvref_t<From>;
  if constexpr (shape_of<Sent> == Shape::maybe) {
    if (from.has_value()) {
      to = *std::forward<From>(from);
    } else if constexpr (is_nullable<To>) {
      if (from.is_null()) to = To();
    } else {
      static_assert(IsNotNull,
                    "A Maybe of a patch can be null, and the member it patches cannot: make that a std::optional, or "
                    "give the patch's member the rule not_null.");
    }
  } else if constexpr (shape_of<Sent> == Shape::optional) {
    if (from) to = *std::forward<From>(from);
  } else {
    to = std::forward<From>(from);
  }
}

}  // namespace detail

// Takes over into `target` what `patch` brings, a struct with members of the same names on the wire. A Maybe that is
// missing and a std::optional without a value leave the member as it is; a Maybe that is null makes it null. A member
// of the patch that the target has not, and one whose null the target cannot have, do not compile: the rule `not_null`
// says that it has none.
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
