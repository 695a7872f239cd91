#pragma once

#include <bailey/http/upgrade.hpp>
#include <bailey/runtime/task.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace bailey::http {

// An UpgradedConnection as Beast wants to have a stream. Before it is attached it takes down what is written: Beast
// answers the handshake there, and the answer goes out as any Response.
class WebSocketWire {
 public:
  using executor_type = LoopExecutor;
  using ErrorCode = boost::system::error_code;

  explicit WebSocketWire(LoopExecutor executor) noexcept : executor_(executor) {}
  WebSocketWire(const WebSocketWire&) = delete;
  WebSocketWire& operator=(const WebSocketWire&) = delete;

  void attach(UpgradedConnection& connection) noexcept { connection_ = &connection; }
  [[nodiscard]] std::string take_recorded() noexcept { return std::exchange(recorded_, {}); }
  // Whether the peer has sent a byte since this was last asked.
  [[nodiscard]] bool take_heard() noexcept { return std::exchange(was_heard_, false); }
  // Ends what waits and all that comes later, with an error.
  void abort();

  [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }
  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    const boost::asio::mutable_buffer first = first_of(buffers);
    start(read({static_cast<char*>(first.data()), first.size()}), std::forward<Handler>(handler), abort_read_);
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    gather(buffers);
    start(write(), std::forward<Handler>(handler), abort_write_);
  }

  // Only while nothing is attached.
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, ErrorCode& error) {
    error = {};
    recorded_.append(boost::beast::buffers_to_string(buffers));
    return boost::beast::buffer_bytes(buffers);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    ErrorCode error;
    return write_some(buffers, error);
  }
  template <class Buffers>
  std::size_t read_some(const Buffers&, ErrorCode& error) {
    error = boost::asio::error::eof;
    return 0;
  }
  template <class Buffers>
  std::size_t read_some(const Buffers&) {
    throw boost::system::system_error(boost::asio::error::eof);
  }

 private:
  using Done = boost::asio::any_completion_handler<void(ErrorCode, std::size_t)>;
  static constexpr std::size_t write_bytes = std::size_t{16} * 1024;

  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    for (auto each = boost::asio::buffer_sequence_begin(buffers); each != boost::asio::buffer_sequence_end(buffers);
         ++each)
      if (const boost::asio::mutable_buffer buffer(*each); buffer.size() > 0) return buffer;
    return {};
  }
  // A large buffer is written from where it is; a head and a little behind it are put together.
  template <class Buffers>
  void gather(const Buffers& buffers) {
    gathered_.clear();
    outgoing_ = {};
    for (auto each = boost::asio::buffer_sequence_begin(buffers); each != boost::asio::buffer_sequence_end(buffers);
         ++each) {
      const boost::asio::const_buffer buffer(*each);
      const std::string_view bytes(static_cast<const char*>(buffer.data()), buffer.size());
      if (gathered_.empty() && bytes.size() >= write_bytes) {
        outgoing_ = bytes;
        return;
      }
      gathered_.append(bytes.substr(0, write_bytes - gathered_.size()));
      if (gathered_.size() == write_bytes) break;
    }
    outgoing_ = gathered_;
  }
  void start(Task<std::size_t> task, Done done, boost::asio::cancellation_signal& abort);
  Task<std::size_t> read(std::span<char> into);
  Task<std::size_t> write();

  LoopExecutor executor_;
  UpgradedConnection* connection_ = nullptr;
  std::string recorded_;
  std::string gathered_;
  std::string_view outgoing_;  // in `gathered_`, or Beast's
  bool is_aborted_ = false;
  bool was_heard_ = false;
  boost::asio::cancellation_signal abort_read_, abort_write_;
};

template <class Handler>
void async_teardown(boost::beast::role_type, WebSocketWire&, Handler&& handler) {
  std::forward<Handler>(handler)(boost::system::error_code());
}
inline void teardown(boost::beast::role_type, WebSocketWire&, boost::system::error_code& error) { error = {}; }
inline void beast_close_socket(WebSocketWire& wire) { wire.abort(); }

}  // namespace bailey::http
