#!/usr/bin/env python3
"""Writes include/bailey/model/tie.hpp: one structured binding for each number of members an aggregate can have.

Run it after changing MOST and commit the result: src/model/generate_tie.py | clang-format-19 > include/bailey/model/tie.hpp
"""

MOST = 64  # max_members of reflect.hpp; past 30 members a struct the compile time grows quadratically

print("""\
// Written by src/model/generate_tie.py. Binds the members of an aggregate, whose number must be known.
#pragma once

#include <cstddef>

#include "bailey/model/pointer_pack.hpp"

namespace bailey::detail {

// Tie<N>::pointers(object): the addresses of the N members of an object, in the order of their declaration.
template <std::size_t N>
struct Tie;

template <>
struct Tie<0> {
  template <class T>
  static constexpr auto pointers(T&) { return pack_pointers(); }
};
""")
for count in range(1, MOST + 1):
    names = ", ".join(f"m{i}" for i in range(count))
    addresses = ", ".join(f"&m{i}" for i in range(count))
    print(f"""\
template <>
struct Tie<{count}> {{
  template <class T>
  static constexpr auto pointers(T& object) {{
    auto& [{names}] = object;
    return pack_pointers({addresses});
  }}
}};
""")
print("}  // namespace bailey::detail")
