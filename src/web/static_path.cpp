#include "web/static_path.hpp"

namespace bailey::web_detail {

bool is_static_path(std::string_view path, Dotfiles dotfiles) noexcept {
  if (path.find_first_of(std::string_view("\\\0", 2)) != std::string_view::npos) return false;
  for (bool is_first = true; !path.empty(); is_first = false) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..") return false;
    const bool is_hidden = name.starts_with('.') && !(is_first && name == ".well-known");
    if (is_hidden && dotfiles == Dotfiles::hidden) return false;
  }
  return true;
}

}  // namespace bailey::web_detail
