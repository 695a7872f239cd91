#include <bailey/http/web_socket_hub.hpp>

#include "http/web_socket_test_client.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey::http::test {
namespace {

// Each peer names its topic, then says something to it.
std::function<Answer(Request&)> rooms(const WebSocketHub& hub) {
  return web_socket([hub](WebSocket socket) -> Task<> {
    auto topic = co_await socket.receive_text();
    if (!topic) co_return;
    const auto member = hub.join(*topic, socket);
    co_await socket.send("joined");
    for (;;) {
      auto text = co_await socket.receive_text();
      if (!text) co_return;
      hub.send(*topic, *text);
    }
  });
}

TEST(WebSocketHub, sends_to_all_in_a_topic_on_every_loop_and_to_nobody_else) {
  const WebSocketHub hub;
  TestServer server(rooms(hub), {}, 2);
  std::vector<std::unique_ptr<WebSocketPeer>> peers;
  for (int i = 0; i < 12; ++i) {
    peers.push_back(std::make_unique<WebSocketPeer>(server.port()));
    peers.back()->send(i % 2 == 0 ? "even" : "odd");
    EXPECT_EQ(peers.back()->receive(), "joined");
  }
  EXPECT_EQ(hub.size("even"), 6U);
  EXPECT_EQ(hub.size("nowhere"), 0U);
  peers[1]->send("from 1");
  for (int i = 1; i < 12; i += 2) EXPECT_EQ(peers[static_cast<std::size_t>(i)]->receive(), "from 1");
  EXPECT_EQ(hub.send("even", "to the even"), 6U);
  EXPECT_EQ(hub.send("nowhere", "x"), 0U);
  for (int i = 0; i < 12; i += 2) EXPECT_EQ(peers[static_cast<std::size_t>(i)]->receive(), "to the even");
}

TEST(WebSocketHub, forgets_who_has_gone_and_topics_without_anybody) {
  const WebSocketHub hub;
  TestServer server(rooms(hub));
  WebSocketPeer stays(server.port());
  std::optional<WebSocketPeer> goes(std::in_place, server.port());
  for (WebSocketPeer* const each : {&stays, &*goes}) {
    each->send("a");
    EXPECT_EQ(each->receive(), "joined");
  }
  EXPECT_EQ(hub.size("a"), 2U);
  goes.reset();
  EXPECT_TRUE(server.wait_until([&] { return hub.size("a") == 1; }));
  EXPECT_EQ(hub.send("a", "still"), 1U);
  EXPECT_EQ(stays.receive(), "still");
  stays.close(1000);
  EXPECT_TRUE(server.wait_until([&] { return hub.size("a") == 0; }));
}

TEST(WebSocketHub, keeps_the_order_of_what_one_thread_sends_while_others_come_and_go) {
  const WebSocketHub hub;
  TestServer server(rooms(hub), {}, 2);
  WebSocketPeer listener(server.port());
  listener.send("a");
  EXPECT_EQ(listener.receive(), "joined");
  std::jthread guests([&] {
    for (int i = 0; i < 20; ++i) {
      WebSocketPeer guest(server.port());
      guest.send("a");
      static_cast<void>(guest.receive());
    }
  });
  for (int i = 0; i < 50; ++i) {
    hub.send("a", std::to_string(i));
    EXPECT_EQ(listener.receive(), std::to_string(i));
  }
}

TEST(WebSocketHub, may_go_before_those_who_are_in_it) {
  auto hub = std::make_unique<WebSocketHub>();
  TestServer server(rooms(*hub));
  WebSocketPeer peer(server.port());
  peer.send("a");
  EXPECT_EQ(peer.receive(), "joined");
  hub.reset();
  peer.close(1000);
}

}  // namespace
}  // namespace bailey::http::test
