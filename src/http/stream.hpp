#pragma once

#include "http/worker.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <string_view>

namespace bailey::http {

// What two kinds of connection have in common, seen by Connection<Stream>. `try_write` does not wait; it fails with
// would_block when there is no other way.
using WriteBuffers = std::array<boost::asio::const_buffer, 2>;

class PlainStream {
 public:
  static constexpr bool is_secure = false;
  PlainStream(LoopSocket socket, const ServerConfig&) : socket_(std::move(socket)) {}

  LoopSocket& socket() noexcept { return socket_; }
  std::size_t try_write(const WriteBuffers& buffers, boost::system::error_code& error) {
    // One buffer is a send(), two are a sendmsg(), which costs more.
    return buffers[1].size() == 0 ? socket_.write_some(buffers[0], error) : socket_.write_some(buffers, error);
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Token>
  auto async_write_some(const WriteBuffers& buffers, Token&& token) {
    return socket_.async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  LoopSocket socket_;
};

class TlsStream {
 public:
  static constexpr bool is_secure = true;
  TlsStream(LoopSocket socket, const ServerConfig& config) : stream_(std::move(socket), *config.tls) {}

  LoopSocket& socket() noexcept { return stream_.next_layer(); }
  std::size_t try_write(const WriteBuffers&, boost::system::error_code& error) {
    error = boost::asio::error::would_block;  // records are made and sent by the asynchronous path alone
    return 0;
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return stream_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Token>
  auto async_write_some(const WriteBuffers& buffers, Token&& token) {
    return stream_.async_write_some(buffers, std::forward<Token>(token));
  }
  template <class Token>
  auto async_handshake(Token&& token) {
    return stream_.async_handshake(boost::asio::ssl::stream_base::server, std::forward<Token>(token));
  }
  template <class Token>
  auto async_shutdown(Token&& token) {
    return stream_.async_shutdown(std::forward<Token>(token));
  }

 private:
  boost::asio::ssl::stream<LoopSocket> stream_;
};

}  // namespace bailey::http
