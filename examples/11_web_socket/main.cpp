// A chat over WebSockets: every room has its members, and each hears what the others say.
//
//   web_socket            ws://127.0.0.1:8000/rooms/kitchen
#include <bailey/bailey.hpp>
#include <bailey/http/web_socket.hpp>

#include <map>
#include <mutex>

using namespace bailey;
using http::WebSocket;

// [room]
// Shared by all loops: a handle may be sent to from any of them.
class Room {
 public:
  // A place in the room, as long as it lives.
  class Membership {
   public:
    Membership(Room& room, std::string name, WebSocket socket) : room_(room) {
      const std::lock_guard lock(room_.mutex_);
      place_ = room_.members_.emplace(std::move(name), std::move(socket));
    }
    ~Membership() {
      const std::lock_guard lock(room_.mutex_);
      room_.members_.erase(place_);
    }

   private:
    Room& room_;
    std::multimap<std::string, WebSocket>::iterator place_;
  };

  void say(const std::string& text) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, socket] : members_) socket.try_send({.data = text});  // a slow one misses it
  }

 private:
  std::mutex mutex_;
  std::multimap<std::string, WebSocket> members_;
};
// [/room]

// [messages]
struct Say {
  std::string text;
};
template <>
constexpr auto bailey::rules<Say> = fields(field<&Say::text>(min_length(1), max_length(500)), forbid_extra());

struct Said {
  std::string name, text;
};
// [/messages]

// [talk]
Task<> talk(WebSocket socket, Room& room, std::string name) {
  if (name.empty())
    throw HttpError(401, "Say who you are: ?name=…");  // before anything is received: an ordinary answer
  socket.accept();
  const Room::Membership member(room, name, socket);
  for (;;) {
    auto said = co_await socket.receive_json<Say>();  // throws for a message that is none: closed with 1008
    if (!said) co_return;                             // closed: said.error() tells how
    room.say(encode(Said{name, std::move(said->text)}));
  }
}
// [/talk]

int main() try {
  App app{{.title = "Chat", .threads = 2}};
  Room kitchen;

  // [route]
  const http::WebSocketOptions options{.origins = {"http://localhost:5173"},  // pages that may connect
                                       .message_limit_bytes = 16 * 1024};
  app.get("/rooms/kitchen",
          [&kitchen, options](const Request& request, Query<"name", std::string> name) -> Task<Response> {
            return http::serve_web_socket(request.http(), options, [&kitchen, name = *name](WebSocket socket) {
              return talk(std::move(socket), kitchen, name);
            });
          });
  // [/route]

  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
