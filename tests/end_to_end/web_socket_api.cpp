// WebSockets behind a guard whose project signs with a secret (JWT_SECRET), and handlers of all sorts that a server
// which stops has to end: one that waits for messages, one that sends without listening, one that sleeps, a stream of
// events.
#include <bailey/bailey.hpp>

#include <string>

using namespace bailey;
using namespace std::chrono_literals;

namespace {

Task<> whose(WebSocket socket, User user) {
  while (auto message = co_await socket.receive_text()) {
    co_await sleep_for(1ms);  // others have their turn
    co_await socket.send(user.id().to_string() + " " + *message);
  }
}

Task<> ticks(WebSocket socket, User) {
  for (;;) {
    co_await socket.send("tick");
    co_await sleep_for(20ms);
  }
}

Task<> asleep(WebSocket socket, User) {
  socket.accept();
  co_await sleep_for(1h);
}

Response events() {
  return Response::stream(200, "text/event-stream", [](http::BodyWriter& body) -> Task<> {
    const Event draining = body.draining();
    for (bool ends = false; !ends;) {
      co_await body.write("data: tick\n\n");
      ends = co_await draining.wait_for(100ms);
    }
  });
}

}  // namespace

int main(int argc, char** argv) try {
  SupabaseOptions project;
  project.url = "http://127.0.0.1:9";  // nobody: tokens are checked here
  project.anon_key = Secret("anon");
  project.jwt_secret = Secret(env::get("JWT_SECRET").value_or(""));

  App app{{.title = "WebSockets", .threads = 2}};
  app.use(authenticate(Supabase(std::move(project)), {.first_message_timeout = 1s}));
  app.ws("/me", whose);
  app.ws("/ticks", ticks);
  app.ws("/asleep", asleep);
  app.get("/events", [] { return events(); });
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
