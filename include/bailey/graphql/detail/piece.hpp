#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// A response as it is written. What is there at once is one text; a field that is resolved later leaves a hole, and
// writes into a piece of its own meanwhile. In the end the pieces are put into their holes, in the selection's order.
namespace bailey::graphql::detail {

inline constexpr std::uint32_t no_region = 0xffff'ffff;

struct Piece;

struct Hole {
  std::size_t at = 0;                // in the text of the piece that has it
  std::uint32_t region = no_region;  // the innermost that it lies in
  Piece* piece = nullptr;            // the run's
};

// A part of a text that can become null as a whole, because a hole in it turns out to be null where none may be.
struct Region {
  std::size_t begin = 0, end = 0;
  std::uint32_t around = no_region;
  bool is_null = false;
};

struct Piece {
  std::string text{};             // while it is written; of the root to the end
  std::string_view written{};     // then; the run's
  std::vector<Hole> holes{};      // by their places
  std::vector<Region> regions{};  // those with holes, by where they begin
  Piece* parent = nullptr;
  std::uint32_t region_of_parent = no_region;
  std::uint32_t open_region = no_region;  // while it is written
  bool is_null = false;                   // it is null where none may be: so is what it lies in
  bool is_abandoned = false;              // what it lay in is null already
};

// Whether nobody will see what becomes of it.
[[nodiscard]] bool is_dead(const Piece& piece) noexcept;
// The same of what is written into it now.
[[nodiscard]] bool is_being_written_in_vain(const Piece& piece) noexcept;
// The piece is null where none may be: so is what it lies in, up to the first that can be, or all of the response.
void make_null(Piece& piece) noexcept;
// The whole text, holes filled.
void assemble(const Piece& piece, std::string& out);

}  // namespace bailey::graphql::detail
