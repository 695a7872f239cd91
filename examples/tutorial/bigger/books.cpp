#include "books.hpp"

#include "librarian.hpp"

#include <bailey/bailey.hpp>

using namespace bailey;

namespace {

struct Book {
  int id;
  std::string title;
};

Book book_of(Path<"id", int> id) {
  if (*id != 1) throw HttpError(404, "There is no such book");
  return {1, "Emma"};
}

}  // namespace

Router books() {
  Router routes({.prefix = "/books", .tags = {"books"}, .responses = {documented(404, "There is no such book")}});
  routes.provide(book_of);  // a Book, for the routes of this router
  routes.get("", [] { return std::vector<Book>{{1, "Emma"}}; });
  routes.get("/{id}", [](const Book& book) { return book; });
  routes.put("/{id}", [](const Librarian&, Book book, Query<"title"> title) {
    book.title = *title;
    return book;
  });
  return routes;
}
