// What a stranger may do to a WebSocket: bytes on the wire, sizes, silence, and going away.
#include "http/web_socket_test_client.hpp"

#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;

struct Exchange {
  const char* what;
  std::string sent;
  std::string answer;
  bool goes_on = false;  // until the client has said goodbye
};

std::string closed(unsigned code) { return plain_frame(0x88, close_payload(code)); }

// The categories 1 to 7 of the Autobahn testsuite, each by its edges (RFC 6455 sections 5 and 7).
std::vector<Exchange> exchanges() {
  std::vector<Exchange> all{
      {"an empty text", frame(0x81, ""), plain_frame(0x81, ""), true},
      {"a message in pieces with a ping between them",
       frame(0x01, "one ") + frame(0x89, "ping") + frame(0x00, "") + frame(0x80, "two"),
       plain_frame(0x8A, "ping") + plain_frame(0x81, "one two"), true},
      {"bytes in pieces", frame(0x02, "\xff") + frame(0x80, "\xfe"), plain_frame(0x82, "\xff\xfe"), true},
      {"a ping of the greatest length", frame(0x89, std::string(125, 'p')), plain_frame(0x8A, std::string(125, 'p')),
       true},
      {"a ping that is too long", frame(0x89, std::string(126, 'p')), closed(1002)},
      {"a pong nobody asked for", frame(0x8A, "x"), "", true},
      {"a ping in pieces", frame(0x09, "x"), closed(1002)},
      {"a continuation of nothing", frame(0x80, "x"), closed(1002)},
      {"a message within another", frame(0x01, "x") + frame(0x81, "y"), closed(1002)},
      {"a frame without a mask", plain_frame(0x81, "x"), closed(1002)},
      {"bytes that are not UTF-8 as text", frame(0x81, "a\xff"), closed(1007)},
      {"a surrogate", frame(0x81, "\xed\xa0\x80"), closed(1007)},
      {"an overlong form", frame(0x81, "\xc0\xaf"), closed(1007)},
      {"a character that ends with the message", frame(0x81, "\xc3"), closed(1007)},
      {"a character over two frames", frame(0x01, "\xc3") + frame(0x80, "\xbc"), plain_frame(0x81, "\xc3\xbc"), true},
      {"a goodbye with half a code", frame(0x88, "\x03"), closed(1002)},
      {"a goodbye that is not UTF-8", frame(0x88, close_payload(1000, "\xff")), closed(1002)},
      {"a goodbye without a code", frame(0x88, ""), closed(1000)},
      {"what follows a goodbye", frame(0x88, close_payload(1000)) + frame(0x81, "late"), closed(1000)},
  };
  for (const unsigned reserved : {0x40U, 0x20U, 0x10U, 0x70U})
    all.push_back({"a reserved bit", frame(0x81U | reserved, "x"), closed(1002)});
  for (const unsigned opcode : {3U, 4U, 7U, 11U, 12U, 15U})
    all.push_back({"a reserved opcode", frame(0x80U | opcode, "x"), closed(1002)});
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1011U, 3000U, 3999U, 4000U, 4999U})
    all.push_back({"a code that may be sent", frame(0x88, close_payload(code)), closed(code)});
  for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1016U, 1100U, 2000U, 2999U})
    all.push_back({"a code that may not be sent", frame(0x88, close_payload(code)), closed(1002)});
  return all;
}

void expect_answer(RawWebSocket& peer, const Exchange& exchange) {
  if (exchange.goes_on) {
    EXPECT_TRUE(peer.read_until(exchange.answer.size())) << exchange.what;
    peer.send(frame(0x88, close_payload(1000)));
  }
  EXPECT_EQ(peer.everything(), exchange.answer + (exchange.goes_on ? closed(1000) : "")) << exchange.what;
}

TEST(WebSocketLimits, takes_what_rfc_6455_allows_and_closes_on_anything_else) {
  TestServer server(web_socket(echo_messages));
  for (const Exchange& each : exchanges()) {
    RawWebSocket peer(server.port());
    ASSERT_TRUE(peer.is_open());
    peer.send(each.sent);
    expect_answer(peer, each);
  }
}

