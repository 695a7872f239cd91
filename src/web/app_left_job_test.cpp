// An app that is told to stop while a handler waits for a job that does not end.
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/web/app.hpp>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <latch>
#include <string_view>
#include <thread>

namespace bailey {
namespace {

using namespace std::chrono_literals;

// A port that was free a moment ago, or a connection to it once somebody listens there.
int connected(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = ::htons(port);
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  for (;;) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    std::this_thread::sleep_for(5ms);
  }
}
std::uint16_t free_port() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0) std::abort();
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
  ::close(socket);
  return ::ntohs(address.sin_port);
}

[[noreturn]] void stop_with_a_job_that_does_not_end() {
  ::alarm(20);
  const std::uint16_t port = free_port();
  {
    BlockingPool pool({.threads = 1, .end_timeout = 50ms});
    std::latch started(1);
    App app({.server = {.address = "127.0.0.1", .port = port, .shutdown_timeout = 100ms}, .threads = 1});
    app.get("/report", [&pool, &started]() -> Task<int> {
      co_await pool.run([begun = &started] {
        begun->count_down();
        std::this_thread::sleep_for(1h);
      });
      co_return 1;
    });
    std::thread client([&started, port] {
      sigset_t signals;
      ::sigemptyset(&signals);
      ::sigaddset(&signals, SIGTERM);
      ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
      constexpr std::string_view request = "GET /report HTTP/1.1\r\nHost: a\r\n\r\n";
      static_cast<void>(::send(connected(port), request.data(), request.size(), MSG_NOSIGNAL));
      started.wait();
      ::kill(::getpid(), SIGTERM);
    });
    app.run();
    client.join();
  }
  std::exit(7);
}

TEST(App, ends_without_a_job_that_does_not_and_says_which_route_has_begun_it) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(stop_with_a_job_that_does_not_end(), testing::ExitedWithCode(7),
              "a job of a blocking pool does not end.*GET /report");
}

}  // namespace
}  // namespace bailey
