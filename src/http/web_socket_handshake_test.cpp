// The handshake, and the ordinary answers in its stead.
#include "http/web_socket_handshake.hpp"

#include "http/web_socket_test_client.hpp"

#include <bailey/http/local_request.hpp>
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <vector>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;

std::string without(std::string_view field) {
  std::string text(handshake);
  const std::size_t from = text.find(field);
  text.erase(from, text.find("\r\n", from) + 2 - from);
  return text;
}

struct Bad {
  std::string request;
  int status;
  std::string_view says;
};

TEST(WebSocketHandshake, that_is_no_good_is_answered_with_what_is_wrong) {
  TestServer server(web_socket(echo_messages));
  const std::vector<Bad> cases{
      {"GET / HTTP/1.1\r\nHost: a\r\n", 426, "websocket"},
      {without("Connection"), 426, "websocket"},
      {without("Upgrade: "), 426, "websocket"},
      {without("Sec-WebSocket-Version"), 426, "version 13"},
      {without("Sec-WebSocket-Version") + "Sec-WebSocket-Version: 8\r\n", 426, "version 13"},
      {std::string(handshake) + "Sec-WebSocket-Version: 13\r\n", 426, "version 13"},
      {without("Sec-WebSocket-Key"), 400, "Sec-WebSocket-Key"},
      {without("Sec-WebSocket-Key") + "Sec-WebSocket-Key: short\r\n", 400, "Sec-WebSocket-Key"},
      {without("Sec-WebSocket-Key") + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n", 400, "Sec-WebSocket-Key"},
      {std::string(handshake) + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 400, "Sec-WebSocket-Key"},
      {"POST" + std::string(handshake.substr(3)), 400, "GET"},
      {std::string(handshake) + "Content-Length: 1\r\n", 400, "body"},
      {std::string(handshake) + "Sec-WebSocket-Protocol: a, b c\r\n", 400, "Sec-WebSocket-Protocol"},
      {std::string(handshake) + "Sec-WebSocket-Protocol: a, a\r\n", 400, "Sec-WebSocket-Protocol"},
      {std::string(handshake) + "Sec-WebSocket-Protocol: a,,b\r\n", 400, "Sec-WebSocket-Protocol"},
      {std::string(handshake) + "Origin: https://evil.example\r\n", 403, "origin"},
  };
  for (const Bad& bad : cases) {
    RawClient client(server.port());
    client.send(bad.request + "\r\n" + (bad.request.contains("Content-Length") ? "x" : ""));
    const std::string answer = client.answer();
    EXPECT_EQ(status_of(answer), bad.status) << bad.request << answer;
    EXPECT_NE(body_of(answer).find(bad.says), std::string::npos) << bad.request << answer;
    if (bad.status == 426) {
      EXPECT_NE(answer.find("Upgrade: websocket\r\n"), std::string::npos) << answer;
    }
    if (bad.says == "version 13") {
      EXPECT_NE(answer.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos) << answer;
    }
  }
}

TEST(WebSocketHandshake, is_answered_as_rfc_6455_asks_and_never_with_an_extension_unasked) {
  TestServer server(web_socket(echo_messages));
  RawClient client(server.port());
  client.send(std::string(handshake) + "\r\n" + frame(0x81, "early"));
  const std::string answer = client.answer(true);
  EXPECT_EQ(status_of(answer), 101);
  EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("Extensions"), std::string::npos);
  EXPECT_EQ(answer.find("Sec-WebSocket-Protocol"), std::string::npos);
  client.send(frame(0x88, close_payload(1000)));
  EXPECT_EQ(client.everything(), plain_frame(0x81, "early") + plain_frame(0x88, close_payload(1000)));
}

struct Refusal {
  std::function<Task<>(WebSocket)> talk;
  int status;
  std::string_view says;
};

