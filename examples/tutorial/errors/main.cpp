// What goes wrong, and how it is answered.
#include <bailey/bailey.hpp>

using namespace bailey;

struct Book {
  std::string title;
};

// [own]
struct BookIsLent : std::runtime_error {
  explicit BookIsLent(const std::string& title) : std::runtime_error(title + " is lent until Friday") {}
};
// [/own]

// [expected]
Expected<Book> find(int id) {
  if (id == 1) return Book{"Emma"};
  return std::unexpected(HttpError(404, "There is no such book"));
}
// [/expected]

int main(int argc, char** argv) {
  App app;
  // [throw]
  app.get("/books/{id}", [](Path<"id", int> id) {
    if (*id != 1) throw HttpError(404, "There is no such book");
    return Book{"Emma"};
  });
  // [/throw]

  // [detail]
  app.get("/shelves/{id}", [](Path<"id", int> id) -> Book {
    throw HttpError(409, json::object{{"shelf", *id}, {"reason", "being painted"}}, {{"Retry-After", "3600"}});
  });
  // [/detail]

  // [value]
  app.get("/found/{id}", [](Path<"id", int> id) { return find(*id); });
  // [/value]

  // [handler]
  app.on_error<BookIsLent>([](const BookIsLent& error, const Request& request) {
    return Response::json(423, to_json_text(json::object{{"detail", error.what()}, {"path", request.path()}}));
  });
  app.post("/books/{title}/loan", [](Path<"title"> title) { throw BookIsLent(*title); });
  // [/handler]

  // [validation]
  app.on_error<RequestValidationError>([](const RequestValidationError& error, const Request& request) {
    if (!request.path().starts_with("/legacy/")) throw;  // as always
    return Response::text(400, std::to_string(error.errors().entries.size()) + " thing is wrong");
  });
  app.get("/legacy/{number}", [](Path<"number", int> number) { return *number; });
  // [/validation]

  // [stranger]
  app.get("/broken", []() -> Book { throw std::logic_error("the secret recipe is missing"); });
  // [/stranger]
  return run(app, argc, argv);
}
