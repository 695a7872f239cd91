// A connection that changes to another protocol: by hand, and with a WebSocket on top.
#include <bailey/base/error.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <atomic>
#include <future>
#include <string>
#include <thread>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr std::string_view ask =
    "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: echo\r\n\r\n";

Task<> echo_lines(UpgradedConnection& peer) {
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    const std::size_t count = co_await peer.read_some(buffer);
    if (count == 0) co_return;
    co_await peer.write(std::string_view(buffer).substr(0, count));
  }
}

Answer upgrade_to_echo(Request&) { return Response::upgrade("echo", echo_lines); }

TEST(Upgrade, hands_the_connection_over_with_what_came_behind_the_request) {
  TestServer server(upgrade_to_echo);
  RawClient client(server.port());
  client.send(std::string(ask) + "first ");
  const std::string head = client.answer(true);
  EXPECT_EQ(status_of(head), 101);
  EXPECT_NE(head.find("Connection: Upgrade\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("Upgrade: echo\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
  client.send("second GET / HTTP/1.1\r\n\r\n");
  client.finish_sending();
  bool clean = false;
  EXPECT_EQ(client.everything(&clean), "first second GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(clean);
}

TEST(Upgrade, is_refused_to_a_request_that_does_not_ask_for_it) {
  TestServer server(upgrade_to_echo);
  for (const std::string_view request : {
           "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n",
           "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\nContent-Length: 9\r\n\r\nhalf",
       }) {
    RawClient client(server.port());
    client.send(request);
    const std::string answer = client.answer();
    EXPECT_EQ(status_of(answer), 426) << request;
    EXPECT_NE(answer.find("Upgrade: echo\r\n"), std::string::npos) << answer;
  }
}

Task<> echo_until_the_server_drains(UpgradedConnection& peer) {
  co_await when_any(echo_lines(peer), peer.draining().wait());
  co_await peer.write("bye");
}

TEST(Upgrade, hears_that_the_server_drains) {
  TestServer server([](Request&) -> Answer { return Response::upgrade("echo", echo_until_the_server_drains); });
  RawClient client(server.port());
  client.send(ask);
  EXPECT_EQ(status_of(client.answer(true)), 101);
  client.send("hello");
  ASSERT_TRUE(client.read_until(5));
  server.request_stop();
  EXPECT_EQ(client.everything(), "hellobye");
}

TEST(Upgrade, that_does_not_end_is_cut_when_the_server_has_waited_long_enough) {
  TestServer server(upgrade_to_echo, {.shutdown_timeout = 200ms});
  RawClient client(server.port());
  client.send(ask);
  EXPECT_EQ(status_of(client.answer(true)), 101);
  server.stop();
  EXPECT_EQ(client.everything(), "");
}

// A message is one letter, many times.
Task<> say(UpgradedConnection& peer, char letter, int times) {
  for (int i = 0; i < times; ++i) {
    const std::string message(300'000, letter);
    co_await peer.write(message);
  }
}

// How many they are, or -1 when one is not whole.
int messages_in(std::string_view bytes) {
  int count = 0;
  for (; !bytes.empty(); ++count) {
    const std::string_view message = bytes.substr(0, 300'000);
    if (message != std::string(300'000, message.front())) return -1;
    bytes.remove_prefix(message.size());
  }
  return count;
}

TEST(Upgrade, sends_what_several_tasks_write_one_after_the_other) {
  TestServer server([](Request&) -> Answer {
    return Response::upgrade("echo", [](UpgradedConnection& peer) -> Task<> {
      co_await when_all(say(peer, 'a', 10), say(peer, 'b', 10), say(peer, 'c', 10));
    });
  });
  RawClient client(server.port(), 64 * 1024);
  client.send(ask);
  EXPECT_EQ(status_of(client.answer(true)), 101);
  std::this_thread::sleep_for(50ms);  // until they have to wait
  EXPECT_EQ(messages_in(client.everything()), 30);
}

// It is written to by others, as in a chat, until its own task ends in the midst of it.
TEST(Upgrade, ends_only_when_those_who_write_to_it_have) {
  std::atomic<int> ended = 0;
  std::atomic<bool> go = false;
  TestServer server([&](Request&) -> Answer {
    return Response::upgrade("echo", [&](UpgradedConnection& peer) -> Task<> {
      for (const char letter : {'a', 'b', 'c'})
        Loop::current().spawn("another", [](UpgradedConnection& to, char what, std::atomic<int>& done) -> Task<> {
          try {
            co_await say(to, what, 10);
          } catch (const Error&) {  // it has ended
          }
          ++done;
        }(peer, letter, ended));
      while (!go) co_await sleep_for(1ms);
    });
  });
  RawClient client(server.port(), 64 * 1024);
  client.send(ask);
  EXPECT_EQ(status_of(client.answer(true)), 101);
  std::this_thread::sleep_for(50ms);
  go = true;
  std::this_thread::sleep_for(50ms);
  bool clean = false;
  const std::string said = client.everything(&clean);
  EXPECT_TRUE(clean);
  EXPECT_GE(messages_in(said), 1);
  EXPECT_LT(messages_in(said), 30);
  EXPECT_TRUE(server.wait_until([&] { return ended == 3; }));
}

std::string code_of(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

template <class F>
std::string failure_of(F&& call) {
  try {
    std::forward<F>(call)();
  } catch (...) {
    return code_of(std::current_exception());
  }
  return "";
}

TEST(Upgrade, is_used_on_its_loop_alone_and_read_by_one_at_a_time) {
  std::promise<std::string> second, read, written;
  TestServer server([&](Request&) -> Answer {
    return Response::upgrade("echo", [&](UpgradedConnection& peer) -> Task<> {
      std::string some(10, '\0'), more(10, '\0');
      const auto first = [](UpgradedConnection& of, std::string& into) -> Task<> {
        static_cast<void>(co_await of.read_some(into));
      };
      const auto again = [](UpgradedConnection& of, std::string& into, std::promise<std::string>& code) -> Task<> {
        try {
          static_cast<void>(co_await of.read_some(into));
        } catch (const Error& error) {
          code.set_value(error.code());
        }
      };
      co_await when_all(first(peer, some), again(peer, more, second));
      std::jthread([&] {
        read.set_value(failure_of([&] { run_blocking(peer.read_some(more)); }));
        written.set_value(failure_of([&] { run_blocking(peer.write("no")); }));
      });
    });
  });
  RawClient client(server.port());
  client.send(ask);
  EXPECT_EQ(status_of(client.answer(true)), 101);
  EXPECT_EQ(second.get_future().get(), "read_in_progress");
  client.send("x");
  EXPECT_EQ(read.get_future().get(), "wrong_loop");
  EXPECT_EQ(written.get_future().get(), "wrong_loop");
  EXPECT_EQ(client.everything(), "");
}

// An UpgradedConnection as Beast wants to have a stream.
class BeastStream {
 public:
  using executor_type = LoopExecutor;

  BeastStream(UpgradedConnection& peer, LoopExecutor executor)
      : peer_(&peer), executor_(executor), accepted_(std::make_shared<std::string>()) {}
  [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler handler) {
    asio::mutable_buffer first = *asio::buffer_sequence_begin(buffers);
    start(read(*peer_, {static_cast<char*>(first.data()), first.size()}), std::move(handler));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler handler) {
    start(write(*peer_, beast::buffers_to_string(buffers), accepted_), std::move(handler));
  }
  // What Beast would have answered to the handshake.
  [[nodiscard]] const std::string& accepted() const { return *accepted_; }

 private:
  static Task<std::size_t> read(UpgradedConnection& peer, std::span<char> into) {
    const std::size_t count = co_await peer.read_some(into);
    if (count == 0) throw boost::system::system_error(asio::error::eof);
    co_return count;
  }
  static Task<std::size_t> write(UpgradedConnection& peer, std::string bytes, std::shared_ptr<std::string> accepted) {
    if (accepted->ends_with("\r\n\r\n")) {
      co_await peer.write(bytes);
    } else {
      accepted->append(bytes);  // ours has been sent
    }
    co_return bytes.size();
  }
  template <class Handler>
  void start(Task<std::size_t> task, Handler handler) {
    auto done = std::make_shared<Handler>(std::move(handler));
    asio::co_spawn(executor_, std::move(task), [done](const std::exception_ptr& failure, std::size_t count) {
      std::move (*done)(failure ? boost::system::error_code(asio::error::eof) : boost::system::error_code(), count);
    });
  }

  UpgradedConnection* peer_;
  LoopExecutor executor_;
  std::shared_ptr<std::string> accepted_;
};

template <class Handler>
void async_teardown(beast::role_type, BeastStream&, Handler&& handler) {
  std::forward<Handler>(handler)(boost::system::error_code());
}
void beast_close_socket(BeastStream&) {}

using WebSocketRequest = beast::http::request<beast::http::empty_body>;

WebSocketRequest copy_of(const Request& request) {
  WebSocketRequest copy{beast::http::verb::get, std::string(request.target()), 11};
  request.for_each_header(
      [&](std::string_view name, std::string_view value) { copy.insert(std::string(name), std::string(value)); });
  return copy;
}

Task<> echo_messages(UpgradedConnection& peer, WebSocketRequest request) {
  const LoopExecutor executor = co_await asio::this_coro::executor;
  beast::websocket::stream<BeastStream> socket(peer, executor);
  boost::system::error_code error;
  co_await socket.async_accept(request, asio::redirect_error(use_task, error));
  beast::flat_buffer buffer;
  while (!error) {
    co_await socket.async_read(buffer, asio::redirect_error(use_task, error));
    if (error) break;
    socket.text(socket.got_text());
    co_await socket.async_write(buffer.data(), asio::redirect_error(use_task, error));
    buffer.consume(buffer.size());
  }
}

// The value that RFC 6455 4.2.2 asks for, from Beast's own answer to the same request.
std::string accept_value(const WebSocketRequest& request) {
  std::string answer;
  asio::io_context io;
  beast::test::stream ours(io), theirs(io);
  ours.connect(theirs);
  beast::websocket::stream<beast::test::stream&> socket(ours);
  socket.accept(request);
  const std::string_view text = theirs.str();
  const std::size_t from = text.find("Sec-WebSocket-Accept: ") + 22;
  return std::string(text.substr(from, text.find("\r\n", from) - from));
}

Answer upgrade_to_web_socket(Request& request) {
  const WebSocketRequest copy = copy_of(request);
  Response response =
      Response::upgrade("websocket", [copy](UpgradedConnection& peer) { return echo_messages(peer, copy); });
  response.headers.set("Sec-WebSocket-Accept", accept_value(copy));
  return response;
}

TEST(Upgrade, carries_a_web_socket) {
  TestServer server(upgrade_to_web_socket);
  asio::io_context io;
  beast::websocket::stream<asio::ip::tcp::socket> client(io);
  client.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
  client.handshake("localhost", "/chat");
  client.text(true);
  for (const std::size_t size : {0U, 1U, 125U, 126U, 70'000U, 1'000'000U}) {
    const std::string message(size, 'm');
    client.write(asio::buffer(message));
    beast::flat_buffer answer;
    client.read(answer);
    EXPECT_EQ(beast::buffers_to_string(answer.data()), message);
  }
  client.close(beast::websocket::close_code::normal);
}

}  // namespace
}  // namespace bailey::http::test
