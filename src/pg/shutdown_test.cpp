// A program that ends waits for no server: not for a name server, not for one that takes connections and says nothing,
// not for one that shall pass a cancellation on.
#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view unanswered_name = "unanswered.test";
std::atomic<int> unanswered = 0;
std::atomic<bool> answers = false;

}  // namespace

// In the place of the C library's, for libpq, too: a name server that does not answer.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
  if (name != nullptr && name == unanswered_name) {
    unanswered.fetch_add(1);
    answers.wait(false);
    unanswered.fetch_sub(1);
    return EAI_AGAIN;
  }
  using Lookup = decltype(&::getaddrinfo);
  static const auto real = reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}

namespace bailey::pg {
namespace {

using test::code_of;

using Clock = std::chrono::steady_clock;

// Far more than an end takes, far less than what it must not wait for.
constexpr std::chrono::seconds soon{5};

Options to(const std::string& connection_string) {
  Options options;
  options.connection_string = Secret(connection_string);
  options.connect_timeout = std::chrono::milliseconds(200);
  options.cancel_timeout = std::chrono::milliseconds(200);
  return options;
}

TEST(Shutdown, does_not_wait_for_a_name_server) {
  answers = false;
  Clock::time_point end;
  for (const char* hosts : {"host=unanswered.test", "host=127.0.0.1,unanswered.test port=1"}) {
    const Database database(to(hosts));
    run_blocking([&]() -> Task<> { EXPECT_EQ(co_await code_of(database.run("select 1")), "database_unavailable"); });
    EXPECT_GT(unanswered, 0);
    end = Clock::now();
  }
  EXPECT_LT(Clock::now() - end, soon);
  EXPECT_GT(unanswered, 0);
  answers = true;
  answers.notify_all();
  while (unanswered > 0) std::this_thread::yield();
}

TEST(Shutdown, does_not_wait_for_one_that_takes_connections_and_says_nothing) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  const Clock::time_point begin = Clock::now();
  {
    Options patient = to("host=127.0.0.1 port=" + std::to_string(ntohs(address.sin_port)));
    patient.connect_timeout = std::chrono::minutes(5);
    const Database database(std::move(patient));
    run_blocking([&]() -> Task<> {
      boost::asio::cancellation_signal cancel;
      std::optional<std::string> code;
      boost::asio::co_spawn(Loop::current().executor(), code_of(database.run("select 1")),
                            boost::asio::bind_cancellation_slot(
                                cancel.slot(), [&](std::exception_ptr, std::string how) { code = std::move(how); }));
      co_await sleep_for(std::chrono::milliseconds(50));
      cancel.emit(boost::asio::cancellation_type::terminal);
      co_await test::until([&] { return code.has_value(); });
    });
  }
  EXPECT_LT(Clock::now() - begin, soon);
  ::close(listener);
}

TEST(Shutdown, does_not_wait_for_a_cancellation_to_be_passed_on) {
  test::PostgresServer server;
  Clock::time_point end;
  {
    const Database database(to(server.connection_string()));
    run_blocking([&]() -> Task<> {
      co_await database.run("select 1");
      boost::asio::cancellation_signal cancel;
      std::optional<std::string> code;
      boost::asio::co_spawn(Loop::current().executor(), code_of(database.run("select pg_sleep(60)")),
                            boost::asio::bind_cancellation_slot(
                                cancel.slot(), [&](std::exception_ptr, std::string how) { code = std::move(how); }));
      co_await test::until([&] { return database.stats().in_flight == 1; });
      ::kill(server.pid(), SIGSTOP);  // who would pass it on
      cancel.emit(boost::asio::cancellation_type::terminal);
      co_await test::until([&] { return code && database.stats().connections == 0; });
      end = Clock::now();
    });
  }
  EXPECT_LT(Clock::now() - end, soon);
  ::kill(server.pid(), SIGCONT);
}

}  // namespace
}  // namespace bailey::pg
