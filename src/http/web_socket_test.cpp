// What a handler does with a WebSocket, and what its client sees of it.
#include "http/web_socket_test_client.hpp"

#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;

TEST(WebSocket, carries_text_and_bytes_of_any_size_both_ways) {
  TestServer server(web_socket(echo_messages));
  WebSocketPeer peer(server.port());
  for (const std::size_t size : {0U, 1U, 125U, 126U, 511U, 512U, 513U, 65'535U, 65'536U, 1'000'000U}) {
    for (const bool is_text : {true, false}) {
      peer.stream().text(is_text);
      peer.stream().write(boost::asio::buffer(std::string(size, 'm')));
      EXPECT_EQ(peer.receive(), std::string(size, 'm'));
      EXPECT_EQ(peer.stream().got_text(), is_text);
    }
  }
}

TEST(WebSocket, tells_how_the_peer_has_closed_it) {
  Channel<WebSocketClosed> told(2);
  TestServer server(web_socket([told](WebSocket socket) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      auto end = co_await socket.receive();
      if (!end) static_cast<void>(told.try_send(end.error()));
    }
  }));
  const auto wait_for = [&] {
    std::optional<WebSocketClosed> closed;
    EXPECT_TRUE(server.wait_until([&] { return (closed = told.try_receive()).has_value(); }));
    return closed.value_or(WebSocketClosed{0, ""});
  };
  WebSocketPeer(server.port()).close(3001, "Grüße");
  for (int i = 0; i < 2; ++i) {
    const WebSocketClosed closed = wait_for();
    EXPECT_EQ(closed.code, 3001);
    EXPECT_EQ(closed.reason, "Grüße");
  }
  {
    RawWebSocket peer(server.port());
    peer.send(frame(0x88, ""));
    EXPECT_EQ(wait_for().code, 1005);
  }
  RawWebSocket(server.port()).reset();
  wait_for();
  EXPECT_EQ(wait_for().code, 1006);
}

struct End {
  const char* what;
  std::function<Task<>(WebSocket)> talk;
  std::string seen;
};

TEST(WebSocket, is_closed_as_its_handler_ends) {
  const std::vector<End> ends{
      {"returns", [](WebSocket socket) -> Task<> { co_await socket.send("hello"); }, "closed 1000 "},
      {"closes",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         socket.close(4000, "enough");
         socket.close(4001, "of that");
       },
       "closed 4000 enough"},
      {"fails",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         throw std::runtime_error("secret");
       },
       "closed 1011 The server failed"},
      {"refuses",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         throw Error("room_closed", "The room is closed", 403);
       },
       "closed 1008 The room is closed"},
      {"fails inside",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         throw Error("internal", "secret", 500);
       },
       "closed 1011 The server failed"},
      {"expects text",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         static_cast<void>(co_await socket.receive_text());
       },
       "closed 1003 A text message was expected"},
      {"gives a long reason",
       [](WebSocket socket) -> Task<> {
         co_await socket.send("hello");
         socket.close(4000, std::string(121, 'r') + "ü" + "ü");
       },
       "closed 4000 " + std::string(121, 'r') + "ü"},
  };
  for (const End& end : ends) {
    TestServer server(web_socket(end.talk));
    WebSocketPeer peer(server.port());
    peer.stream().binary(true);
    peer.stream().write(boost::asio::buffer("bytes", 5));
    EXPECT_EQ(peer.receive(), "hello") << end.what;
    EXPECT_EQ(peer.receive(), end.seen) << end.what;
  }
}

struct Move {
  std::string piece;
  int to = 0;
};

TEST(WebSocket, reads_messages_into_aggregates_and_says_what_is_wrong_with_one) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    try {
      static_cast<void>(co_await socket.receive_json<Move>());
    } catch (const WebSocketInvalidMessage& invalid) {
      const std::string entries = std::to_string(invalid.errors().entries.size());
      socket.try_send({.data = entries});
    }
    for (;;) {
      auto move = co_await socket.receive_json<Move>();
      if (!move) co_return;
      Move answer{std::move(move->piece), move->to + 1};
      co_await socket.send_json(answer);
    }
  }));
  WebSocketPeer peer(server.port());
  peer.send(R"({"piece":1,"to":"x"})");
  EXPECT_EQ(peer.receive(), "2");
  peer.send(R"({"piece":"rook","to":7})");
  EXPECT_EQ(peer.receive(), R"({"piece":"rook","to":8})");
  peer.send(R"({"piece":"rook")");
  EXPECT_TRUE(peer.receive().starts_with("closed 1008 ")) << peer.stream().reason().reason;
}

TEST(WebSocket, sends_what_several_tasks_send_whole_and_in_their_order) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    const auto count_up = [](WebSocket to, char name, std::size_t size) -> Task<> {
      for (int i = 0; i < 50; ++i) co_await to.send(std::string(size, name) + std::to_string(i));
    };
    co_await when_all(count_up(socket, 'a', 1), count_up(socket, 'b', 40'000), count_up(socket, 'c', 3'000));
  }));
  WebSocketPeer peer(server.port());
  int next[3] = {0, 0, 0};
  for (int i = 0; i < 150; ++i) {
    const std::string message = peer.receive();
    const char name = message.front();
    const std::size_t size = name == 'a' ? 1 : name == 'b' ? 40'000 : 3'000;
    ASSERT_EQ(message, std::string(size, name) + std::to_string(next[name - 'a']++));
  }
  EXPECT_EQ(peer.receive(), "closed 1000 ");
}

