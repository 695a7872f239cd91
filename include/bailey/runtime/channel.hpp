#pragma once

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/runtime/waiter.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <concepts>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <utility>

namespace bailey {

namespace detail {

// std::string_view, std::span and their kind.
template <class T>
concept RangeOfAnother = std::ranges::view<T> && std::ranges::borrowed_range<T>;

}  // namespace detail

// Values from tasks or threads to tasks, in order, between any loops: a bounded queue. Who sends into a full one waits,
// so a slow receiver slows its senders instead of filling the memory. Each value reaches one receiver. Copies share it.
//
// A receiver waits as long as the channel is open, whether or not anybody is left who may send; a sender into a full
// one likewise. The task that alone sends, or alone receives, begins with `const auto closing =
// channel.close_at_end();`: then the other side goes on, however that task ends.
//
// A value may lie here longer than its sender does, so it must own what it consists of. A view as T is refused; one in
// a member of T is not seen.
template <std::movable T>
class Channel {
  static_assert(!detail::RangeOfAnother<T>,
                "A value may outlive its sender in the channel: send what owns its content, such as std::string");

 public:
  // How many values may lie in it. 0: each is handed over.
  explicit Channel(std::size_t capacity) : state_(std::make_shared<State>()) { state_->capacity = capacity; }

  // Goes on when there is room for the value. False when the channel is closed: then the value is dropped. Cancelling
  // the task ends it with boost::system::system_error (operation_aborted) and without the value's having been sent,
  // unless somebody took the value just before: then it is true.
  [[nodiscard]] Task<bool> send(T value) const { return State::send(state_, std::move(value)); }
  // At once, from any thread: whether there was room. If not, `value` is as it was.
  [[nodiscard]] bool try_send(T& value) const {
    const std::lock_guard lock(state_->mutex);
    return state_->put(value);
  }
  [[nodiscard]] bool try_send(T&& value) const { return try_send(value); }

  // The next value; nothing when the channel is closed and empty. Cancelling the task ends it with
  // boost::system::system_error (operation_aborted) and takes no value: one that was handed to it but that it has not
  // gone on with is the next again, even if that makes one more than there is room for.
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
        hand_to(*receiver, std::move(value));
        return true;
      }
      if (values.size() >= capacity) return false;
      values.push_back(std::move(value));
      return true;
    }
    void hand_to(Wait& receiver, T value) {
      receiver.value.emplace(std::move(value));
      ++handed;
      receiver.release();
    }
    // With the lock held: the next value, and a sender's into the room it leaves.
    std::optional<T> take() {
      std::optional<T> taken;
      if (!values.empty()) {
        taken.emplace(std::move(values.front()));
        values.pop_front();
        if (values.size() >= capacity) return taken;  // that one had come back to a full channel
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
      end_receivers();
      while (detail::Waiter* const waiter = senders.pop_front()) static_cast<Wait*>(waiter)->release();
    }

    // With the lock held: lets the receivers of a closed channel go on with nothing, once nothing can come back.
    void end_receivers() {
      if (!closed || handed > 0) return;
      while (detail::Waiter* const waiter = receivers.pop_front()) static_cast<Wait*>(waiter)->release();
    }

    // Of a task that waits for a value. What it was handed and has not taken, since it was cancelled or its loop ended
    // before it went on, goes back to where it came from.
    class Receiver {
     public:
      Receiver(State& state, Wait& wait) noexcept : state_(state), wait_(wait) {}
      ~Receiver() {
        const std::lock_guard lock(state_.mutex);
        if (wait_.in != nullptr) wait_.in->remove(wait_);
        if (!wait_.value) return;
        --state_.handed;
        if (auto* const next = static_cast<Wait*>(state_.receivers.pop_front())) {
          state_.hand_to(*next, *std::move(wait_.value));
        } else {
          state_.values.push_front(*std::move(wait_.value));
        }
        state_.end_receivers();
      }
      Receiver(const Receiver&) = delete;
      Receiver& operator=(const Receiver&) = delete;

      std::optional<T> take() {
        const std::lock_guard lock(state_.mutex);
        if (!wait_.value) return std::nullopt;
        --state_.handed;
        state_.end_receivers();
        return std::exchange(wait_.value, std::nullopt);
      }

     private:
      State& state_;
      Wait& wait_;
    };

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
        if (self->closed && self->handed == 0) co_return std::nullopt;
        self->receivers.push_back(wait);
      }
      Receiver receiver(*self, wait);
      // Named with their types: GCC 14 cannot tell them here.
      const boost::asio::cancellation_state first = co_await boost::asio::this_coro::cancellation_state;
      const boost::asio::cancellation_type before = first.cancelled();
      co_await wait.wait();
      wait.throw_if_cancelled();
      const boost::asio::cancellation_state now = co_await boost::asio::this_coro::cancellation_state;
      if (now.cancelled() != before) throw boost::system::system_error(boost::asio::error::operation_aborted);
      co_return receiver.take();
    }

    std::mutex mutex;
    std::size_t capacity = 0;
    bool closed = false;
    std::deque<T> values;
    std::size_t handed = 0;  // to receivers that have not gone on yet: these values may come back
    detail::WaiterQueue senders;
    detail::WaiterQueue receivers;
  };

  std::shared_ptr<State> state_;
};

}  // namespace bailey
