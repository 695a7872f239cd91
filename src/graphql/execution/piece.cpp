#include <bailey/graphql/detail/piece.hpp>

namespace bailey::graphql::detail {
namespace {

bool has_null_around(const Piece& piece, std::uint32_t region) noexcept {
  for (; region != no_region; region = piece.regions[region].around)
    if (piece.regions[region].is_null) return true;
  return false;
}

}  // namespace

bool is_dead(const Piece& piece) noexcept {
  for (const Piece* at = &piece;; at = at->parent) {
    if (at->is_null || at->is_abandoned) return true;
    if (at->parent == nullptr) return false;
    if (has_null_around(*at->parent, at->region_of_parent)) return true;
  }
}

bool is_being_written_in_vain(const Piece& piece) noexcept {
  return has_null_around(piece, piece.open_region) || is_dead(piece);
}

void make_null(Piece& piece) noexcept {
  for (Piece* at = &piece;; at = at->parent) {
    at->is_null = true;
    if (at->parent == nullptr) return;
    if (at->region_of_parent != no_region) {
      at->parent->regions[at->region_of_parent].is_null = true;
      return;
    }
  }
}

void assemble(const Piece& piece, std::string& out) {
  const std::string_view text = piece.written.empty() ? std::string_view(piece.text) : piece.written;
  std::size_t at = 0;
  auto hole = piece.holes.begin();
  const auto write_until = [&](std::size_t end) {
    for (; hole != piece.holes.end() && hole->at <= end; ++hole) {
      out.append(text, at, hole->at - at);
      assemble(*hole->piece, out);
      at = hole->at;
    }
    out.append(text, at, end - at);
    at = end;
  };
  for (const Region& region : piece.regions) {
    if (!region.is_null || region.begin < at) continue;  // or it lies in one that has become null
    write_until(region.begin);
    out.append("null");
    at = region.end;
    while (hole != piece.holes.end() && hole->at < at) ++hole;
  }
  write_until(text.size());
}

}  // namespace bailey::graphql::detail
