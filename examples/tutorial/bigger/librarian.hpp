#pragma once

#include <bailey/web/error.hpp>
#include <bailey/web/parameters.hpp>

#include <string>

// Who has the librarians' key.
struct Librarian {
  std::string branch;
};

inline Librarian librarian_of(bailey::Path<"branch"> branch, bailey::Header<"X-Key"> key) {
  if (*key != "k-" + *branch) throw bailey::HttpError(403, "For the librarians of " + *branch);
  return {*branch};
}
