#include <bailey/base/failed.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace bailey {

int failed(const std::exception& error) noexcept {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, error.what());
  return EXIT_FAILURE;
}

}  // namespace bailey
