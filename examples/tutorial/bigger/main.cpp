#include "books.hpp"
#include "librarian.hpp"
#include "readers.hpp"

#include <bailey/bailey.hpp>

using namespace bailey;

int main(int argc, char** argv) {
  App app({.title = "Library"});
  app.provide(librarian_of);

  Router branch({.prefix = "/branches/{branch}"});
  branch.include(books());
  app.include(std::move(branch));
  app.include(readers());
  return run(app, argc, argv);
}
