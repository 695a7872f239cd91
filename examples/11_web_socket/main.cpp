// A chat over WebSockets: every room has its members, and each hears what the others say.
//
//   web_socket            ws://127.0.0.1:8000/rooms/kitchen?name=ada
#include <bailey/bailey.hpp>

#include <string>

using namespace bailey;

// [messages]
struct Say {
  std::string text;

  static constexpr auto rules() { return fields(field<&Say::text>(min_length(1), max_length(500)), forbid_extra()); }
};

struct Said {
  std::string name, text;
};
// [/messages]

// [talk]
using Name = Query<"name", std::string, Text{.min_length = 1, .max_length = 40}>;

Task<> talk(WebSocket socket, Path<"room"> room, Name name, WebSocketHub rooms) {
  if (*room == "attic") throw HttpError(404, "There is no attic");  // before anything is accepted: an ordinary answer
  socket.accept();
  const auto member = rooms.join(*room, socket);
  for (;;) {
    auto said = co_await socket.receive_json<Say>();  // throws for a message that is none: closed with 1008
    if (!said) co_return;                             // closed: said.error() tells how
    rooms.send_json(*room, Said{*name, std::move(said->text)});
  }
}
// [/talk]

int main(int argc, char** argv) {
  App app{{.title = "Chat", .threads = 2}};

  // [route]
  app.provide(WebSocketHub());
  app.ws("/rooms/{room}", talk,
         {.web_socket = {.origins = {"http://localhost:5173"},  // pages that may connect
                         .message_limit_bytes = 16 * 1024}});
  // [/route]

  return run(app, argc, argv);
}
