#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <bailey/pg/statement.hpp>

namespace bailey::pg::detail {

// How long groups of statements have taken of late, so that nothing is sent behind one that takes long: what is in a
// pipeline cannot be taken out again. Of a fixed size and without allocation: a group that shares its place with
// another is forgotten, and what is not known is taken for slow.
class Pace {
 public:
  using Key = std::uint64_t;  // of the role and the texts; 0: none
  using Duration = std::chrono::microseconds;

  static constexpr Duration slow{20'000};  // as much as a group may have to wait for those in front of it

  [[nodiscard]] static Key key_of(std::string_view role, std::span<const Statement> statements) noexcept;

  [[nodiscard]] Duration expected(Key key) const noexcept;
  // Rises at once, falls slowly: by an eighth of the difference.
  void observe(Key key, Duration taken) noexcept;

 private:
  struct Place {
    Key key = 0;
    std::uint32_t microseconds = 0;
  };
  static constexpr std::size_t places = 512;
  std::array<Place, places> places_{};
};

}  // namespace bailey::pg::detail
