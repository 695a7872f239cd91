// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/web/router.hpp>

using namespace bailey;

enum class Order { asc, desc };

void add_to(Router& router) {
#if REFUSED == 1
  router.get("/cards/{id", [] { return 1; });
#elif REFUSED == 2
  router.get("/cards/{id}", [](Path<"card_id", int> id) { return *id; });
#elif REFUSED == 3
  router.get("/cards/{id}", [](Path<"card_id", int, Number{.ge = 1}> id) { return *id; });
#elif REFUSED == 4
  router.get("/cards", [](Query<"limit", int, Text{.max_length = 3}> limit) { return *limit; });
#elif REFUSED == 5
  router.get("/cards", [](Header<"x-tag", std::optional<std::string>, Number{.ge = 1}> tag) { return *tag; });
#elif REFUSED == 6
  router.get("/cards", [](Query<"limit", std::int8_t, Number{.or_else = 1000}> limit) { return *limit; });
#elif REFUSED == 7
  router.get("/cards", [](Query<"limit", int, Number{.or_else = 1.5}> limit) { return *limit; });
#elif REFUSED == 8
  router.get("/cards", [](Query<"order", Order, Text{.or_else = "up"}> order) { return *order; });
#elif REFUSED == 9
  router.get("/cards", [](Query<"tag", std::vector<std::string>, Text{.or_else = "a"}> tags) { return *tags; });
#elif REFUSED == 10
  router.get("/cards/{id}", [](Path<"id", int, Number{.or_else = 1}> id) { return *id; });
#elif REFUSED == 11
  router.get("/cards", [](Query<"limit", int, Number{.ge = 2, .le = 1}> limit) { return *limit; });
#else
  router.get("/cards/{id}", [](Path<"id", int, Number{.ge = 1}> id) { return *id; });
#endif
}
