#include <bailey/runtime/waiter.hpp>

#include <boost/asio/post.hpp>

namespace bailey::detail {

// A loop that ends drops those that wait on it, one by one: not here, where the end of a frame would meet the locks of
// who settles it.
void Waiter::settle() {
  if (loop_.ending_) return;
  disarm();
  if (slot_.is_connected()) slot_.clear();
  Handler handler = take_handler();
  if (!handler) return;
  loop_.set_activity(activity_);
  std::move(handler)();
}

void Waiter::settle_later() {
  if (loop_.ending_) return;
  disarm();
  if (slot_.is_connected()) slot_.clear();
  Handler handler = take_handler();
  if (!handler) return;
  boost::asio::post(loop_.executor(), [&loop = loop_, activity = activity_, handler = std::move(handler)]() mutable {
    loop.set_activity(activity);
    std::move(handler)();
  });
}

Waiter::Handler Waiter::take_handler() noexcept {
  leave_loop();
  Handler taken;
  taken.swap(handler_);
  return taken;
}

void Waiter::join_loop() noexcept {
  activity_ = loop_.activity();
  next_of_loop_ = loop_.waiting_;
  if (next_of_loop_ != nullptr) next_of_loop_->link_of_loop_ = &next_of_loop_;
  link_of_loop_ = &loop_.waiting_;
  loop_.waiting_ = this;
}

void Waiter::leave_loop() noexcept {
  if (link_of_loop_ == nullptr) return;
  *link_of_loop_ = next_of_loop_;
  if (next_of_loop_ != nullptr) next_of_loop_->link_of_loop_ = link_of_loop_;
  link_of_loop_ = nullptr;
}

void SharedWaiter::release() {
  if (Loop::current_or_null() == &loop()) return settle_later();
  const LoopHandle home = home_;  // ours may be gone before `post` returns
  home.post([this] { settle(); });
}

void WaiterQueue::push_back(Waiter& waiter) noexcept {
  waiter.in = this;
  waiter.next = nullptr;
  waiter.previous = last_;
  (last_ != nullptr ? last_->next : first_) = &waiter;
  last_ = &waiter;
  ++size_;
}

void WaiterQueue::push_front(Waiter& waiter) noexcept {
  waiter.in = this;
  waiter.previous = nullptr;
  waiter.next = first_;
  (first_ != nullptr ? first_->previous : last_) = &waiter;
  first_ = &waiter;
  ++size_;
}

void WaiterQueue::remove(Waiter& waiter) noexcept {
  (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
  (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
  waiter.in = nullptr;
  waiter.next = waiter.previous = nullptr;
  --size_;
}

Waiter* WaiterQueue::pop_front() noexcept {
  Waiter* waiter = first_;
  if (waiter != nullptr) remove(*waiter);
  return waiter;
}

}  // namespace bailey::detail
