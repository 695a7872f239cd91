// The beginning and the end of a connection. Whatever ends it, all that is on its way is told so.
#include "pg/connection.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>

namespace bailey::pg::detail {
namespace {

std::exception_ptr lost_error() {
  return std::make_exception_ptr(
      Error("database_connection_lost",
            "The connection to the database broke; whether the request took effect is unknown.", 503));
}

std::exception_ptr stalled_error() {
  return std::make_exception_ptr(Error("database_timeout", "The database stopped answering.", 504));
}

}  // namespace

void Connection::connect() {
  const Options& options = core_->options;
  link_->open({.connection_string = options.connection_string,
               .application_name = options.application_name,
               .replication = {},
               .connect_timeout = options.connect_timeout});
}

void Connection::on_open() {
  if (PQenterPipelineMode(link_->get()) != 1) return on_failed("out of memory");
  state_ = State::ready;
  counters_->connections.add();
  counters_->connects.add();
  core_->connected();
  if (owner_ != nullptr) owner_->on_connected(*this);
}

void Connection::on_failed(std::string_view reason) {
  counters_->connect_failures.add();
  if (core_->is_news(reason))
    log::warning("no connection to the database", {{"reason", reason}, {"port", link_->port()}});
  lose();
}

void Connection::close() { lose(); }

void Connection::lose_later() {
  if (losing_) return;
  losing_ = true;
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->lose();
  });
}

void Connection::lose() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  const bool was_ready = state_ == State::ready;
  state_ = State::closed;
  loop_.timers().cancel(stalled_);
  loop_.timers().cancel(cancel_again_);
  link_->close();
  if (was_ready) counters_->connections.subtract();
  counters_->in_flight.subtract(flights_.size());
  for (bool head = true; !flights_.empty(); flights_.pop(), head = false) {
    Group* const group = flights_.front().group;
    if (group == nullptr) continue;
    group->connection = nullptr;
    group->mark_settled();
    group->error = head && timed_out_ ? stalled_error() : lost_error();
    counters_->groups.add();
    counters_->failed.add();
    finished_.push_back(*group);
  }
  if (owner_ != nullptr) owner_->on_closed(*this, was_ready);
  if (on_lost) std::exchange(on_lost, nullptr)();
  settle_finished();
}

void Connection::drop_waiters() noexcept {
  owner_ = nullptr;
  on_lost = nullptr;
  on_notification_ = nullptr;
  WaiterQueue gone;
  counters_->in_flight.subtract(flights_.size());
  for (; !flights_.empty(); flights_.pop())
    if (Group* const group = flights_.front().group; group != nullptr) {
      group->connection = nullptr;
      gone.push_back(*group);
    }
  lose();
  while (Waiter* waiter = gone.pop_front()) waiter->drop();
}

}  // namespace bailey::pg::detail
