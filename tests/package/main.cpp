// The smallest program of somebody else's project: it must compile from the installed headers alone, link and run.
#include <bailey/bailey.hpp>

#include <iostream>

struct Greeting {
  std::string text;
};

int main() {
  bailey::App app{{.title = "Consumer", .version = "1.0.0"}};
  app.get("/", []() { return Greeting{"hello"}; });
  std::cout << bailey::encode(Greeting{"installed"}) << '\n';
}
