#include <bailey/base/failed.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

#include "base/escaped.hpp"

namespace bailey {

int failed(const std::exception& error) noexcept {
  try {
    std::string sentence;
    append_escaped(sentence, error.what(), LineFeeds::kept);
    std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, sentence.c_str());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "%s: there is no memory\n", program_invocation_short_name);
  }
  return EXIT_FAILURE;
}

}  // namespace bailey
