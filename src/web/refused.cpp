// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/web/router.hpp>

using namespace bailey;

void add_to(Router& router) {
#if REFUSED == 1
  router.get("/cards/{id", [] { return 1; });
#elif REFUSED == 2
  router.get("/cards/{id}", [](Path<"card_id", int> id) { return *id; });
#elif REFUSED == 3
  router.get("/cards/{id}", [](Path<"card_id", int, Number{.ge = 1}> id) { return *id; });
#else
  router.get("/cards/{id}", [](Path<"id", int, Number{.ge = 1}> id) { return *id; });
#endif
}
