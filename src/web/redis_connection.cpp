// A reply belongs to the command that has waited longest. One that nobody waits for shows that this is no longer so,
// and then the connection is of no more use: what came before may have been another's, too.
#include "web/redis_connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace bailey::web_detail {

namespace asio = boost::asio;
using Failure = boost::system::error_code;

namespace {

void append_command(std::string& out, const std::vector<std::string>& command) {
  out.append("*").append(std::to_string(command.size())).append("\r\n");
  for (const std::string& part : command)
    out.append("$").append(std::to_string(part.size())).append("\r\n").append(part).append("\r\n");
}

}  // namespace

RedisConnection::RedisConnection(Loop& loop, OnLost on_lost) : socket_(loop.executor()), on_lost_(std::move(on_lost)) {}

void RedisConnection::connect(const Endpoint& endpoint) {
  socket_.async_connect(endpoint, [self = shared_from_this()](const Failure& failure) {
    if (self->is_closed_) return;
    if (failure) return self->lose();
    Failure ignored;  // a Unix socket has no such option
    self->socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    self->is_connected_ = true;
    self->write();
    self->read();
  });
}

std::shared_ptr<RedisConnection::Exchange> RedisConnection::send(const std::vector<std::string>& command) {
  const auto exchange = std::make_shared<Exchange>();
  if (is_closed_) {
    exchange->done.set();
    return exchange;
  }
  append_command(to_send_, command);
  waiting_.push_back(exchange);
  write();
  return exchange;
}

void RedisConnection::close() noexcept {
  if (std::exchange(is_closed_, true)) return;
  on_lost_ = nullptr;
  Failure ignored;
  socket_.close(ignored);
  for (const std::shared_ptr<Exchange>& exchange : std::exchange(waiting_, {})) exchange->done.set();
}

void RedisConnection::write() {
  if (!is_connected_ || to_send_.empty() || !being_sent_.empty()) return;
  std::swap(to_send_, being_sent_);
  asio::async_write(socket_, asio::buffer(being_sent_),
                    [self = shared_from_this()](const Failure& failure, std::size_t) {
                      self->being_sent_.clear();
                      if (self->is_closed_) return;
                      if (failure) return self->lose();
                      self->write();
                    });
}

void RedisConnection::read() {
  socket_.async_read_some(asio::buffer(received_),
                          [self = shared_from_this()](const Failure& failure, std::size_t count) {
                            if (self->is_closed_) return;
                            if (failure) return self->lose();
                            self->take({self->received_.data(), count});
                          });
}

void RedisConnection::take(std::string_view bytes) {
  std::vector<RedisReply> replies;
  const bool is_sound = replies_.read(bytes, replies);
  for (RedisReply& reply : replies) {
    if (waiting_.empty()) return lose("it answers what nobody has asked");
    const std::shared_ptr<Exchange> exchange = std::move(waiting_.front());
    waiting_.pop_front();
    exchange->reply = std::move(reply);
    exchange->done.set();
    if (is_closed_) return;  // by who went on
  }
  if (!is_sound) return lose("it answers what is no answer to us");
  read();
}

void RedisConnection::lose(std::string_view fault) {
  const OnLost on_lost = std::exchange(on_lost_, nullptr);
  close();
  if (on_lost) on_lost(fault);
}

}  // namespace bailey::web_detail
