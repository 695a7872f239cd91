// What the document says of an API and of its operations.
#include <bailey/bailey.hpp>

using namespace bailey;

struct Book {
  std::string title;
  std::optional<double> price;
};

int main(int argc, char** argv) {
  // [metadata]
  App app({.title = "Library",
           .version = "2.1.0",
           .summary = "Books and who has them",
           .description = "Lends **books** to readers.",
           .tags = {{"books", "What there is to read"}, {"readers", "Who reads it"}},
           .openapi_path = "/api/openapi.json"});
  // [/metadata]

  // [operation]
  app.post("/books", [](Json<Book> book) { return *book; },
           {.status = 201,
            .name = "add_book",
            .summary = "Add a book",
            .description = "A book without a price is **free**.",
            .tags = {"books"},
            .responses = {documented(409, "It is there already")}});
  // [/operation]

  // [names]
  app.get("/books/{id}", [](Path<"id", int> id) { return Book{"Book " + std::to_string(*id), {}}; },
          {.name = "read_book", .tags = {"books"}});
  app.get("/readers", [] { return std::vector<std::string>{"Ada"}; }, {.tags = {"readers"}});
  // [/names]

  // [deprecated]
  app.get("/catalogue", [] { return std::vector<Book>{}; }, {.tags = {"books"}, .deprecated = true});
  app.get("/internal/cache", [] { return 0; }, {.in_schema = false});
  // [/deprecated]
  return run(app, argc, argv);
}