TEST(WebSocketHandshake, can_be_refused_by_the_handler_as_any_request_can) {
  const std::vector<Refusal> refusals{
      {[](WebSocket) -> Task<> {
         co_await sleep_for(1ms);
         throw Error("no_room", "There is no such room", 404);
       },
       404, "There is no such room"},
      {[](WebSocket) -> Task<> { throw std::runtime_error("secret"); }, 500, "Internal"},
      {[](WebSocket) -> Task<> { co_return; }, 403, "refused"},
      {[](WebSocket socket) -> Task<> {
         socket.close(1008, "Not you");
         co_await sleep_for(1ms);
       },
       403, "Not you"},
  };
  for (const Refusal& refusal : refusals) {
    TestServer server(web_socket(refusal.talk));
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {  // the connection goes on
      client.send(std::string(handshake) + "\r\n");
      const std::string answer = client.answer();
      EXPECT_EQ(status_of(answer), refusal.status) << answer;
      EXPECT_NE(body_of(answer).find(refusal.says), std::string::npos) << answer;
    }
  }
}

TEST(WebSocketHandshake, is_accepted_with_the_first_of_our_protocols_that_is_offered_or_the_one_chosen) {
  struct Choice {
    std::vector<std::string> ours;
    std::optional<std::string> chosen;
    const char* offered;
    std::string_view answer;
  };
  const std::vector<Choice> choices{
      {{"chat.v2", "chat.v1"},
       {},
       "Sec-WebSocket-Protocol: chat.v1\r\nSec-WebSocket-Protocol: x, chat.v2\r\n",
       "chat.v2"},
      {{"chat.v2"}, {}, "Sec-WebSocket-Protocol: chat.v1\r\n", ""},
      {{"chat.v2"}, {}, "", ""},
      {{"chat.v2"}, "chat.v1", "Sec-WebSocket-Protocol: chat.v2, chat.v1\r\n", "chat.v1"},
      {{"chat.v2"}, "", "Sec-WebSocket-Protocol: chat.v2, chat.v1\r\n", ""},
      {{"chat.v2"}, {}, "Sec-WebSocket-Protocol: bearer.a.b.c, bailey, chat.v2\r\n", "chat.v2"},
      {{"chat.v2"}, {}, "Sec-WebSocket-Protocol: bearer.a.b.c, bailey\r\n", "bailey"},
      {{"Bearer.a.b.c"}, {}, "Sec-WebSocket-Protocol: Bearer.a.b.c, chat.v1\r\n", ""},
  };
  for (const Choice& choice : choices) {
    TestServer server(web_socket(
        [&](WebSocket socket) -> Task<> {
          Headers headers;
          headers.add("Set-Cookie", "a=b");
          socket.accept({.protocol = choice.chosen, .headers = std::move(headers)});
          EXPECT_EQ(socket.protocol(), choice.answer);
          co_return;
        },
        {.protocols = choice.ours}));
    RawClient client(server.port());
    client.send(std::string(handshake) + choice.offered + "\r\n");
    const std::string answer = client.answer(true);
    EXPECT_EQ(status_of(answer), 101) << answer;
    EXPECT_NE(answer.find("Set-Cookie: a=b\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.contains("Sec-WebSocket-Protocol"), !choice.answer.empty());
    EXPECT_EQ(answer.contains("Sec-WebSocket-Protocol: " + std::string(choice.answer) + "\r\n"),
              !choice.answer.empty());
  }
}

TEST(WebSocketHandshake, is_accepted_once_and_with_a_protocol_that_was_offered) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    EXPECT_THROW(socket.accept({.protocol = "other"}), Error);
    socket.accept();
    socket.accept();  // chooses nothing
    EXPECT_THROW(socket.accept({.protocol = ""}), Error);
    Headers headers;
    headers.add("Set-Cookie", "a=b");
    EXPECT_THROW(socket.accept({.headers = std::move(headers)}), Error);
    EXPECT_THROW(socket.close(1005), Error);
    EXPECT_THROW(socket.close(999), Error);
    co_await socket.send("done");
  }));
  EXPECT_EQ(WebSocketPeer(server.port()).receive(), "done");
}

