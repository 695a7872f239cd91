#pragma once

#include <cstddef>

#include <bailey/model/pointer_pack.hpp>

// Binds the members of an aggregate, whose number must be known: before C++26 a structured binding spells out a name
// for each. Past 30 members a struct the compile time grows quadratically.
namespace bailey::detail {

// Tie<N>::pointers(object): the addresses of the N members of an object, in the order of their declaration.
template <std::size_t N>
struct Tie;

template <>
struct Tie<0> {
  template <class T>
  static constexpr auto pointers(T&) {
    return pointers_to();
  }
};

// clang-format off
#define BAILEY_TIE(N, ...)                        \
  template <>                                     \
  struct Tie<N> {                                 \
    template <class T>                            \
    static constexpr auto pointers(T& object) {   \
      auto& [__VA_ARGS__] = object;               \
      return pointers_to(__VA_ARGS__);            \
    }                                             \
  };
BAILEY_TIE(1, m0)
BAILEY_TIE(2, m0, m1)
BAILEY_TIE(3, m0, m1, m2)
BAILEY_TIE(4, m0, m1, m2, m3)
BAILEY_TIE(5, m0, m1, m2, m3, m4)
BAILEY_TIE(6, m0, m1, m2, m3, m4, m5)
BAILEY_TIE(7, m0, m1, m2, m3, m4, m5, m6)
BAILEY_TIE(8, m0, m1, m2, m3, m4, m5, m6, m7)
#define BAILEY_FIRST_8 m0, m1, m2, m3, m4, m5, m6, m7
BAILEY_TIE(9, BAILEY_FIRST_8, m8)
BAILEY_TIE(10, BAILEY_FIRST_8, m8, m9)
BAILEY_TIE(11, BAILEY_FIRST_8, m8, m9, m10)
BAILEY_TIE(12, BAILEY_FIRST_8, m8, m9, m10, m11)
BAILEY_TIE(13, BAILEY_FIRST_8, m8, m9, m10, m11, m12)
BAILEY_TIE(14, BAILEY_FIRST_8, m8, m9, m10, m11, m12, m13)
BAILEY_TIE(15, BAILEY_FIRST_8, m8, m9, m10, m11, m12, m13, m14)
BAILEY_TIE(16, BAILEY_FIRST_8, m8, m9, m10, m11, m12, m13, m14, m15)
#define BAILEY_FIRST_16 BAILEY_FIRST_8, m8, m9, m10, m11, m12, m13, m14, m15
BAILEY_TIE(17, BAILEY_FIRST_16, m16)
BAILEY_TIE(18, BAILEY_FIRST_16, m16, m17)
BAILEY_TIE(19, BAILEY_FIRST_16, m16, m17, m18)
BAILEY_TIE(20, BAILEY_FIRST_16, m16, m17, m18, m19)
BAILEY_TIE(21, BAILEY_FIRST_16, m16, m17, m18, m19, m20)
BAILEY_TIE(22, BAILEY_FIRST_16, m16, m17, m18, m19, m20, m21)
BAILEY_TIE(23, BAILEY_FIRST_16, m16, m17, m18, m19, m20, m21, m22)
BAILEY_TIE(24, BAILEY_FIRST_16, m16, m17, m18, m19, m20, m21, m22, m23)
#define BAILEY_FIRST_24 BAILEY_FIRST_16, m16, m17, m18, m19, m20, m21, m22, m23
BAILEY_TIE(25, BAILEY_FIRST_24, m24)
BAILEY_TIE(26, BAILEY_FIRST_24, m24, m25)
BAILEY_TIE(27, BAILEY_FIRST_24, m24, m25, m26)
BAILEY_TIE(28, BAILEY_FIRST_24, m24, m25, m26, m27)
BAILEY_TIE(29, BAILEY_FIRST_24, m24, m25, m26, m27, m28)
BAILEY_TIE(30, BAILEY_FIRST_24, m24, m25, m26, m27, m28, m29)
BAILEY_TIE(31, BAILEY_FIRST_24, m24, m25, m26, m27, m28, m29, m30)
BAILEY_TIE(32, BAILEY_FIRST_24, m24, m25, m26, m27, m28, m29, m30, m31)
#define BAILEY_FIRST_32 BAILEY_FIRST_24, m24, m25, m26, m27, m28, m29, m30, m31
BAILEY_TIE(33, BAILEY_FIRST_32, m32)
BAILEY_TIE(34, BAILEY_FIRST_32, m32, m33)
BAILEY_TIE(35, BAILEY_FIRST_32, m32, m33, m34)
BAILEY_TIE(36, BAILEY_FIRST_32, m32, m33, m34, m35)
BAILEY_TIE(37, BAILEY_FIRST_32, m32, m33, m34, m35, m36)
BAILEY_TIE(38, BAILEY_FIRST_32, m32, m33, m34, m35, m36, m37)
BAILEY_TIE(39, BAILEY_FIRST_32, m32, m33, m34, m35, m36, m37, m38)
BAILEY_TIE(40, BAILEY_FIRST_32, m32, m33, m34, m35, m36, m37, m38, m39)
#define BAILEY_FIRST_40 BAILEY_FIRST_32, m32, m33, m34, m35, m36, m37, m38, m39
BAILEY_TIE(41, BAILEY_FIRST_40, m40)
BAILEY_TIE(42, BAILEY_FIRST_40, m40, m41)
BAILEY_TIE(43, BAILEY_FIRST_40, m40, m41, m42)
BAILEY_TIE(44, BAILEY_FIRST_40, m40, m41, m42, m43)
BAILEY_TIE(45, BAILEY_FIRST_40, m40, m41, m42, m43, m44)
BAILEY_TIE(46, BAILEY_FIRST_40, m40, m41, m42, m43, m44, m45)
BAILEY_TIE(47, BAILEY_FIRST_40, m40, m41, m42, m43, m44, m45, m46)
BAILEY_TIE(48, BAILEY_FIRST_40, m40, m41, m42, m43, m44, m45, m46, m47)
#define BAILEY_FIRST_48 BAILEY_FIRST_40, m40, m41, m42, m43, m44, m45, m46, m47
BAILEY_TIE(49, BAILEY_FIRST_48, m48)
BAILEY_TIE(50, BAILEY_FIRST_48, m48, m49)
BAILEY_TIE(51, BAILEY_FIRST_48, m48, m49, m50)
BAILEY_TIE(52, BAILEY_FIRST_48, m48, m49, m50, m51)
BAILEY_TIE(53, BAILEY_FIRST_48, m48, m49, m50, m51, m52)
BAILEY_TIE(54, BAILEY_FIRST_48, m48, m49, m50, m51, m52, m53)
BAILEY_TIE(55, BAILEY_FIRST_48, m48, m49, m50, m51, m52, m53, m54)
BAILEY_TIE(56, BAILEY_FIRST_48, m48, m49, m50, m51, m52, m53, m54, m55)
#define BAILEY_FIRST_56 BAILEY_FIRST_48, m48, m49, m50, m51, m52, m53, m54, m55
BAILEY_TIE(57, BAILEY_FIRST_56, m56)
BAILEY_TIE(58, BAILEY_FIRST_56, m56, m57)
BAILEY_TIE(59, BAILEY_FIRST_56, m56, m57, m58)
BAILEY_TIE(60, BAILEY_FIRST_56, m56, m57, m58, m59)
BAILEY_TIE(61, BAILEY_FIRST_56, m56, m57, m58, m59, m60)
BAILEY_TIE(62, BAILEY_FIRST_56, m56, m57, m58, m59, m60, m61)
BAILEY_TIE(63, BAILEY_FIRST_56, m56, m57, m58, m59, m60, m61, m62)
BAILEY_TIE(64, BAILEY_FIRST_56, m56, m57, m58, m59, m60, m61, m62, m63)
#undef BAILEY_FIRST_8
#undef BAILEY_FIRST_16
#undef BAILEY_FIRST_24
#undef BAILEY_FIRST_32
#undef BAILEY_FIRST_40
#undef BAILEY_FIRST_48
#undef BAILEY_FIRST_56
#undef BAILEY_TIE
// clang-format on

}  // namespace bailey::detail
