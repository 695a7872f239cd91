#pragma once

#include <span>
#include <string_view>

namespace bailey::web_detail {

// A file that a documentation page loads.
struct DocsAsset {
  std::string_view name;     // "swagger-ui.css"
  std::string_view version;  // changes when the file does
  std::string_view content_type;
  bool is_compressed = false;       // by gzip
  std::string_view bytes;           // empty: it was not there when the library was built
  std::string_view integrity = {};  // "sha384-…", of what is not ours
  std::string_view url = {};        // where a CDN has it
};

// All there are. They live as long as the program.
[[nodiscard]] std::span<const DocsAsset> docs_assets() noexcept;

}  // namespace bailey::web_detail