TEST(WebSocketLimits, understands_frames_that_come_byte_by_byte) {
  TestServer server(web_socket(echo_messages));
  for (const Exchange& each : exchanges()) {
    RawWebSocket peer(server.port());
    for (const char byte : each.sent)
      if (!peer.send({&byte, 1})) break;
    expect_answer(peer, each);
  }
}

TEST(WebSocketLimits, ends_in_peace_when_the_peer_goes_after_any_byte) {
  std::atomic<int> ended = 0;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    co_await echo_messages(socket);
    ++ended;
  }));
  const std::string all = frame(0x81, "hello") + frame(0x01, "a") + frame(0x80, std::string(200, 'b')) +
                          frame(0x89, "ping") + frame(0x88, close_payload(1000, "bye"));
  int begun = 0;
  for (std::size_t size = 0; size <= all.size(); ++size) {
    RawWebSocket peer(server.port());
    ++begun;
    peer.send(all.substr(0, size));
    if (size % 2 == 0)
      peer.reset();
    else
      peer.finish_sending();
  }
  EXPECT_TRUE(server.wait_until([&] { return ended == begun; })) << ended << " of " << begun;
}

TEST(WebSocketLimits, closes_with_1009_on_a_message_that_is_too_long_however_it_comes) {
  TestServer server(web_socket(echo_messages, {.message_limit_bytes = 1000}));
  const std::string most(1000, 'm');
  {
    RawWebSocket peer(server.port());
    peer.send(frame(0x81, most) + frame(0x01, most) + frame(0x80, "m"));
    const std::string answer = peer.everything();
    EXPECT_NE(answer.find(most), std::string::npos);
    EXPECT_TRUE(answer.ends_with(closed(1009)));
  }
  RawWebSocket announced(server.port());
  announced.send(std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14));
  EXPECT_EQ(announced.everything(), closed(1009));
}

