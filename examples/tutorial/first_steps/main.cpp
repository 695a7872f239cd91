#include <bailey/bailey.hpp>

using namespace bailey;

struct Greeting {
  std::string message;
};

int main(int argc, char** argv) {
  App app;
  app.get("/", [] { return Greeting{"Hello, world"}; });
  return run(app, argc, argv);
}
