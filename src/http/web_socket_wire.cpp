#include "http/web_socket_wire.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace bailey::http {

namespace asio = boost::asio;

void WebSocketWire::abort() {
  is_aborted_ = true;
  abort_read_.emit(asio::cancellation_type::terminal);
  abort_write_.emit(asio::cancellation_type::terminal);
}

// In a later turn, always: an operation of Beast's that went on inside of the one it has just begun would grow the
// stack with each piece of a message.
void WebSocketWire::start(Task<std::size_t> task, Done done, asio::cancellation_signal& abort) {
  auto ended = [executor = executor_, done = std::move(done)](const std::exception_ptr& failure,
                                                              std::size_t count) mutable {
    const ErrorCode error = failure ? ErrorCode(asio::error::connection_reset) : ErrorCode();
    asio::post(executor, [done = std::move(done), error, count]() mutable { std::move(done)(error, count); });
  };
  asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(abort.slot(), std::move(ended)));
}

Task<std::size_t> WebSocketWire::read(std::span<char> into) {
  if (is_aborted_) throw boost::system::system_error(asio::error::operation_aborted);
  const std::size_t count = co_await connection_->read_some(into);
  if (count == 0) throw boost::system::system_error(asio::error::eof);
  was_heard_ = true;
  co_return count;
}

Task<std::size_t> WebSocketWire::write() {
  if (is_aborted_) throw boost::system::system_error(asio::error::operation_aborted);
  co_await connection_->write(outgoing_);
  const std::size_t count = outgoing_.size();
  if (gathered_.capacity() > 1024) std::string().swap(gathered_);
  co_return count;
}

}  // namespace bailey::http
