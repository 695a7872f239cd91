// What handlers need beyond the request is made by functions of the app's, found by its type.
#include <bailey/bailey.hpp>

#include <iostream>

using namespace bailey;

// [page]
struct Span {
  int skip;
  int limit;
};

Span span_of(Query<"skip", int, Number{.default_value = 0, .ge = 0, .le = 1'000'000}> skip,
             Query<"limit", int, Number{.default_value = 10, .ge = 1, .le = 100}> limit) {
  return {*skip, *limit};
}
// [/page]

// [class]
class Catalogue {
 public:
  explicit Catalogue(std::vector<std::string> titles) : titles_(std::move(titles)) {}
  std::vector<std::string> titles(const Span& span) const {
    std::vector<std::string> found;
    for (std::size_t i = static_cast<std::size_t>(span.skip);
         i < titles_.size() && found.size() < static_cast<std::size_t>(span.limit); ++i)
      found.push_back(titles_[i]);
    return found;
  }

 private:
  std::vector<std::string> titles_;
};
// [/class]

// [nested]
struct Branch {
  std::string name;
};
struct Librarian {
  std::string name;
  Branch branch;
};

Branch branch_of(Header<"X-Branch", std::string, Text{.default_value = "main"}> name) { return {*name}; }

Task<Librarian> librarian_of(const Branch& branch, Header<"X-Key"> key) {
  co_await sleep_for(std::chrono::milliseconds(1));  // a question to a database
  if (*key != "k-" + branch.name) throw HttpError(403, "You are no librarian of " + branch.name);
  co_return Librarian{"Ada", branch};
}
// [/nested]

// [yield]
struct Transaction {
  std::vector<std::string> statements;
};

Task<> transaction(Yield<Transaction> yield) {
  Transaction open;
  try {
    co_await yield(open);  // the handler runs meanwhile
  } catch (const std::exception& error) {
    std::cout << "rolled back: " << error.what() << std::endl;
    throw;
  }
  std::cout << "committed " << open.statements.size() << std::endl;
}
// [/yield]

int main(int argc, char** argv) {
  App app;

  // [use_page]
  app.provide(span_of);
  app.get("/numbers", [](Span span) {
    std::vector<int> numbers;
    for (int i = span.skip; i < span.skip + span.limit; ++i) numbers.push_back(i);
    return numbers;
  });
  // [/use_page]

  // [use_class]
  app.provide(Catalogue({"Emma", "Ulysses", "Orlando"}));  // one for all requests
  app.get("/titles", [](const Catalogue& catalogue, const Span& span) { return catalogue.titles(span); });
  // [/use_class]

  // [use_nested]
  app.provide(branch_of);
  app.provide(librarian_of);
  app.get("/desk", [](const Librarian& librarian) {
    return json::object{{"name", librarian.name}, {"branch", librarian.branch.name}};
  });
  // [/use_nested]

  // [route]
  app.delete_("/books/{id}", [](Path<"id", int>) {}, {.dependencies = {depends([](const Librarian& librarian) {
                                                        if (librarian.branch.name != "main")
                                                          throw HttpError(403, "Only at the main branch");
                                                      })}});
  // [/route]

  // [router]
  Router staff({.prefix = "/staff", .dependencies = {depends([](const Librarian&) {})}});
  staff.get("/rota", [] { return std::vector<std::string>{"Ada", "Bob"}; });
  app.include(std::move(staff));
  // [/router]

  // [app]
  app.depends(depends([](Header<"X-Client", std::optional<std::string>> client) {
    if (*client == "old") throw HttpError(426, "Please update");
  }));
  // [/app]

  // [use_yield]
  app.provide(transaction);
  app.post("/loans", [](Transaction& transaction, Query<"book"> book) {
    transaction.statements.push_back("insert into loans …");
    if (*book == "Ulysses") throw HttpError(409, "Ulysses is lent");
  });
  // [/use_yield]
  return run(app, argc, argv);
}