TEST(WebSocketLimits, counts_a_packed_message_as_what_it_unpacks_to) {
  TestServer server(web_socket(echo_messages, {.message_limit_bytes = 100'000}));
  WebSocketPeer peer(server.port(), [](WebSocketPeer::Stream& stream) {
    boost::beast::websocket::permessage_deflate offer;
    offer.client_enable = true;
    stream.set_option(offer);
  });
  peer.send(std::string(100'000, 'z'));
  EXPECT_EQ(peer.receive(), std::string(100'000, 'z'));
  boost::system::error_code error;
  peer.stream().write(boost::asio::buffer(std::string(3'000'000, 'z')), error);
  EXPECT_EQ(peer.receive(), "closed 1009 ");
}

TEST(WebSocketLimits, asks_a_silent_peer_and_closes_with_1011_when_it_does_not_answer) {
  Channel<WebSocketClosed> told(1);
  TestServer server(web_socket([told](WebSocket socket) -> Task<> {
    for (;;) {
      auto message = co_await socket.receive();
      if (!message) {
        static_cast<void>(told.try_send(message.error()));
        co_return;
      }
      co_await socket.send(message->data);
    }
  }));
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.is_open());
  server.advance(21s);
  ASSERT_TRUE(peer.read_until(2));
  peer.send(frame(0x8A, "") + frame(0x81, "x"));
  ASSERT_TRUE(peer.read_until(5));
  for (int turn = 0; turn < 8; ++turn) server.on_loop([] {});  // it gives way to others before it reads on
  server.advance(21s);                                         // it has been heard
  server.advance(21s);                                         // and has been silent since
  ASSERT_TRUE(peer.read_until(7));
  server.advance(21s);
  ASSERT_TRUE(peer.read_until(9));
  server.advance(6s);
  EXPECT_EQ(peer.everything(), std::string("\x89\0", 2) + plain_frame(0x81, "x") + std::string("\x89\0", 2) +
                                   plain_frame(0x88, close_payload(1011, "No answer to a ping")));
  std::optional<WebSocketClosed> closed;
  ASSERT_TRUE(server.wait_until([&] { return (closed = told.try_receive()).has_value(); }));
  EXPECT_EQ(closed->code, 1011);
}

TEST(WebSocketLimits, ends_in_time_when_a_message_turns_bad_while_we_say_goodbye) {
  Channel<WebSocket> sockets(1);
  TestServer server(web_socket([sockets](WebSocket socket) -> Task<> {
    static_cast<void>(co_await sockets.send(socket));
    static_cast<void>(co_await socket.receive());
  }));
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.is_open());
  const std::string text = frame(0x81, std::string(100, 'x') + "\xff" + std::string(9, 'x'));
  peer.send(text.substr(0, 50));
  std::optional<WebSocket> socket;
  ASSERT_TRUE(server.wait_until([&] { return (socket = sockets.try_receive()).has_value(); }));
  socket->close(4000);
  ASSERT_TRUE(peer.read_until(4));
  peer.send(text.substr(50));
  EXPECT_TRUE(server.wait_until([&] {
    server.advance(1s);
    return server.stats().connections_open == 0;
  }));
}

TEST(WebSocketLimits, does_not_wait_for_a_peer_that_does_not_say_goodbye) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> { co_await socket.send("bye"); }));
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.read_until(9));
  server.advance(6s);
  EXPECT_EQ(peer.everything(), plain_frame(0x81, "bye") + closed(1000));
}

TEST(WebSocketLimits, says_1012_at_once_when_the_server_drains) {
  Channel<WebSocketClosed> told(1);
  TestServer server(web_socket([told](WebSocket socket) -> Task<> {
    socket.accept();
    auto message = co_await socket.receive();
    if (!message) static_cast<void>(told.try_send(message.error()));
  }));
  WebSocketPeer peer(server.port());
  const auto began = std::chrono::steady_clock::now();
  server.request_stop();
  EXPECT_EQ(peer.receive(), "closed 1012 The server restarts");
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_EQ(told.try_receive()->code, 1012);
}

TEST(WebSocketLimits, lets_a_sender_wait_for_a_peer_that_does_not_read) {
  std::atomic<int> sent = 0;
  std::atomic<bool> gone = false;
  TestServer server(web_socket(
                        [&](WebSocket socket) -> Task<> {
                          try {
                            for (;; ++sent) co_await socket.send(std::string(10'000, 'x'));
                          } catch (const WebSocketDisconnect& disconnect) {
                            gone = disconnect.closed().code == 1006;
                          }
                        },
                        {.send_queue_messages = 10}),
                    {.write_timeout = 500ms});
  RawWebSocket peer(server.port(), 4096);
  int before = -1;
  ASSERT_TRUE(server.wait_until([&] {
    std::this_thread::sleep_for(20ms);
    return std::exchange(before, sent.load()) == sent;
  }));
  EXPECT_LT(sent, 1000);  // 10 in the queue, the rest in the system's buffers
  EXPECT_TRUE(server.wait_until([&] {
    server.advance(600ms);
    return gone.load();
  }));
}

TEST(WebSocketLimits, drops_what_does_not_fit_or_closes_where_that_is_wanted) {
  using WhenFull = WebSocketOptions::WhenFull;
  for (const WhenFull when_full : {WhenFull::drop, WhenFull::close}) {
    Channel<int> told(1);
    TestServer server(web_socket(
        [told](WebSocket socket) -> Task<> {
          socket.accept();
          try {
            for (int i = 0; i < 2000; ++i) co_await socket.send(std::string(10'000, 'x'));
            static_cast<void>(told.try_send(0));
          } catch (const WebSocketDisconnect& disconnect) {
            static_cast<void>(told.try_send(int{disconnect.closed().code}));
          }
        },
        {.send_queue_messages = 4, .when_full = when_full}));
    RawWebSocket peer(server.port(), 4096);
    std::optional<int> code;
    ASSERT_TRUE(server.wait_until([&] { return (code = told.try_receive()).has_value(); }));
    EXPECT_EQ(*code, when_full == WhenFull::drop ? 0 : 1008);
    peer.reset();
  }
}

TEST(WebSocketLimits, stops_reading_while_nobody_receives_and_blames_nobody_for_it) {
  Event go_on;
  std::atomic<std::size_t> received = 0;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    socket.accept();
    co_await go_on.wait();
    for (;;) {
      auto message = co_await socket.receive();
      if (!message) co_return;
      received += message->data.size();
    }
  }));
  RawWebSocket peer(server.port());
  std::atomic<std::size_t> sent = 0;
  std::jthread sender([&] {
    for (int i = 0; i < 400; ++i)
      if (peer.send(frame(0x82, std::string(50'000, 'x')))) sent += 50'000;
    peer.send(frame(0x88, close_payload(1000)));
  });
  std::size_t before = 1;
  ASSERT_TRUE(server.wait_until([&] {
    std::this_thread::sleep_for(100ms);
    return std::exchange(before, sent.load()) == sent;
  }));
  for (int i = 0; i < 5; ++i) server.advance(21s);
  EXPECT_LT(server.stats().body_memory_bytes, 200'000U);
  go_on.set();
  sender.join();
  EXPECT_TRUE(server.wait_until([&] { return received == sent; }));
  EXPECT_EQ(sent, 20'000'000U);
  EXPECT_EQ(peer.everything(), closed(1000));
}

TEST(WebSocketLimits, counts_messages_that_are_not_complete_with_the_bodies_of_all_requests) {
  TestServer server(web_socket(echo_messages), {.body_memory_limit_bytes = 400'000});
  const std::string part = frame(0x01, std::string(60'000, 'x'));
  std::vector<std::unique_ptr<RawWebSocket>> peers;
  for (int i = 0; i < 5; ++i) {
    peers.push_back(std::make_unique<RawWebSocket>(server.port()));
    peers.back()->send(part);
    EXPECT_TRUE(
        server.wait_until([&] { return server.stats().body_memory_bytes > static_cast<unsigned>(i) * 60'000U; }));
  }
  RawWebSocket one_more(server.port());
  const std::string more = frame(0x00, std::string(60'000, 'x'));
  one_more.send(part + more + more + more);
  EXPECT_TRUE(one_more.read_until(4));
  EXPECT_LE(server.stats().body_memory_bytes, 400'000U);
  one_more.finish_sending();
  EXPECT_EQ(one_more.everything().substr(0, 4),
            plain_frame(0x88, close_payload(1013, "The server holds too many messages")).substr(0, 4));
  peers.clear();
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
}

TEST(WebSocketLimits, keeps_no_large_message_for_long_that_nobody_receives) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    for (;;) {
      co_await socket.send("tick");
      co_await sleep_for(1h);
    }
  }));
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.read_until(6));
  peer.send(frame(0x82, std::string(500'000, 'x')));
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes >= 500'000; }));
  for (int turn = 0; turn < 50; ++turn) server.on_loop([] {});  // until the message is complete
  server.advance(21s);
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
  ASSERT_TRUE(peer.read_until(10));
  for (int turn = 0; turn < 8; ++turn) server.on_loop([] {});  // it gives way to others before it reads on
  server.advance(6s);                                          // nor does the peer say goodbye
  server.advance(31s);                                         // nor the handler notice
  EXPECT_EQ(peer.everything(),
            plain_frame(0x81, "tick") + plain_frame(0x88, close_payload(1013, "Nobody receives what you send")));
}

TEST(WebSocketLimits, takes_nothing_of_the_bodies_room_for_what_waits_and_is_not_large) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
                      socket.accept();
                      co_await sleep_for(1h);
                    }),
                    {.body_memory_limit_bytes = 400'000});
  std::vector<std::unique_ptr<RawWebSocket>> peers;
  for (int i = 0; i < 12; ++i) {
    peers.push_back(std::make_unique<RawWebSocket>(server.port()));
    peers.back()->send(frame(0x82, std::string(60'000, 'x')) + frame(0x82, std::string(60'000, 'y')) +
                       frame(0x89, "not read"));
  }
  for (int turn = 0; turn < 50; ++turn) server.on_loop([] {});
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
  for (int i = 0; i < 5; ++i) server.advance(21s);  // and they may wait
  EXPECT_EQ(server.stats().connections_open, 12U);
}

TEST(WebSocketLimits, keeps_a_large_message_as_long_as_those_before_it_are_received) {
  Channel<int> turns(8);
  std::atomic<std::size_t> received = 0;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    socket.accept();
    for (;;) {
      static_cast<void>(co_await turns.receive());
      auto message = co_await socket.receive();
      if (!message) co_return;
      received += message->data.size();
    }
  }));
  RawWebSocket peer(server.port());
  for (int i = 0; i < 4; ++i) peer.send(frame(0x82, std::string(1000, 'x')));
  peer.send(frame(0x82, std::string(200'000, 'x')));
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes >= 200'000; }));
  for (const std::size_t expected : {1000U, 2000U, 3000U, 4000U, 204'000U}) {
    server.advance(15s);
    ASSERT_TRUE(turns.try_send(1));
    ASSERT_TRUE(server.wait_until([&] { return received == expected; })) << received << " of " << expected;
  }
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
  ASSERT_TRUE(turns.try_send(1));
  peer.send(frame(0x88, close_payload(1000)));
  EXPECT_EQ(peer.everything(), closed(1000));
}

TEST(WebSocketLimits, wants_a_message_to_come_no_slower_than_a_body) {
  TestServer server(web_socket(echo_messages));
  const std::string part(5000, 'x');
  {
    RawWebSocket steady(server.port());
    std::string pongs;
    for (int i = 0; i < 6; ++i) {
      steady.send(frame(i == 0 ? 0x02 : 0x00, part) + frame(0x89, "here"));  // the ping tells when it was read
      pongs += plain_frame(0x8A, "here");
      ASSERT_TRUE(steady.read_until(pongs.size()));
      server.advance(12s);
    }
    steady.send(frame(0x80, "") + frame(0x88, close_payload(1000)));
    const std::string answer = steady.everything();
    EXPECT_TRUE(answer.ends_with(closed(1000)));
    EXPECT_GT(answer.size(), 30'000U);
  }
  RawWebSocket dawdling(server.port());
  dawdling.send(frame(0x02, part) + frame(0x89, "here"));
  const std::string pong = plain_frame(0x8A, "here");
  ASSERT_TRUE(dawdling.read_until(pong.size()));
  server.advance(12s);
  dawdling.send(frame(0x00, "x") + frame(0x89, "here"));
  ASSERT_TRUE(dawdling.read_until(2 * pong.size()));
  server.advance(12s);
  ASSERT_TRUE(dawdling.read_until(2 * pong.size() + 4));
  server.advance(6s);
  EXPECT_EQ(dawdling.everything(),
            pong + pong + plain_frame(0x88, close_payload(1008, "The message comes too slowly")));
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
}

TEST(WebSocketLimits, cancels_a_handler_that_does_not_notice_the_end) {
  std::atomic<bool> cancelled = false;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    socket.accept();
    try {
      co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
  }));
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.is_open());
  peer.reset();
  ASSERT_TRUE(server.wait_until([&] {
    server.advance(1s);
    return cancelled.load();
  }));
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
}

TEST(WebSocketLimits, does_not_wait_for_a_handler_that_sleeps_when_the_server_drains) {
  std::atomic<bool> cancelled = false;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
    socket.accept();
    try {
      co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
  }));
  WebSocketPeer peer(server.port());
  const auto began = std::chrono::steady_clock::now();
  server.request_stop();
  EXPECT_EQ(peer.receive(), "closed 1012 The server restarts");
  server.stop();
  EXPECT_TRUE(cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

TEST(WebSocketLimits, is_cut_with_its_handler_when_the_server_has_waited_long_enough) {
  std::atomic<bool> cancelled = false;
  TestServer server(web_socket([&](WebSocket socket) -> Task<> {
                      socket.accept();
                      try {
                        co_await sleep_for(1h);
                      } catch (const boost::system::system_error&) {
                        cancelled = true;
                        throw;
                      }
                    }),
                    {.shutdown_timeout = 200ms});
  RawWebSocket peer(server.port());
  ASSERT_TRUE(peer.is_open());
  server.stop();
  EXPECT_TRUE(cancelled);
}

}  // namespace
}  // namespace bailey::http::test
