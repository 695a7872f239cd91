#include "library.hpp"

int main(int argc, char** argv) {
  bailey::App app;
  build(app);
  return bailey::run(app, argc, argv);
}