TEST(WebSocket, can_be_sent_to_and_closed_from_other_threads) {
  Channel<WebSocket> sockets(1);
  TestServer server(web_socket([sockets](WebSocket socket) -> Task<> {
    socket.accept();
    static_cast<void>(co_await sockets.send(socket));
    static_cast<void>(co_await socket.receive());
  }));
  WebSocketPeer peer(server.port());
  std::optional<WebSocket> socket;
  ASSERT_TRUE(server.wait_until([&] { return (socket = sockets.try_receive()).has_value(); }));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(socket->try_send({.data = std::to_string(i)}));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(peer.receive(), std::to_string(i));
  socket->close(4002);
  EXPECT_EQ(peer.receive(), "closed 4002 ");
  EXPECT_FALSE(socket->try_send({.data = "late"}));
}

TEST(WebSocket, loses_no_message_when_a_receive_is_given_up) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    for (int given_up = 0;;) {
      auto first = co_await when_any(socket.receive(), sleep_for(1ms));
      if (first.index() == 1) {
        if (++given_up == 1) co_await socket.send("given up");
        continue;
      }
      auto& message = std::get<0>(first);
      if (!message) co_return;
      co_await socket.send(*std::move(message));
    }
  }));
  WebSocketPeer peer(server.port());
  EXPECT_EQ(peer.receive(), "given up");
  for (int i = 0; i < 300; ++i) peer.send(std::to_string(i));
  for (int i = 0; i < 300; ++i) ASSERT_EQ(peer.receive(), std::to_string(i));
}

TEST(WebSocket, refuses_a_second_receiver_at_the_same_time) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    const auto receive = [](WebSocket from) -> Task<> { static_cast<void>(co_await from.receive()); };
    try {
      co_await when_all(receive(socket), receive(socket));
    } catch (const Error& error) {
      socket.try_send({.data = error.code()});
    }
    auto message = co_await socket.receive();
    if (message) co_await socket.send(message->data);
  }));
  WebSocketPeer peer(server.port());
  EXPECT_EQ(peer.receive(), "misuse");
  peer.send("still there");
  EXPECT_EQ(peer.receive(), "still there");
}

TEST(WebSocket, throws_where_it_is_sent_to_after_its_end) {
  Channel<std::string> told(4);
  TestServer server(web_socket([told](WebSocket socket) -> Task<> {
    static_cast<void>(co_await socket.receive());
    try {
      co_await socket.send("too late");
    } catch (const WebSocketDisconnect& gone) {
      static_cast<void>(told.try_send(gone.code() + std::to_string(gone.closed().code)));
    }
    co_await socket.send("and again");  // leaves the handler: not a failure
  }));
  WebSocketPeer(server.port()).close(1001);
  std::optional<std::string> text;
  ASSERT_TRUE(server.wait_until([&] { return (text = told.try_receive()).has_value(); }));
  EXPECT_EQ(*text, "web_socket_closed1001");
}

TEST(WebSocket, outlives_its_connection_in_a_background_task) {
  std::optional<WebSocket> kept;
  std::atomic<bool> ended = false;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    socket.accept();
    kept = socket;
    static_cast<void>(co_await socket.receive());
    ended = true;
  }));
  {
    WebSocketPeer peer(server.port());
    peer.close(1000);
  }
  ASSERT_TRUE(server.wait_until([&] { return ended.load() && server.stats().connections_open == 0; }));
  std::promise<std::string> code;
  server.on_loop([&] {
    EXPECT_EQ(kept->closed()->code, 1000);
    EXPECT_FALSE(kept->try_send({.data = "late"}));
    kept->close(4000);
    boost::asio::co_spawn(
        Loop::current().executor(), [](WebSocket socket) -> Task<> { co_await socket.send("late"); }(*kept),
        [&](const std::exception_ptr& failure) {
          try {
            if (failure) std::rethrow_exception(failure);
            code.set_value("none");
          } catch (const Error& error) {
            code.set_value(error.code());
          }
        });
  });
  EXPECT_EQ(code.get_future().get(), "web_socket_closed");
  server.on_loop([&] { kept.reset(); });
}

TEST(WebSocket, packs_messages_for_a_peer_that_offers_it) {
  for (const auto compression : {WebSocketCompression::each_message, WebSocketCompression::with_context}) {
    TestServer server(web_socket(echo_messages, {.compression = compression}));
    WebSocketPeer peer(server.port(), [](WebSocketPeer::Stream& stream) {
      boost::beast::websocket::permessage_deflate offer;
      offer.client_enable = true;
      stream.set_option(offer);
    });
    EXPECT_NE(peer.header("Sec-WebSocket-Extensions").find("permessage-deflate"), std::string::npos);
    for (const std::size_t size : {3U, 300U, 300U, 100'000U, 1'000'000U}) {
      std::string message;
      for (std::size_t i = 0; message.size() < size; ++i) message.append(std::to_string(i * i)).append(" ");
      message.resize(size);
      peer.send(message);
      EXPECT_EQ(peer.receive(), message);
    }
  }
  TestServer server(web_socket(echo_messages, {.compression = WebSocketCompression::off}));
  WebSocketPeer peer(server.port(), [](WebSocketPeer::Stream& stream) {
    boost::beast::websocket::permessage_deflate offer;
    offer.client_enable = true;
    stream.set_option(offer);
  });
  EXPECT_EQ(peer.header("Sec-WebSocket-Extensions"), "");
}

}  // namespace
}  // namespace bailey::http::test