TEST(WebSocketHandshake, neither_shows_nor_chooses_the_sub_protocol_that_is_a_token) {
  TestServer server(web_socket([](WebSocket socket) -> Task<> {
    EXPECT_EQ(socket.offered_protocols(), std::vector<std::string>{"bailey"});
    EXPECT_THROW(socket.accept({.protocol = "bearer.a.b.c"}), Error);
    co_await socket.send("done");
  }));
  WebSocketPeer peer(server.port(), [](WebSocketPeer::Stream& stream) {
    stream.set_option(
        boost::beast::websocket::stream_base::decorator([](boost::beast::websocket::request_type& request) {
          request.set("Sec-WebSocket-Protocol", "bearer.a.b.c, bailey");
        }));
  });
  EXPECT_EQ(peer.header("Sec-WebSocket-Protocol"), "bailey");
  EXPECT_EQ(peer.receive(), "done");

  RawClient alone(server.port());  // a browser would end a WebSocket that is answered without one
  alone.send(std::string(handshake) + "Sec-WebSocket-Protocol: bearer.a.b.c\r\n\r\n");
  const std::string answer = alone.answer();
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_FALSE(answer.contains("a.b.c"));
}

TEST(WebSocketHandshake, comes_from_pages_of_our_own_host_from_those_listed_and_from_what_is_no_browser) {
  struct Case {
    const char* host;
    const char* origin;  // null: none
    std::vector<std::string> listed;
    bool is_allowed;
  };
  const std::vector<Case> cases{
      {"api.example.com", nullptr, {}, true},
      {"api.example.com", "https://api.example.com", {}, true},
      {"api.example.com:443", "https://API.example.com", {}, true},
      {"api.example.com", "https://api.example.com:443", {}, true},
      {"127.0.0.1:8000", "http://127.0.0.1:8000", {}, true},
      {"127.0.0.1:8000", "http://127.0.0.1:5173", {}, false},
      {"127.0.0.1:8000", "http://127.0.0.1:5173", {"http://127.0.0.1:5173"}, true},
      {"api.example.com", "https://app.example.com", {"https://app.example.com"}, true},
      {"api.example.com", "http://app.example.com", {"https://app.example.com"}, false},
      {"api.example.com", "https://app.example.com.evil.example", {"https://app.example.com"}, false},
      {"api.example.com", "https://evil.example/api.example.com", {}, false},
      {"api.example.com", "https://api.example.com.evil.example", {}, false},
      {"api.example.com", "https://api.example.com@evil.example", {}, false},
      {"api.example.com", "file://api.example.com", {}, false},
      {"api.example.com", "null", {}, false},
      {"api.example.com", "null", {"null"}, true},
      {"api.example.com", "", {}, false},
      {"api.example.com", "https://evil.example", {"*"}, true},
  };
  for (const Case& each : cases) {
    LocalRequest::Parts parts{.headers = {{"Host", each.host}}};
    if (each.origin != nullptr) parts.headers.emplace_back("Origin", each.origin);
    LocalRequest local(std::move(parts));
    EXPECT_EQ(is_allowed_origin(local.request(), each.listed), each.is_allowed)
        << each.host << " " << (each.origin == nullptr ? "none" : each.origin);
  }
}

TEST(WebSocketHandshake, that_is_known_to_be_secure_does_not_come_from_an_http_page) {
  LocalRequest local({.headers = {{"Host", "api.example.com"}, {"Origin", "http://api.example.com"}}});
  WebSocketAsked asked = asked_on_connection(local.request());
  EXPECT_EQ(asked.scheme, "http");
  EXPECT_TRUE(is_allowed_origin(local.request(), {}, asked));
  asked.scheme = "https";
  EXPECT_FALSE(is_allowed_origin(local.request(), {}, asked));
  EXPECT_TRUE(is_allowed_origin(local.request(), {"http://api.example.com"}, asked));
}

