// The least a server on Linux can do: one epoll loop that reads what comes and writes the same answer, parsing nothing.
// What a request costs here is nearly all the kernel's, so it is the floor that the library's cost is told against.
//
//   bare_epoll PORT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    R"({"user_id":"b5ae62f9-ef1d-4f11-a02b-731c8bbb11e8"})";

int listen_on(unsigned short port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 1024) != 0) {
    std::perror("bare_epoll");
    std::exit(1);
  }
  return listener;
}

void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void accept_all(int epoll, int listener) {
  for (int peer; (peer = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
    const int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, peer);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = std::span(arguments, static_cast<std::size_t>(count)).size() > 1 ? std::atoi(arguments[1]) : 0;
  if (port <= 0 || port > 65535) {
    std::fputs("usage: bare_epoll PORT\n", stderr);
    return 2;
  }
  const int listener = listen_on(static_cast<unsigned short>(port));
  const int epoll = epoll_create1(0);
  watch(epoll, listener);
  std::array<epoll_event, 512> events{};
  std::array<char, 8192> input{};
  for (;;) {
    const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int peer = events[static_cast<std::size_t>(i)].data.fd;
      if (peer == listener) {
        accept_all(epoll, listener);
      } else if (read(peer, input.data(), input.size()) <= 0 || write(peer, answer.data(), answer.size()) < 0) {
        close(peer);
      }
    }
  }
}
