#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace bailey::http {

// How much of a form is taken from a stranger. Over any of these the form is refused with 413. The same limits hold for
// both ways in which browsers send forms.
struct FormLimits {
  std::size_t files = 32;
  std::size_t fields = 200;
  std::size_t field_bytes = 64 * 1024;       // a field's value; with its name where the form is urlencoded
  std::size_t part_header_bytes = 8 * 1024;  // all header lines of one part
  std::uint64_t file_bytes = std::numeric_limits<std::uint64_t>::max();  // of one file; `total_bytes` holds as well
  std::uint64_t total_bytes = 16 * 1024 * 1024;                          // a multipart body, all that is sent of it
  std::size_t urlencoded_bytes = 1024 * 1024;  // an urlencoded body: unlike a multipart one it lies in memory whole
};

}  // namespace bailey::http
