// What a handler reads of a request's body: plain structs, and their rules.
#include <bailey/bailey.hpp>

using namespace bailey;

// [book]
struct Book {
  std::string title;
  std::optional<std::string> description;
  double price;
  std::optional<double> tax;
};
// [/book]

// [rules]
struct Review {
  std::string book;
  int stars;
  std::string text = "";

  static constexpr auto rules() {
    return fields(field<&Review::book>(min_length(1), max_length(80)),
                  field<&Review::stars>(ge(1), le(5), description("5: read it")),
                  field<&Review::text>(defaulted, max_length(1000)), forbid_extra());
  }
};
// [/rules]

// [check]
struct Exhibition {
  std::string name;
  std::chrono::sys_days first_day;
  std::chrono::sys_days last_day;

  static std::optional<std::string> ends_after_it_began(const Exhibition& exhibition) {
    if (exhibition.last_day < exhibition.first_day) return "It ends before it begins";
    return std::nullopt;
  }
  static constexpr auto rules() {
    return fields(check<ends_after_it_began>(), field<&Exhibition::name>(min_length(1)));
  }
};
// [/check]

// [nested]
struct Image {
  std::string url;
  std::string name;

  static constexpr auto rules() { return fields(field<&Image::url>(format::url)); }
};

struct Edition {
  std::string title;
  std::vector<std::string> tags;
  std::vector<Image> images;
  std::map<std::string, int> copies;  // by branch
};
// [/nested]

// [several]
struct Reader {
  std::string name;
};
struct Lending {
  Book book;
  Reader reader;
  int days;
};
// [/several]

int main(int argc, char** argv) {
  App app;
  // [body]
  app.post("/books", [](Json<Book> book) { return *book; });
  // [/body]

  // [use]
  app.post("/books/price", [](Json<Book> book) {
    const double with_tax = book->price + book->tax.value_or(0);
    return json::object{{"title", book->title}, {"with_tax", with_tax}};
  });
  // [/use]

  // [all]
  app.put("/books/{id}",
          [](Path<"id", int> id, Query<"notify", bool, Number{.default_value = false}> notify, Json<Book> book) {
            return json::object{{"id", *id}, {"notify", *notify}, {"title", book->title}};
          });
  // [/all]

  app.post("/reviews", [](Json<Review> review) { return *review; });
  app.post("/exhibitions", [](Json<Exhibition> exhibition) { return *exhibition; });

  // [nested_use]
  app.post("/editions", [](Json<Edition> edition) { return *edition; });
  app.post("/images", [](Json<std::vector<Image>> images) { return images->size(); });
  app.post("/weights", [](Json<std::map<std::string, double>> weights) { return *weights; });
  // [/nested_use]

  // [several_use]
  app.post("/lendings", [](Json<Lending> lending) { return *lending; });
  // [/several_use]
  return run(app, argc, argv);
}
