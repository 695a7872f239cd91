// Sends every message of every WebSocket back, for others' test suites: web_socket_echo PORT
#include <bailey/base/failed.hpp>
#include <bailey/http/server.hpp>
#include <bailey/http/web_socket.hpp>

#include <cstdlib>

using namespace bailey;

namespace {

Task<> echo(http::WebSocket socket) {
  for (;;) {
    auto message = co_await socket.receive();
    if (!message) co_return;
    co_await socket.send(*std::move(message));
  }
}

class Echo final : public http::Handler {
 public:
  http::Answer handle(http::Request& request) override {
    http::WebSocketOptions options{.message_limit_bytes = std::size_t{64} * 1024 * 1024,
                                   .compression = http::WebSocketCompression::with_context,
                                   .ping_interval = std::chrono::milliseconds(0)};
    return http::serve_web_socket(request, std::move(options), echo);
  }
};

}  // namespace

int main(int count, char** arguments) try {
  const int port = count == 2 ? std::atoi(arguments[1]) : 9001;
  Runtime runtime({.threads = 1});
  Echo handler;
  http::Server server(runtime, handler, {.port = static_cast<std::uint16_t>(port)});
  server.start();
  runtime.run();
} catch (const std::exception& error) {
  return failed(error);
}
