// A library over GraphQL: the catalogue for everybody, and to who is signed in the books that they own.
#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <variant>

using namespace bailey;
using graphql::allow;
using graphql::AnyOf;
using graphql::Arg;
using graphql::Emit;
using graphql::GraphQLError;
using graphql::Id;
using graphql::Info;
using graphql::Loader;
using graphql::Type;

// [scalar]
struct Isbn {
  std::string digits;
};
template <>
struct bailey::TextCodec<Isbn> {
  static constexpr std::string_view graphql_name = "ISBN";
  static std::string to_text(const Isbn& isbn) { return isbn.digits; }
  static std::expected<Isbn, std::string> from_text(std::string_view text) {
    if (text.size() != 13 || text.find_first_not_of("0123456789") != std::string_view::npos)
      return std::unexpected("An ISBN has thirteen digits");
    return Isbn(std::string(text));
  }
};
// [/scalar]

// [interface]
struct Entry {
  Id id;
  std::string name;
};

struct Author {
  Id id;
  std::string name;
  std::optional<int> born;

  static void graphql(Type<Author>& type);
};
// [/interface]

// [book]
enum class Genre { novel, poetry };

struct Book {
  Id id;
  std::string name;
  Id author_id;
  Genre genre = Genre::novel;
  std::optional<int> pages;
  Isbn isbn;
  std::vector<std::optional<std::string>> editions;
  int bought_for = 0;  // in cents

  static void graphql(Type<Book>& type);
};
// [/book]

// [catalogue]
struct Catalogue {
  std::vector<Author> authors;
  std::vector<Book> books;
};
// [/catalogue]

// [circle]
void Author::graphql(Type<Author>& type) {
  type.implements<Entry>();
  type.field("books", [](const Author& author, const Catalogue& catalogue) {
    std::vector<Book> books;
    for (const Book& book : catalogue.books)
      if (book.author_id == author.id) books.push_back(book);
    return books;
  });
}
// [/circle]

// [desk]
struct Desk {
  bool is_staffed = false;
};
Desk desk_of(Header<"X-Desk", std::optional<std::string>> key) { return {*key == "k-1"}; }
// [/desk]

// [fields]
void Book::graphql(Type<Book>& type) {
  type.describe("A book of the library's.").implements<Entry>().hide(&Book::author_id);
  type.field(&Book::pages, {.description = "Null: nobody has counted them."});
  type.field(&Book::editions, {.deprecation_reason = "Ask for the isbn."});
  type.field("shelf_mark", [](const Book& book, Arg<"short", bool, Number{.default_value = false}> is_short) {
    return (*is_short ? "" : "library/") + book.name.substr(0, 3) + "-" + book.id.text;
  });
  // [loader_field]
  type.field("author",
             [](const Book& book, Loader<Id, std::optional<Author>>& authors) { return authors.load(book.author_id); });
  // [/loader_field]
  // [permission]
  type.field(
      &Book::bought_for,
      {.permissions = {allow([](const Desk& desk) { return desk.is_staffed; }, {.message = "Ask at the desk"})}});
  // [/permission]
}
// [/fields]

// [input]
struct BookFilter {
  std::optional<Genre> genre;
  int most_pages = 1000;

  static constexpr auto rules() { return fields(field<&BookFilter::most_pages>(defaulted, ge(1))); }
};
// [/input]

// [one_of]
struct BookKey {
  Maybe<Id> id;
  Maybe<Isbn> isbn;

  static void graphql(graphql::InputType<BookKey>& type) { type.one_of(); }
};
// [/one_of]

// [union]
struct NoSuchBook {
  std::string message;
};
using FoundBook = std::variant<Book, NoSuchBook>;
// [/union]

// [generic]
template <class T>
struct Results {
  std::vector<T> items;
  int total = 0;
};
// [/generic]

// [shelf]
struct OwnBook {
  std::int64_t id;
  std::string title;
  std::optional<int> pages;

  static constexpr auto rules() {
    return fields(field<&OwnBook::id>(defaulted), field<&OwnBook::title>(defaulted));  // not always read
  }
};

struct NewBook {
  std::string title;
  std::optional<int> pages;

  static constexpr auto rules() {
    return fields(field<&NewBook::title>(min_length(1), max_length(200)), field<&NewBook::pages>(gt(0)));
  }
};

struct BookPatch {
  Maybe<std::string> title;
  Maybe<int> pages;

  static constexpr auto rules() { return fields(field<&BookPatch::title>(not_null, min_length(1))); }
};

graphql::Schema shelf_schema() {
  graphql::Schema schema({.auto_camel_case = false});
  // [user]
  schema.query("me", [](User user) { return std::string(user.email()); });
  // [/user]
  // [selected]
  schema.query("own_books", [](Supabase supabase, const Info& info) -> Task<std::vector<OwnBook>> {
    std::string columns = "id";
    for (const std::string_view column : info.selected_members<OwnBook>()) columns.append(",").append(column);
    co_return co_await supabase.from("books").select<OwnBook>(columns).order("id");
  });
  // [/selected]
  schema.mutation("add_book", [](Supabase supabase, Arg<"book", NewBook> book) -> Task<OwnBook> {
    co_return co_await supabase.from("books").insert<OwnBook>(*book);
  });
  // [patch]
  schema.mutation(
      "change_book",
      [](Supabase supabase, Arg<"id", std::int64_t> id, Arg<"patch", BookPatch> patch) -> Task<std::optional<OwnBook>> {
        co_return co_await supabase.from("books").update<OwnBook>(*patch).eq("id", *id).maybe_single();
      });
  // [/patch]
  return schema;
}
// [/shelf]

