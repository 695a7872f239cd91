// What a handler answers: the type that it returns is what leaves the program, and what the document says of it.
#include <bailey/bailey.hpp>

using namespace bailey;

// [reader]
struct NewReader {
  std::string name;
  std::string email;
  Secret password;
};

struct Reader {
  int id;
  std::string name;
  std::string email;
};
// [/reader]

// [stored]
struct StoredReader {
  Reader reader;
  std::string password_hash;
};

// Stands for a password hash and a table.
StoredReader store(const NewReader& given) {
  return {.reader = {1, given.name, given.email}, .password_hash = std::to_string(given.password.reveal().size())};
}
// [/stored]

// [book]
struct Book {
  int id;
  std::string title;
  std::optional<std::string> subtitle;  // null where there is none
  Maybe<std::string> award;             // left out where there is none
};
// [/book]

// [kinds]
struct Novel {
  std::string title;
  int pages;
};
struct Record {
  std::string title;
  int minutes;
};
// [/kinds]

// [moved]
struct Moved {
  std::string detail;
};
// [/moved]

int main(int argc, char** argv) {
  App app;
  // [model]
  app.post("/readers", [](Json<NewReader> given) -> Created<Reader> {
    StoredReader stored = store(*given);
    return {stored.reader, "/readers/1"};
  });
  // [/model]

  // [values]
  app.get("/books",
          [] { return std::vector<Book>{{1, "Emma", std::nullopt, {}}, {2, "Ulysses", "A novel", "Modern Library"}}; });
  app.get("/books/count", [] { return 2; });
  app.get("/books/lent", [] { return std::map<std::string, int>{{"Emma", 3}, {"Ulysses", 0}}; });
  // [/values]

  // [variant]
  app.get("/items/{id}", [](Path<"id", int> id) -> std::variant<Novel, Record> {
    if (*id == 1) return Novel{"Emma", 474};
    return Record{"Kind of Blue", 46};
  });
  // [/variant]

  // [choice]
  app.get("/rooms/{id}", [](Path<"id", int> id) -> std::variant<Novel, Reply<Moved>, Redirect> {
    if (*id == 1) return Novel{"A Room of One's Own", 112};
    if (*id == 2) return Redirect::local("/rooms/1");
    return Reply(Moved{"That room has been pulled down"}).status(410);
  });
  // [/choice]

  // [status]
  app.post("/loans", [](Json<Novel> novel) { return *novel; }, {.status = 202});
  app.delete_("/loans/{id}", [](Path<"id", int>) {});
  // [/status]

  // [documented]
  app.get("/shelves/{id}",
          [](Path<"id", int> id) {
            if (*id > 9) throw HttpError(404, "There is no such shelf");
            return Novel{"Emma", 474};
          },
          {.responses = {documented<Moved>(404, "No such shelf")}});
  // [/documented]

  // [headers]
  app.get("/page/{number}", [](Path<"number", int> number) {
    return Reply(std::vector<Novel>{{"Emma", 474}}).header("X-Total", "17").header("X-Page", std::to_string(*number));
  });
  // [/headers]

  // [cookies]
  app.post("/language", [](Query<"language"> language) {
    return Reply(NoContent{})
        .cookie({.name = "language", .value = *language, .max_age = std::chrono::hours(24), .secure = true});
  });
  // [/cookies]

  // [text]
  app.get("/hello", [] { return Html{"<h1>Hello</h1>"}; });
  app.get("/robots.txt", [] { return PlainText{"User-agent: *\n"}; });
  app.get("/dot.gif", [] { return Binary{"GIF89a", "image/gif"}; });
  // [/text]

  // [redirect]
  app.get("/old", [] { return Redirect{"https://example.org/new", 308}; });
  app.get("/signed-in", [](Query<"next"> next) { return Redirect::local(*next); });
  // [/redirect]
  return run(app, argc, argv);
}
