#pragma once

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/runtime/waiter.hpp>

#include <concepts>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace bailey {

// Values from tasks or threads to tasks, in order, between any loops: a bounded queue. Who sends into a full one waits,
// so a slow receiver slows its senders instead of filling the memory. Each value reaches one receiver. Copies share it.
//
// A receiver waits as long as the channel is open, whether or not anybody is left who may send; a sender into a full
// one likewise. The task that alone sends, or alone receives, begins with `const auto closing =
// channel.close_at_end();`: then the other side goes on, however that task ends.
template <std::movable T>
class Channel {
 public:
  // How many values may lie in it. 0: each is handed over.
  explicit Channel(std::size_t capacity) : state_(std::make_shared<State>()) { state_->capacity = capacity; }

  // Goes on when there is room for the value. False when the channel is closed: then the value is dropped. Cancelling
  // the task ends it with boost::system::system_error (operation_aborted) and without the value's having been sent.
  [[nodiscard]] Task<bool> send(T value) const { return State::send(state_, std::move(value)); }
  // At once, from any thread: whether there was room. If not, `value` is as it was.
  [[nodiscard]] bool try_send(T& value) const {
    const std::lock_guard lock(state_->mutex);
    return state_->put(value);
  }
  [[nodiscard]] bool try_send(T&& value) const { return try_send(value); }

  // The next value; nothing when the channel is closed and empty. Cancelling the task ends it with
  // boost::system::system_error (operation_aborted) and takes no value.
  [[nodiscard]] Task<std::optional<T>> receive() const { return State::receive(state_); }
  // At once, from any thread: the next value if there is one.
  [[nodiscard]] std::optional<T> try_receive() const {
    const std::lock_guard lock(state_->mutex);
    return state_->take();
  }

  // Nothing is sent any more; what lies in it is still received. Any thread.
  void close() const { state_->close(); }
  // Closes the channel when it goes.
  class [[nodiscard]] Closing {
   public:
    explicit Closing(Channel channel) noexcept : channel_(std::move(channel)) {}
    ~Closing() { channel_.close(); }
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;

   private:
    Channel channel_;
  };
  [[nodiscard]] Closing close_at_end() const { return Closing(*this); }

  [[nodiscard]] bool is_closed() const {
    const std::lock_guard lock(state_->mutex);
    return state_->closed;
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(state_->mutex);
    return state_->values.size();
  }

 private:
  // In the frame of a task that sends or receives. A value is moved in or out of it by whoever takes it out of its
  // queue, under the lock: it is not lost when the task is cancelled at that moment.
  using Wait = detail::QueuedWaiter<T>;

  struct State {
    // With the lock held: moves the value to a receiver that waits, or into the queue.
    bool put(T& value) {
      if (closed) return false;
      if (auto* const receiver = static_cast<Wait*>(receivers.pop_front())) {
        receiver->value.emplace(std::move(value));
        receiver->release();
        return true;
      }
      if (values.size() >= capacity) return false;
      values.push_back(std::move(value));
      return true;
    }
    // With the lock held: the next value, and a sender's into the room it leaves.
    std::optional<T> take() {
      std::optional<T> taken;
      if (!values.empty()) {
        taken.emplace(std::move(values.front()));
        values.pop_front();
      }
      if (auto* const sender = static_cast<Wait*>(senders.pop_front())) {
        if (taken) {
          values.push_back(*std::move(sender->value));
        } else {
          taken = std::move(sender->value);
        }
        sender->value.reset();
        sender->release();
      }
      return taken;
    }
    void close() {
      const std::lock_guard lock(mutex);
      closed = true;
      while (detail::Waiter* const waiter = receivers.pop_front()) static_cast<Wait*>(waiter)->release();
      while (detail::Waiter* const waiter = senders.pop_front()) static_cast<Wait*>(waiter)->release();
    }

    static Task<bool> send(std::shared_ptr<State> self, T value) {
      Wait wait(Loop::current(), self->mutex);
      {
        const std::lock_guard lock(self->mutex);
        if (self->put(value)) co_return true;
        if (self->closed) co_return false;
        wait.value.emplace(std::move(value));
        self->senders.push_back(wait);
      }
      co_await wait.wait();
      wait.throw_if_cancelled();
      co_return !wait.value.has_value();
    }
    static Task<std::optional<T>> receive(std::shared_ptr<State> self) {
      Wait wait(Loop::current(), self->mutex);
      {
        const std::lock_guard lock(self->mutex);
        if (auto value = self->take()) co_return std::move(value);
        if (self->closed) co_return std::nullopt;
        self->receivers.push_back(wait);
      }
      co_await wait.wait();
      wait.throw_if_cancelled();
      co_return std::move(wait.value);
    }

    std::mutex mutex;
    std::size_t capacity = 0;
    bool closed = false;
    std::deque<T> values;
    detail::WaiterQueue senders;
    detail::WaiterQueue receivers;
  };

  std::shared_ptr<State> state_;
};

}  // namespace bailey