TEST(WebSocketHandshake, answers_compression_with_no_larger_a_window_than_was_asked_for_or_not_at_all) {
  struct Case {
    std::string_view offers, answer;  // "": declined
  };
  TestServer server(web_socket(echo_messages));
  for (const Case& each : std::vector<Case>{
           {"permessage-deflate", "server_max_window_bits=12"},
           {"permessage-deflate; server_max_window_bits=15", "server_max_window_bits=12"},
           {"permessage-deflate; server_max_window_bits=9", "server_max_window_bits=9"},
           {"permessage-deflate; server_max_window_bits=8", ""},
           {"permessage-deflate; client_max_window_bits; Server_Max_Window_Bits=8", ""},
           {"permessage-deflate; server_max_window_bits=8, permessage-deflate", "server_max_window_bits=12"},
           {"permessage-deflate; server_max_window_bits=7", ""},
           {"permessage-deflate; server_max_window_bits=\"8\"", ""},
           {"x-other; server_max_window_bits=8, permessage-deflate", "server_max_window_bits=12"},
       }) {
    RawClient client(server.port());
    client.send(std::string(handshake).append("Sec-WebSocket-Extensions: ").append(each.offers).append("\r\n\r\n"));
    const std::string answer = client.answer(true);
    EXPECT_EQ(status_of(answer), 101) << each.offers;
    EXPECT_EQ(answer.contains("Sec-WebSocket-Extensions: permessage-deflate"), !each.answer.empty())
        << each.offers << answer;
    if (!each.answer.empty()) {
      EXPECT_TRUE(answer.contains(std::string(each.answer) + ";") || answer.contains(std::string(each.answer) + "\r\n"))
          << each.offers << answer;
    }
  }
}

TEST(WebSocketHandshake, whose_client_goes_away_before_the_answer_cancels_the_handler) {
  std::atomic<bool> cancelled = false;
  TestServer server(web_socket([&](WebSocket) -> Task<> {
    try {
      co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
  }));
  RawClient client(server.port());
  client.send(std::string(handshake) + "\r\n");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
  client.reset();
  EXPECT_TRUE(server.wait_until([&] {
    server.advance(300ms);
    return cancelled.load();
  }));
}

// The answer came although its client had gone: what began before it looks at the request still.
TEST(WebSocketHandshake, that_is_accepted_too_late_keeps_the_connection_until_its_takeover_has_ended) {
  std::atomic<int> reads = -1;
  TestServer server([&](Request&) -> Answer {
    return [](std::atomic<int>& read) -> Task<Response> {
      try {
        co_await sleep_for(1h);
      } catch (const boost::system::system_error&) {
      }
      co_return Response::upgrade("websocket", [&read](UpgradedConnection& connection) -> Task<> {
        std::array<char, 16> bytes{};
        const std::size_t count = co_await connection.read_some(bytes);
        read = static_cast<int>(count);
      });
    }(reads);
  });
  RawClient client(server.port());
  client.send(std::string(handshake) + "\r\n");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
  client.reset();
  EXPECT_TRUE(server.wait_until([&] {
    server.advance(300ms);
    return reads == 0;
  }));
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
}

TEST(WebSocketHandshake, whose_answer_is_dropped_ends_the_handler) {
  Channel<int> ends(1);
  const auto talk = [ends](WebSocket socket) -> Task<> {
    socket.accept();
    auto message = co_await socket.receive();
    static_cast<void>(ends.try_send(message ? 0 : int{message.error().code}));
  };
  TestServer server([talk](Request& request) -> Answer {
    return [](Request& asked, WebSocketTalk with) -> Task<Response> {
      Response dropped = co_await serve_web_socket(asked, {}, std::move(with));
      co_return Response::text(200, "something else");
    }(request, talk);
  });
  RawClient client(server.port());
  client.send(std::string(handshake) + "\r\n");
  EXPECT_EQ(body_of(client.answer()), "something else");
  std::optional<int> code;
  EXPECT_TRUE(server.wait_until([&] { return (code = ends.try_receive()).has_value(); }));
}

}  // namespace
}  // namespace bailey::http::test
