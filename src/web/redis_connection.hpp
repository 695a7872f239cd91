#pragma once

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include "web/redis_replies.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// A connection to Redis. Commands are sent one behind the other, without waiting for answers between, and get their
// replies in this order.
//
// Shared with what waits for its socket. On its loop alone.
class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
 public:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;
  // A command under way. It is done without a reply when there will be none.
  struct Exchange {
    Event done;
    std::optional<RedisReply> reply;
  };
  // Called once when the connection has ended, unless by `close`. `fault` says what Redis has done that it should not;
  // empty: it has gone, or there is none.
  using OnLost = std::function<void(std::string_view fault)>;

  RedisConnection(Loop& loop, OnLost on_lost);

  // Begins to connect. Commands may be sent at once.
  void connect(const Endpoint& endpoint);
  [[nodiscard]] std::shared_ptr<Exchange> send(const std::vector<std::string>& command);
  void close() noexcept;

 private:
  void write();
  void read();
  void take(std::string_view bytes);
  void lose(std::string_view fault = {});

  boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, LoopExecutor> socket_;
  OnLost on_lost_;
  bool is_connected_ = false;
  bool is_closed_ = false;
  std::string to_send_;
  std::string being_sent_;
  std::deque<std::shared_ptr<Exchange>> waiting_;  // for their replies, in this order
  RedisReplies replies_;
  std::array<char, 4096> received_;
};

}  // namespace bailey::web_detail
