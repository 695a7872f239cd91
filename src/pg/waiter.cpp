#include "pg/waiter.hpp"

#include <bailey/base/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace bailey::pg::detail {

void Waiter::settle_later() {
  timers().cancel(expiry_);
  if (slot_.is_connected()) slot_.clear();
  if (AnyHandler handler = take_handler()) boost::asio::post(loop_.executor(), std::move(handler));
}

void Waiter::on_cancel() {
  if (settled_) return;
  settled_ = true;
  detach();
  error = std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted));
  settle_later();
}

void Waiter::on_expiry() {
  if (settled_) return;
  settled_ = true;
  detach();
  error = std::make_exception_ptr(Error("database_timeout", "The database took too long to be available.", 504));
  settle_later();
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

}  // namespace bailey::pg::detail
