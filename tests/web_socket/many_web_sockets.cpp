// What many WebSockets cost a server, and whether it loses a message: each sends one a second and wants it back.
//
//   many_web_sockets [SOCKETS [SECONDS [plain|deflate [handler|route]]]]
//
// `handler`: of http::Server, by itself; `route`: App::ws. The server is a process of its own, with one loop. Printed,
// and judged by the exit status: what an open socket takes of its memory before and after the messages, messages lost,
// and how long the slowest answer took.
#include <bailey/base/failed.hpp>
#include <bailey/http/server.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/web/app.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace bailey;

namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

Task<> echo(http::WebSocket socket) {
  for (;;) {
    auto message = co_await socket.receive();
    if (!message) co_return;
    co_await socket.send(*std::move(message));
  }
}

class Echo final : public http::Handler {
 public:
  http::Answer handle(http::Request& request) override { return http::serve_web_socket(request, {}, echo); }
};

[[noreturn]] void serve(int report, bool is_route) {
  Runtime runtime({.threads = 1});
  Echo echoing;
  App app;
  app.ws("/", echo);
  http::Handler& handler = is_route ? app.handler() : static_cast<http::Handler&>(echoing);
  http::Server server(runtime, handler, {.port = 0, .connection_limit = 20'000});
  server.start();
  const std::uint16_t port = server.port();
  if (::write(report, &port, sizeof port) != sizeof port) std::_Exit(1);
  runtime.run();
  std::_Exit(0);
}

long resident_kilobytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  return 0;
}

// 100 bytes, masked with zeros.
std::string message() {
  std::string bytes("\x81\xe4\0\0\0\0", 6);
  return bytes.append(100, 'm');
}

struct Peer {
  int socket = -1;
  std::string received;
  Steady::time_point sent_at;
  bool waits = false;
};

void read_available(Peer& peer) {
  char bytes[4096];
  for (;;) {
    const ssize_t count = ::recv(peer.socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count <= 0) return;
    peer.received.append(bytes, static_cast<std::size_t>(count));
  }
}

Peer connect_to(std::uint16_t port, bool offers_deflate) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Peer peer{.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (::connect(peer.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  std::string request =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (offers_deflate) request += "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  request += "\r\n";
  ::send(peer.socket, request.data(), request.size(), MSG_NOSIGNAL);
  while (!peer.received.contains("\r\n\r\n")) {
    char bytes[1024];
    const ssize_t count = ::recv(peer.socket, bytes, sizeof bytes, 0);
    if (count <= 0) throw std::runtime_error("no handshake");
    peer.received.append(bytes, static_cast<std::size_t>(count));
  }
  if (!peer.received.starts_with("HTTP/1.1 101")) throw std::runtime_error(peer.received);
  peer.received.clear();
  return peer;
}

}  // namespace

int main(int count, char** arguments) try {
  const std::size_t sockets = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 2000;
  const int seconds = count > 2 ? std::atoi(arguments[2]) : 10;
  const bool offers_deflate = count > 3 && std::string_view(arguments[3]) == "deflate";
  const bool is_route = count > 4 && std::string_view(arguments[4]) == "route";
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  int report[2];
  if (::pipe(report) != 0) return 1;
  const pid_t server = ::fork();
  if (server == 0) serve(report[1], is_route);
  std::uint16_t port = 0;
  if (::read(report[0], &port, sizeof port) != sizeof port) return 1;

  ::close(connect_to(port, offers_deflate).socket);  // what the first takes for all
  const long before = resident_kilobytes(server);
  const int poll = ::epoll_create1(0);
  std::vector<Peer> peers;
  for (std::size_t i = 0; i < sockets; ++i) {
    peers.push_back(connect_to(port, offers_deflate));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, peers.back().socket, &event);
  }
  const long open = resident_kilobytes(server);

  const std::string text = message();
  const std::string wanted = std::string("\x81\x64", 2).append(100, 'm');
  std::size_t sent = 0, answered = 0;
  Steady::duration slowest{};
  const Steady::time_point began = Steady::now();
  const std::size_t total = sockets * static_cast<std::size_t>(seconds);
  while (answered < total && Steady::now() - began < std::chrono::seconds(seconds) + 5s) {
    const auto due = static_cast<std::size_t>((Steady::now() - began) / 1us) * sockets / 1'000'000;
    for (; sent < std::min(due, total); ++sent) {
      Peer& peer = peers[sent % sockets];
      peer.sent_at = Steady::now();
      ::send(peer.socket, text.data(), text.size(), MSG_NOSIGNAL);
    }
    epoll_event events[256];
    const int ready = ::epoll_wait(poll, events, 256, 1);
    for (int i = 0; i < ready; ++i) {
      Peer& peer = peers[events[i].data.u64];
      read_available(peer);
      for (; peer.received.starts_with(wanted); peer.received.erase(0, wanted.size())) {
        ++answered;
        slowest = std::max(slowest, Steady::now() - peer.sent_at);
      }
    }
  }
  const long after = resident_kilobytes(server);
  const auto stop = Steady::now();
  ::kill(server, SIGTERM);
  std::size_t told = 0;
  for (Peer& peer : peers) {  // 1012 to each, then the end
    const timeval patience{5, 0};
    ::setsockopt(peer.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char bytes[64];
    ssize_t got = 0;
    while (peer.received.size() < 4 && (got = ::recv(peer.socket, bytes, sizeof bytes, 0)) > 0)
      peer.received.append(bytes, static_cast<std::size_t>(got));
    told += peer.received.substr(2, 2) == "\x03\xf4" ? 1U : 0U;
    ::close(peer.socket);
  }
  int status = 0;
  ::waitpid(server, &status, 0);
  const auto ended = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - stop);

  const auto each = [&](long kilobytes) {
    return static_cast<double>(kilobytes - before) / static_cast<double>(sockets);
  };
  std::printf(
      "%zu sockets, %d s: %.1f KB each when open, %.1f KB after the messages; %zu sent, %zu lost, slowest %.1f ms; "
      "%zu told 1012, server ended %d ms after SIGTERM\n",
      sockets, seconds, each(open), each(after), sent, sent - answered,
      std::chrono::duration<double, std::milli>(slowest).count(), told, static_cast<int>(ended.count()));
  return sent == total && answered == total && told == sockets && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
} catch (const std::exception& error) {
  return failed(error);
}
