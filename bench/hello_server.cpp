// The smallest thing the server can be asked to do: what it costs beside a bare epoll loop is what our connection loop
// and codec cost. hello_server [port] [threads]
#include <bailey/http/buffer.hpp>
#include <bailey/http/server.hpp>

#include <cstdlib>

namespace {

class Hello final : public bailey::http::Handler {
 public:
  bailey::http::Answer handle(bailey::http::Request&) override {
    std::string body = bailey::http::take_buffer();
    body.append(R"({"user_id":"b5ae62f9-ef1d-4f11-a02b-731c8bbb11e8"})");
    return bailey::http::Response::json(200, std::move(body));
  }
};

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int index, unsigned otherwise) {
    return count > index ? static_cast<unsigned>(std::strtoul(arguments[index], nullptr, 10)) : otherwise;
  };
  bailey::Runtime runtime({.threads = number(2, 1)});
  Hello hello;
  bailey::http::Server server(runtime, hello, {.port = static_cast<std::uint16_t>(number(1, 8000))});
  server.start();
  runtime.run();
}
