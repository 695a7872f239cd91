#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <charconv>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace bailey::http::test {

// A server for tests of those who call servers: plain blocking sockets, a thread for each connection, and answers that
// the test writes byte by byte, well formed or not.
class RawServer {
 public:
  // Given the request (head and body), the bytes of the answer; nothing: say nothing until the peer or the test ends.
  // Called by the connections' threads, one at a time.
  using Answer = std::function<std::optional<std::string>(const std::string& request)>;

  explicit RawServer(Answer answer)
      : answer_(std::move(answer)),
        acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        accepting_([this] { accept(); }) {}

  ~RawServer() { stop(); }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  // Closes everything; connections to the port are refused from then on.
  void stop() {
    if (stopped_.exchange(true)) return;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    acceptor_.close();
    {
      const std::lock_guard lock(mutex_);
      for (Peer& peer : peers_) ::shutdown(peer.socket.native_handle(), SHUT_RDWR);
    }
    for (Peer& peer : peers_) peer.thread.join();
  }

  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  [[nodiscard]] int connections() const noexcept { return connections_; }
  [[nodiscard]] int open_connections() const noexcept { return open_; }
  [[nodiscard]] int requests() const noexcept { return requests_; }

  // A whole answer around a body.
  [[nodiscard]] static std::string ok(std::string_view body, std::string_view headers = {},
                                      std::string_view status = "200 OK") {
    std::string text =
        "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text.append(headers).append("\r\n").append(body);
  }

 private:
  using Socket = boost::asio::ip::tcp::socket;
  struct Peer {
    Socket socket;
    std::thread thread;
  };

  void accept() {
    for (;;) {
      boost::system::error_code error;
      Socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopped_) return;
      ++connections_;
      ++open_;
      const std::lock_guard lock(mutex_);
      Peer& peer = peers_.emplace_back(std::move(socket), std::thread());
      peer.thread = std::thread([this, &peer] {
        serve(peer.socket);
        ::shutdown(peer.socket.native_handle(), SHUT_RDWR);
        --open_;
      });
    }
  }

  void serve(Socket& socket) {
    std::string buffer;
    for (;;) {
      boost::system::error_code error;
      const std::size_t head = boost::asio::read_until(socket, boost::asio::dynamic_buffer(buffer), "\r\n\r\n", error);
      if (error) return;
      const std::size_t size = head + content_length(std::string_view(buffer).substr(0, head));
      if (buffer.size() < size) {
        boost::asio::read(socket, boost::asio::dynamic_buffer(buffer),
                          boost::asio::transfer_exactly(size - buffer.size()), error);
        if (error) return;
      }
      ++requests_;
      std::optional<std::string> answer;
      {
        const std::lock_guard lock(answering_);
        answer = answer_(buffer.substr(0, size));
      }
      buffer.erase(0, size);
      if (answer) {
        boost::asio::write(socket, boost::asio::buffer(*answer), error);
        if (error || answer->find("Connection: close") != std::string::npos) return;
      }
    }
  }

  static std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "Content-Length: ";
    const std::size_t at = head.find(name);
    std::size_t length = 0;
    if (at != std::string_view::npos)
      std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
  }

  Answer answer_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<bool> stopped_ = false;
  std::atomic<int> connections_ = 0;
  std::atomic<int> open_ = 0;
  std::atomic<int> requests_ = 0;
  std::mutex mutex_;
  std::mutex answering_;
  std::list<Peer> peers_;
  std::thread accepting_;
};

}  // namespace bailey::http::test