// [merged]
void add_loans(graphql::Schema& schema) {
  // [errors]
  schema.mutation("lend", [](Arg<"id", Id> id) -> std::optional<std::string> {
    if (id->text == "b1") throw GraphQLError("Emma is lent", {.code = "LENT", .extensions = {{"until", "Monday"}}});
    if (id->text == "b2") throw HttpError(404, "Ulysses is lost");
    if (id->text == "b3") throw std::runtime_error("disk full at /var/lib/loans");
    return "2026-12-24";
  });
  // [/errors]
}
// [/merged]

graphql::Schema library_schema() {
  // [first]
  graphql::Schema schema({.description = "What the library has."});
  schema.query("books", [](const Catalogue& catalogue) { return catalogue.books; });
  // [/first]
  // [arguments]
  schema.query("search", [](const Catalogue& catalogue, Arg<"filter", std::optional<BookFilter>> filter,
                            Arg<"first", int, Number{.default_value = 10, .ge = 1, .le = 100}> first) {
    Results<Book> results;
    for (const Book& book : catalogue.books) {
      const BookFilter wanted = filter->value_or(BookFilter());
      if (wanted.genre.value_or(book.genre) != book.genre || book.pages.value_or(0) > wanted.most_pages) continue;
      if (results.total++ < *first) results.items.push_back(book);
    }
    return results;
  });
  // [/arguments]
  // [book_by]
  schema.query("book_by", [](const Catalogue& catalogue, Arg<"key", BookKey> key) -> std::optional<Book> {
    const auto found = std::ranges::find_if(catalogue.books, [&](const Book& book) {
      return key->id.has_value() ? book.id == *key->id : book.isbn.digits == key->isbn->digits;
    });
    return found == catalogue.books.end() ? std::nullopt : std::optional(*found);
  });
  // [/book_by]
  // [find]
  schema.name_union<FoundBook>("FindBookResult");
  schema.query("find_book", [](const Catalogue& catalogue, Arg<"name"> name) -> FoundBook {
    for (const Book& book : catalogue.books)
      if (book.name == *name) return book;
    return NoSuchBook{"There is no " + *name};
  });
  // [/find]
  // [entry]
  schema.query("entry", [](const Catalogue& catalogue, Arg<"id", Id> id) -> std::optional<AnyOf<Entry>> {
    for (const Book& book : catalogue.books)
      if (book.id == *id) return book;
    for (const Author& author : catalogue.authors)
      if (author.id == *id) return author;
    return std::nullopt;
  });
  // [/entry]
  // [loader]
  schema.loader([](const std::vector<Id>& ids, const Catalogue& catalogue) -> Task<std::map<Id, Author>> {
    std::cout << "one batch of " << ids.size() << std::endl;
    co_await sleep_for(std::chrono::milliseconds(1));  // a question to a database
    std::map<Id, Author> authors;
    for (const Author& author : catalogue.authors)
      if (std::ranges::find(ids, author.id) != ids.end()) authors.emplace(author.id, author);
    co_return authors;
  });
  // [/loader]
  // [subscription]
  schema.subscription("counting",
                      [](Arg<"to", int, Number{.default_value = 3, .le = 100}> to, Emit<int> emit) -> Task<> {
                        for (int i = 1; i <= *to; ++i) {
                          co_await emit(i);
                          co_await sleep_for(std::chrono::milliseconds(10));
                        }
                      });
  // [/subscription]
  add_loans(schema);
  return schema;
}

Catalogue catalogue() {
  return {.authors = {{.id = Id("a1"), .name = "Jane Austen", .born = 1775},
                      {.id = Id("a2"), .name = "James Joyce", .born = {}}},
          .books = {{.id = Id("b1"),
                     .name = "Emma",
                     .author_id = Id("a1"),
                     .pages = 474,
                     .isbn = {"9780141439587"},
                     .editions = {"1815", std::nullopt},
                     .bought_for = 1250},
                    {.id = Id("b2"),
                     .name = "Ulysses",
                     .author_id = Id("a2"),
                     .pages = 730,
                     .isbn = {"9780141182803"},
                     .editions = {}},
                    {.id = Id("b3"),
                     .name = "Persuasion",
                     .author_id = Id("a1"),
                     .pages = {},
                     .isbn = {"9780141439686"},
                     .editions = {}},
                    {.id = Id("b4"),
                     .name = "Chamber Music",
                     .author_id = Id("a2"),
                     .genre = Genre::poetry,
                     .pages = 52,
                     .isbn = {"9780141186924"},
                     .editions = {}}}};
}

int main(int argc, char** argv) try {
  // [mount]
  const Supabase supabase = Supabase::from_env();
  App app;
  app.provide(catalogue());
  app.provide(desk_of);
  app.graphql("/graphql", library_schema());
  app.graphql("/shelf", shelf_schema(), {.route = {.guard = authenticate(supabase)}});
  // [/mount]
  // [bounds]
  graphql::OperationOptions operations = graphql::production_operations();
  operations.max_depth = 3;
  operations.max_cost = 100;
  app.graphql("/strangers", library_schema(),
              {.operations = operations, .max_batch = 2, .route = {.in_schema = false}});
  // [/bounds]
  // [trusted]
  app.graphql("/app", library_schema(),
              {.persisted = {.trusted = {{"names", "query Names { books { name } }"}}, .only_trusted = true}});
  // [/trusted]
  // [text]
  app.get("/schema.graphql", [] { return PlainText(library_schema().text()); });
  // [/text]
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
