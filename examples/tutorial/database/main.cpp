// Rows of a table as structs, each request as the user who makes it.
#include <bailey/bailey.hpp>

using namespace bailey;

// [model]
struct Book {
  std::int64_t id;
  std::string title;
  std::optional<int> pages;
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

  static constexpr auto rules() {
    return fields(field<&BookPatch::title>(not_null, min_length(1)), field<&BookPatch::pages>(gt(0)), min_members(1));
  }
};
// [/model]

int main(int argc, char** argv) try {
  // [connect]
  const Supabase supabase = Supabase::from_env();  // DATABASE_URL besides: straight to PostgreSQL
  App app;
  app.use(authenticate(supabase));
  // [/connect]

  // [create]
  app.post("/books", [](User user, Json<NewBook> book) -> Task<Created<Book>> {
    co_return co_await user.supabase().from("books").insert<Book>(*book);
  });
  // [/create]

  // [list]
  app.get("/books",
          [](User user, Query<"offset", int, Number{.default_value = 0, .ge = 0, .le = 1'000'000}> offset,
             Query<"limit", int, Number{.default_value = 100, .ge = 1, .le = 100}> limit) -> Task<std::vector<Book>> {
            co_return co_await user.supabase().from("books").select<Book>().order("id").range(*offset,
                                                                                              *offset + *limit - 1);
          });
  // [/list]

  // [read]
  app.get("/books/{id}", [](User user, Path<"id", std::int64_t> id) -> Task<Book> {
    auto book = co_await user.supabase().from("books").select<Book>().eq("id", *id).maybe_single();
    if (!book) throw HttpError(404, "There is no such book");
    co_return *book;
  });
  // [/read]

  // [update]
  app.patch("/books/{id}", [](User user, Path<"id", std::int64_t> id, Json<BookPatch> patch) -> Task<Book> {
    auto book = co_await user.supabase().from("books").update<Book>(*patch).eq("id", *id).maybe_single();
    if (!book) throw HttpError(404, "There is no such book");
    co_return *book;
  });
  // [/update]

  // [delete]
  app.delete_("/books/{id}", [](User user, Path<"id", std::int64_t> id) -> Task<NoContent> {
    auto book = co_await user.supabase().from("books").delete_<Book>().eq("id", *id).maybe_single();
    if (!book) throw HttpError(404, "There is no such book");
    co_return NoContent{};
  });
  // [/delete]
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
