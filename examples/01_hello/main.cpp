#include <bailey/bailey.hpp>

using namespace bailey;

int main() try {
  App app{{.title = "Hello"}};
  app.get("/", [] { return std::string("Hello, world"); });
  app.get("/hello/{name}", [](Path<"name"> name) { return "Hello, " + *name; });
  app.run();  // http://127.0.0.1:8000; PORT=9000 for another port
} catch (const std::exception& error) {
  return failed(error);
}
