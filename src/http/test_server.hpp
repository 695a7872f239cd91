#pragma once

#include <bailey/http/server.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace bailey::http::test {

class FunctionHandler final : public Handler {
 public:
  explicit FunctionHandler(std::function<Answer(Request&)> function) : function_(std::move(function)) {}
  Answer handle(Request& request) override { return function_(request); }
  Response refuse(int status, std::string_view detail, std::string_view target) override {
    Response response = Handler::refuse(status, detail, target);
    if (!target.empty()) response.headers.set("X-Target", target.substr(0, 10));
    return response;
  }

 private:
  std::function<Answer(Request&)> function_;
};

// A server on loops of its own, stopped when the object goes.
class TestServer {
 public:
  explicit TestServer(std::function<Answer(Request&)> handle, ServerOptions options = {}, unsigned threads = 1)
      : TestServer(std::make_unique<FunctionHandler>(std::move(handle)), nullptr, std::move(options), threads) {}
  // For a handler that outlives it.
  explicit TestServer(Handler& handler, ServerOptions options = {}, unsigned threads = 1)
      : TestServer(nullptr, &handler, std::move(options), threads) {}
  ~TestServer() { stop(); }

  void stop() {
    runtime_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  void request_stop() { runtime_.request_stop(); }
  // Stops it, and does something on its loop right before it drains, and right after.
  void stop_between(std::function<void()> before, std::function<void()> after) {
    on_loop([&] {
      runtime_.on_stop([&loop = runtime_.loop(0), before = std::move(before), after = std::move(after)]() -> Task<> {
        before();
        // The hook behind this one posts what drains the loop, before this turn ends.
        loop.post([&loop, after] { loop.post(after); });
        co_return;
      });
    });
    request_stop();
  }

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] ServerStats stats() const { return server_.stats(); }
  [[nodiscard]] Runtime& runtime() { return runtime_; }

  // Runs `work` on the first loop and waits for it.
  void on_loop(std::function<void()> work) {
    std::promise<void> done;
    runtime_.loop(0).post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  // Lets so much time pass, as the first loop's timer wheel sees it.
  void advance(std::chrono::milliseconds by) {
    on_loop([&] { runtime_.loop(0).advance_timers(by); });
    // Who waited for them has gone on, and has set new ones, before time goes on again.
    for (int turn = 0; turn < 3; ++turn) on_loop([] {});
  }
  // Waits until what was sent before has been looked at: until `condition` holds, at most five seconds.
  bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      on_loop([] {});
      std::this_thread::yield();
    }
    return true;
  }

 private:
  static ServerOptions with_free_port(ServerOptions options) {
    options.port = 0;
    return options;
  }
  TestServer(std::unique_ptr<Handler> own, Handler* others, ServerOptions options, unsigned threads)
      : own_handler_(std::move(own)),
        runtime_({.threads = threads, .handle_signals = false}),
        server_(runtime_, others ? *others : *own_handler_, with_free_port(std::move(options))) {
    server_.start();
    thread_ = std::jthread([this] { runtime_.run(); });
  }

  std::unique_ptr<Handler> own_handler_;
  Runtime runtime_;
  Server server_;
  std::jthread thread_;
};

// A client that says and hears bytes. Whatever takes five seconds has failed.
class RawClient {
 public:
  // Its receive buffer is the system's choice unless it is told a size.
  explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer_bytes != 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    const timeval patience{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int at_once = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool is_connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return socket_; }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void finish_sending() const { ::shutdown(socket_, SHUT_WR); }
  void reset() {
    const linger hard{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }

  // Whether all of it was taken.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // Reads one answer: head and body by Content-Length or chunks, as sent. What was read beyond it is kept for the next.
  std::string answer(bool without_body = false) {
    while (rest_.find("\r\n\r\n") == std::string::npos)
      if (!more()) return std::exchange(rest_, {});
    std::size_t size = rest_.find("\r\n\r\n") + 4;
    const std::string head = rest_.substr(0, size);
    if (const auto length = head.find("Content-Length: "); length != std::string::npos && !without_body) {
      size += std::stoul(head.substr(length + 16));
      while (rest_.size() < size)
        if (!more()) break;
    } else if (head.find("Transfer-Encoding: chunked") != std::string::npos && !without_body) {
      while (rest_.find("0\r\n\r\n", size) == std::string::npos)
        if (!more()) break;
      size = rest_.find("0\r\n\r\n", size) + 5;
    }
    std::string one = rest_.substr(0, size);
    rest_.erase(0, size);
    return one;
  }

  // Reads until so many bytes are there; whether they came.
  bool read_until(std::size_t size) {
    while (rest_.size() < size)
      if (!more()) return false;
    return true;
  }

  // Reads to the end of the connection. `clean` tells whether it was an orderly one.
  std::string everything(bool* clean = nullptr) {
    while (more()) continue;
    if (clean) *clean = last_ == 0;
    return std::exchange(rest_, {});
  }
  // Whether the peer has closed in an orderly way, and said nothing more.
  bool is_at_end() {
    bool clean = false;
    return everything(&clean).empty() && clean;
  }

 private:
  bool more() {
    char bytes[16384];
    last_ = ::recv(socket_, bytes, sizeof bytes, 0);
    if (last_ > 0) rest_.append(bytes, static_cast<std::size_t>(last_));
    return last_ > 0;
  }

  int socket_;
  bool connected_ = false;
  ssize_t last_ = 0;
  std::string rest_;
};

[[nodiscard]] inline int status_of(std::string_view answer) {
  return answer.size() > 12 ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}
[[nodiscard]] inline std::string_view body_of(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : answer.substr(end + 4);
}

// Answers with method, path and body.
[[nodiscard]] inline Answer echo(Request& request) {
  if (const auto body = request.body_now())
    return Response::text(
        200, std::string(request.method_text()).append(" ").append(request.path()).append(" ").append(*body));
  return [](Request& later) -> Task<Response> {
    const std::string_view body = co_await later.body();
    co_return Response::text(
        200, std::string(later.method_text()).append(" ").append(later.path()).append(" ").append(body));
  }(request);
}

}  // namespace bailey::http::test
