#pragma once

#include <bailey/http/server.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/web/app.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace bailey::web_testing {

// An app that is really served, on a port of its own, for as long as this lives.
class Served {
 public:
  explicit Served(App& app, unsigned threads = 2, std::chrono::milliseconds stall_after = std::chrono::seconds(1))
      : runtime_({.threads = threads, .handle_signals = false, .stall_after = stall_after}),
        server_(runtime_, app.handler(), any_port()) {
    server_.start();
    thread_ = std::thread([this] { runtime_.run(); });
  }
  ~Served() {
    runtime_.request_stop();
    thread_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const {
    return {boost::asio::ip::make_address("127.0.0.1"), server_.port()};
  }

  // Sends all at once on one connection and reads until the server closes it.
  [[nodiscard]] std::string talk(const std::string& bytes) const {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket(io);
    socket.connect(endpoint());
    boost::asio::write(socket, boost::asio::buffer(bytes));
    std::string answer;
    boost::system::error_code ignored;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ignored);
    return answer;
  }

 private:
  static http::ServerOptions any_port() {
    http::ServerOptions options;
    options.port = 0;
    return options;
  }

  Runtime runtime_;
  http::Server server_;
  std::thread thread_;
};

}  // namespace bailey::web_testing
