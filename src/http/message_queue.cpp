// As in Channel, a waiter is in a queue exactly as long as nobody has decided what becomes of it: who takes it out,
// under the lock, has decided, and has moved the message.
#include "http/message_queue.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace bailey::http {

namespace asio = boost::asio;

class MessageQueue::Wait final : public detail::SharedWaiter {
 public:
  explicit Wait(MessageQueue& queue) : SharedWaiter(Loop::current()), queue_(queue) {}
  ~Wait() override {
    const std::lock_guard lock(queue_.mutex_);
    if (in != nullptr) in->remove(*this);
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  // Suspends until another has decided; throws when that was a cancellation.
  Task<> decided() {
    co_await wait();
    if (cancelled_) throw boost::system::system_error(asio::error::operation_aborted);
  }

  std::optional<WebSocketMessage> message;

 private:
  bool withdraw(Reason) noexcept override {
    const std::lock_guard lock(queue_.mutex_);
    if (in == nullptr) return false;
    in->remove(*this);
    cancelled_ = true;
    return true;
  }

  MessageQueue& queue_;
  bool cancelled_ = false;
};

MessageQueue::Pushed MessageQueue::put(WebSocketMessage& message) {
  if (closed_) return Pushed::closed;
  if (auto* const receiver = static_cast<Wait*>(receivers_.pop_front())) {
    receiver->message.emplace(std::move(message));
    receiver->release();
    return Pushed::yes;
  }
  // Behind those that wait, however small it is.
  const bool fits = senders_.empty() && messages_.size() < message_limit_ && bytes_ <= byte_limit_ &&
                    message.data.size() <= byte_limit_ - bytes_;
  if (!fits) return Pushed::full;
  bytes_ += message.data.size();
  messages_.push_back(std::move(message));
  return Pushed::yes;
}

std::optional<WebSocketMessage> MessageQueue::take() {
  std::optional<WebSocketMessage> taken;
  if (!messages_.empty()) {
    taken.emplace(std::move(messages_.front()));
    messages_.pop_front();
    bytes_ -= taken->data.size();
  }
  while (auto* const sender = static_cast<Wait*>(senders_.front())) {
    const std::size_t size = sender->message->data.size();
    const bool is_next = !taken && messages_.empty();
    if (!is_next && (messages_.size() >= message_limit_ || bytes_ + size > byte_limit_)) break;
    if (is_next) {
      taken = std::move(sender->message);
    } else {
      bytes_ += size;
      messages_.push_back(*std::move(sender->message));
    }
    sender->message.reset();
    static_cast<void>(senders_.pop_front());
    sender->release();
  }
  if (taken) ++taken_;
  return taken;
}

Task<bool> MessageQueue::push(WebSocketMessage message) {
  Wait wait(*this);
  {
    const std::lock_guard lock(mutex_);
    const Pushed pushed = put(message);
    if (pushed != Pushed::full) co_return pushed == Pushed::yes;
    wait.message.emplace(std::move(message));
    senders_.push_back(wait);
  }
  co_await wait.decided();
  co_return !wait.message.has_value();
}

Task<std::optional<WebSocketMessage>> MessageQueue::pop() {
  Wait wait(*this);
  {
    const std::lock_guard lock(mutex_);
    if (auto message = take()) co_return std::move(message);
    if (closed_) co_return std::nullopt;
    receivers_.push_back(wait);
  }
  co_await wait.decided();
  // Cancelled when the message was its already: whoever awaited it looks at it no more. The next one gets it.
  const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
  if (wait.message && cancellation.cancelled() != asio::cancellation_type::none) {
    const std::lock_guard lock(mutex_);
    bytes_ += wait.message->data.size();
    messages_.push_front(*std::move(wait.message));
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return std::move(wait.message);
}

MessageQueue::Pushed MessageQueue::try_push(WebSocketMessage& message) {
  const std::lock_guard lock(mutex_);
  return put(message);
}

std::size_t MessageQueue::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

void MessageQueue::close() {
  const std::lock_guard lock(mutex_);
  close_locked();
}

void MessageQueue::close_and_clear() {
  const std::lock_guard lock(mutex_);
  close_locked();
  messages_.clear();
  bytes_ = 0;
}

void MessageQueue::close_locked() {
  closed_ = true;
  while (detail::Waiter* const waiter = receivers_.pop_front()) static_cast<Wait*>(waiter)->release();
  while (detail::Waiter* const waiter = senders_.pop_front()) static_cast<Wait*>(waiter)->release();
}

}  // namespace bailey::http
