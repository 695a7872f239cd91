// Values to JSON and back, and changing a part of something.
#include <bailey/bailey.hpp>

#include <mutex>

using namespace bailey;

// [model]
struct Book {
  std::string title;
  std::optional<std::string> subtitle;
  double price = 10.5;
  std::vector<std::string> tags;

  static constexpr auto rules() {
    return fields(field<&Book::title>(min_length(1)), field<&Book::price>(defaulted, ge(0)),
                  field<&Book::tags>(defaulted));
  }
};
// [/model]

// [rules]
struct BookPatch {  // what is left out stays as it is; null clears what may be empty
  Maybe<std::string> title;
  Maybe<std::string> subtitle;
  Maybe<double> price;
  Maybe<std::vector<std::string>> tags;

  static constexpr auto rules() {
    return fields(field<&BookPatch::title>(not_null, min_length(1)), field<&BookPatch::price>(not_null, ge(0)),
                  field<&BookPatch::tags>(not_null), min_members(1), forbid_extra());
  }
};
// [/rules]

// [store]
// All threads use it at once, so it has a lock. A real program keeps its books in a database.
class Shelf {
 public:
  std::optional<Book> find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = books_.find(id);
    return found == books_.end() ? std::nullopt : std::optional(found->second);
  }
  void put(const std::string& id, Book book) {
    const std::lock_guard lock(mutex_);
    books_[id] = std::move(book);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Book> books_{{"emma", {.title = "Emma", .subtitle = "A novel", .tags = {"classic"}}}};
};
// [/store]

int main(int argc, char** argv) {
  Shelf books;
  App app;
  // [provide]
  app.provide(std::ref(books));  // handlers take it as Shelf&
  // [/provide]
  // [read]
  app.get("/books/{id}", [](Shelf& shelf, Path<"id"> id) {
    const auto book = shelf.find(*id);
    if (!book) throw HttpError(404, "There is no such book");
    return *book;
  });
  // [/read]

  // [replace]
  app.put("/books/{id}", [](Shelf& shelf, Path<"id"> id, Json<Book> book) {
    shelf.put(*id, *book);
    return *book;
  });
  // [/replace]

  // [change]
  app.patch("/books/{id}", [](Shelf& shelf, Path<"id"> id, Json<BookPatch> patch) {
    auto book = shelf.find(*id);
    if (!book) throw HttpError(404, "There is no such book");
    apply_patch(*book, *patch);
    shelf.put(*id, *book);
    return *book;
  });
  // [/change]

  // [encode]
  app.get("/books/{id}/label", [](Shelf& shelf, Path<"id"> id) {
    const std::string text = encode(shelf.find(*id).value_or(Book{}));  // a text …
    const Book again = decode_json<Book>(text).value();                 // … that can be read again
    return PlainText{again.title + ", " + std::to_string(text.size()) + " bytes\n"};
  });
  // [/encode]
  return run(app, argc, argv);
}
