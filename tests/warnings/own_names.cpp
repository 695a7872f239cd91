// A program's own types may be called as ours are, beside `using namespace bailey`, when they live in a namespace of
// their own: there the own name comes first. With every public header included, one after the other.
#include "every_header.hpp"

#include <string>

using namespace bailey;

namespace calendar {

struct Event {
  std::string title;
  static constexpr auto rules() { return fields(field<&Event::title>(min_length(1))); }
};
struct Clock {
  int hours = 0;
};
struct Page {
  int number = 0;
  static constexpr auto rules() { return fields(field<&Page::number>(ge(1))); }
};
struct Created {
  Event event;
};
struct Filter {
  std::string text;
};
struct Session {
  Clock from;
  Clock until;
};
struct Location {
  std::string city;
};
struct Request {
  Filter filter;
  Page page;
};
struct Header {
  std::string text;
};
struct Field {
  int width = 0;
};
struct Column {
  Header header;
  Field field;
};

void serve(App& app) {
  app.post("/events", [](Json<Event> event) { return Created{*event}; });
  app.post("/search", [](Json<Request> request) { return request->page; });
  app.get("/session", [] { return Session{}; });
  app.get("/location", [](QueryOf<Location> location) { return *location; });
  app.get("/field", [](QueryOf<Page> page) { return bailey::Created(Column{{}, {page->number}}); });
}

}  // namespace calendar

// Nor do the names of two of our namespaces meet, but for Request: the server's own is http::Request.
namespace tokens {
using namespace bailey::jwt;
using namespace bailey::pg;
using namespace bailey::query;
using namespace bailey::graphql;
using namespace bailey::log;
using OwnHeader = Header<"x-own", std::string>;
using OwnFilter = Filter;
}  // namespace tokens

int main() {
  App app;
  calendar::serve(app);
  // And what is said without a namespace is ours, one thing each.
  bailey::Event done;
  [[maybe_unused]] const Event& same_event = done;
  [[maybe_unused]] const Clock& same_clock = system_clock();
  [[maybe_unused]] const ::bailey::Page<int> rows;
  [[maybe_unused]] const Page<int>& same_rows = rows;
  [[maybe_unused]] const Created<int> made(1);
  [[maybe_unused]] const Location place{"body", "name"};
}
