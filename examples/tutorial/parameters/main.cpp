// What a handler reads of a request's head: parts of the path, the query, headers, cookies.
#include <bailey/bailey.hpp>

using namespace bailey;

// [genre]
enum class Genre { novel, poetry, science };
// [/genre]

// [isbn]
struct Isbn {
  std::string digits;
};

template <>
struct bailey::TextCodec<Isbn> {
  static std::expected<Isbn, std::string> from_text(std::string_view text) {
    std::string digits;
    for (const char c : text)
      if (c != '-') digits += c;
    if (digits.size() != 13 || digits.find_first_not_of("0123456789") != std::string::npos)
      return std::unexpected("An ISBN has thirteen digits");
    return Isbn{digits};
  }
  static std::string to_text(const Isbn& isbn) { return isbn.digits; }
};
// [/isbn]

void paths(App& app) {
  // [path]
  app.get("/books/{id}", [](Path<"id", int> id) { return json::object{{"id", *id}}; });
  // [/path]

  // [order]
  app.get("/books/newest", [] { return json::object{{"id", 99}}; });
  // [/order]

  // [enumeration]
  app.get("/genres/{genre}", [](Path<"genre", Genre> genre) {
    return json::object{{"genre", enum_name(*genre)}, {"is_fiction", *genre != Genre::science}};
  });
  // [/enumeration]

  // [rest]
  app.get("/scans/{path:path}", [](Path<"path"> path) { return json::object{{"path", *path}}; });
  // [/rest]

  // [kind]
  app.get("/shelves/{number:int}", [](Path<"number", int> number) { return json::object{{"shelf", *number}}; });
  // [/kind]

  // [numbers]
  app.get("/shelves/{number:int}/books/{place}",
          [](Path<"number", int, Number{.ge = 1, .le = 40}> shelf, Path<"place", double, Number{.gt = 0}> place) {
            return json::object{{"shelf", *shelf}, {"place", *place}};
          });
  // [/numbers]
}

void queries(App& app) {
  // [defaults]
  app.get("/books", [](Query<"skip", int, Number{.default_value = 0, .ge = 0}> skip,
                       Query<"limit", int, Number{.default_value = 10, .ge = 1, .le = 100}> limit) {
    return json::object{{"skip", *skip}, {"limit", *limit}};
  });
  // [/defaults]

  // [optional]
  app.get("/readers/{reader}/loans",
          [](Path<"reader"> reader, Query<"since", std::optional<std::chrono::sys_days>> since,
             Query<"overdue", bool, Number{.default_value = false}> overdue) {
            struct Search {
              std::string reader;
              std::optional<std::chrono::sys_days> since;
              bool overdue;
            };
            return Search{*reader, *since, *overdue};
          });
  // [/optional]

  // [required]
  app.get("/search", [](Query<"text"> text) { return json::object{{"text", *text}}; });
  // [/required]

  // [text]
  app.get("/titles",
          [](Query<"begins", std::optional<std::string>, Text{.min_length = 3, .max_length = 50, .pattern = "^[A-Z]"}>
                 begins) { return json::object{{"begins", begins->value_or("")}}; });
  // [/text]

  // [list]
  app.get("/tagged", [](Query<"tag", std::vector<std::string>> tags) { return *tags; });
  // [/list]

  // [own_type]
  app.get("/isbn", [](Query<"isbn-13", Isbn> isbn) { return json::object{{"digits", isbn->digits}}; });
  // [/own_type]
}

void types(App& app) {
  // [types]
  app.get("/loans/{id}", [](Path<"id", Uuid> id, Query<"from", std::chrono::sys_seconds> from,
                            Query<"until", std::optional<std::chrono::sys_days>> until) {
    struct Loan {
      Uuid id;
      std::chrono::sys_seconds from;
      std::optional<std::chrono::sys_days> until;
    };
    return Loan{*id, *from, *until};
  });
  // [/types]
}

void headers_and_cookies(App& app) {
  // [header]
  app.get("/me/browser", [](Header<"User-Agent", std::optional<std::string>> agent,
                            Header<"X-Token", std::optional<std::vector<std::string>>> tokens) {
    return json::object{{"agent", agent->value_or("none")}, {"tokens", *tokens ? (*tokens)->size() : 0}};
  });
  // [/header]

  // [cookie]
  app.get("/me/language", [](Cookie<"language", std::optional<std::string>, Text{.max_length = 5}> language) {
    return json::object{{"language", language->value_or("en")}};
  });
  // [/cookie]
}

int main(int argc, char** argv) {
  App app;
  paths(app);
  queries(app);
  types(app);
  headers_and_cookies(app);
  return run(app, argc, argv);
}
