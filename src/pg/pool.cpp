#include "pg/pool.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/base/random.hpp>

#include "pg/backoff.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace bailey::pg::detail {
namespace {

Error unavailable() { return Error("database_unavailable", "The database is not available.", 503); }

std::uint32_t random_number() {
  std::array<std::byte, 4> bytes{};
  random_bytes(bytes);
  return std::bit_cast<std::uint32_t>(bytes);
}

}  // namespace

Pool::Pool(Loop& loop, std::shared_ptr<Core> core)
    : loop_(loop),
      core_(std::move(core)),
      counters_(core_->new_counters()),
      backoff_([this] { try_again(); }),
      idle_([this] { close_idle(); }) {}

Pool::~Pool() {
  const auto shared = std::move(shared_);
  const auto exclusive = std::move(exclusive_);
  for (const auto& connection : shared) connection->drop_waiters();
  for (const auto& each : exclusive) each.connection->drop_waiters();
  while (Waiter* waiter = groups_.pop_front()) waiter->drop();
  while (Waiter* waiter = leases_.pop_front()) waiter->drop();
}

std::shared_ptr<Pool>& Pool::of(Loop& loop, Core& core) {
  const auto make = [&] { return std::make_unique<PoolHolder>(std::make_shared<Pool>(loop, core.shared_from_this())); };
  return core.pools().get(make).pool;
}

void Pool::submit(Group& group) {
  group.pace =
      Pace::key_of(group.scope != nullptr ? std::string_view(group.scope->role) : std::string_view(), group.statements);
  Connection* const connection = groups_.empty() ? quickest() : nullptr;
  if (connection != nullptr) {
    const bool was_busy = connection->in_flight() > 0;
    send(*connection, group);
    if (was_busy) open_shared(pipelined());
    return;
  }
  require_room(groups_);
  group.queue = this;
  groups_.push_back(group);
  group.arm(core_->options.acquire_timeout);
  forgotten();
  open_shared(limit());
}

bool Pool::acquire(Lease& lease) {
  for (Exclusive& each : exclusive_)
    if (!each.leased && each.connection->is_drained()) {
      each.leased = true;
      lease.connection = each.connection;
      return true;
    }
  require_room(leases_);
  leases_.push_back(lease);
  lease.arm(core_->options.acquire_timeout);
  forgotten();
  open_exclusive_if_needed();
  return false;
}

void Pool::release(Connection& connection) {
  Exclusive* const each = exclusive(connection);
  if (each == nullptr) return;
  each->leased = false;
  offer(*each);
}

void Pool::require_room(const WaiterQueue& queue) {
  if (down_) throw unavailable();
  if (queue.size() < core_->options.queue_limit) return;
  counters_->overloaded.add();
  throw Error("database_overloaded", "The database is overloaded.", 503);
}

void Pool::forgotten() noexcept { counters_->queued.set(groups_.size() + leases_.size()); }

Connection* Pool::quickest() noexcept {
  Connection* best = nullptr;
  for (std::size_t index = 0; index < shared_.size(); ++index) {
    if (index == pipelined() && best != nullptr) break;
    Connection* const connection = shared_[index].get();
    if (connection->is_quick() && (best == nullptr || connection->in_flight() < best->in_flight())) best = connection;
  }
  return best;
}

void Pool::send(Connection& connection, Group& group) {
  group.expected = pace_.expected(group.pace);
  connection.send(group);
}

void Pool::dispatch() {
  while (!groups_.empty()) {
    Connection* const connection = quickest();
    if (connection == nullptr) break;
    Group& group = static_cast<Group&>(*groups_.pop_front());
    group.disarm();
    send(*connection, group);
  }
  forgotten();
  if (!groups_.empty()) open_shared(limit());
}

std::size_t Pool::limit() const noexcept { return std::max<std::size_t>(1, core_->options.connections_per_loop); }

std::size_t Pool::pipelined() const noexcept { return std::min<std::size_t>(2, limit()); }

std::shared_ptr<Connection> Pool::open() {
  auto connection = std::make_shared<Connection>(loop_, core_, counters_, this);
  connection->connect();
  return connection;
}

void Pool::open_shared(std::size_t at_most) {
  if (shared_.size() >= at_most || backoff_.is_armed()) return;
  const auto connecting = [](const auto& each) { return each->state() == Connection::State::connecting; };
  if (std::ranges::none_of(shared_, connecting)) shared_.push_back(open());
}

void Pool::open_exclusive_if_needed() {
  if (backoff_.is_armed()) return;
  const auto connecting = [](const Exclusive& each) {
    return each.connection->state() == Connection::State::connecting;
  };
  const auto wanted = static_cast<std::ptrdiff_t>(leases_.size());
  while (std::ranges::count_if(exclusive_, connecting) < wanted &&
         exclusive_.size() < std::max<std::size_t>(1, core_->options.transaction_connections_per_loop))
    exclusive_.push_back({open(), false});
}

Pool::Exclusive* Pool::exclusive(const Connection& connection) noexcept {
  const auto found =
      std::ranges::find(exclusive_, &connection, [](const Exclusive& each) { return each.connection.get(); });
  return found == exclusive_.end() ? nullptr : &*found;
}

// Hands a free connection to who waits longest, if it is fit.
void Pool::offer(Exclusive& each) {
  if (each.leased) return;
  if (each.connection->is_stuck()) return each.connection->close();
  if (!each.connection->is_drained()) return;
  Waiter* const waiter = leases_.pop_front();
  forgotten();
  if (waiter == nullptr) {
    if (!idle_.is_armed()) loop_.timers().arm(idle_, core_->options.idle_timeout);
    return;
  }
  Lease& lease = static_cast<Lease&>(*waiter);
  each.leased = true;
  lease.connection = each.connection;
  lease.mark_settled();
  lease.settle_later();
}

void Pool::on_connected(Connection& connection) {
  failures_ = 0;
  loop_.timers().cancel(backoff_);
  if (std::exchange(down_, false)) log::info("database is available again");
  if (Exclusive* const each = exclusive(connection)) offer(*each);
  dispatch();
  if (!leases_.empty()) open_exclusive_if_needed();
}

void Pool::on_answered(Connection& connection) {
  if (Exclusive* const each = exclusive(connection))
    offer(*each);
  else
    dispatch();
  if (shared_.size() > pipelined() && !idle_.is_armed()) loop_.timers().arm(idle_, core_->options.idle_timeout);
}

void Pool::on_retry(Group& group) {
  group.queue = this;
  groups_.push_front(group);
  group.arm(core_->options.acquire_timeout);
  if (down_)
    fail_waiters(groups_);
  else
    dispatch();
}

void Pool::on_closed(Connection& connection, bool was_ready) {
  const auto same = [&](const auto& each) { return each.get() == &connection; };
  std::erase_if(shared_, same);
  std::erase_if(exclusive_, [&](const Exclusive& each) { return same(each.connection); });
  if (!was_ready) return connect_failed();
  if (!groups_.empty()) dispatch();
  if (!leases_.empty()) open_exclusive_if_needed();
}

void Pool::connect_failed() {
  ++failures_;
  const auto ready = [](const auto& each) { return each->state() == Connection::State::ready; };
  const bool any =
      std::ranges::any_of(shared_, ready) || std::ranges::any_of(exclusive_, ready, &Exclusive::connection);
  if (!any) down_ = true;
  if (!any) fail_waiters(groups_);
  if (exclusive_.empty() || !any) fail_waiters(leases_);
  if (!backoff_.is_armed())
    loop_.timers().arm(backoff_,
                       backoff(failures_, random_number(), core_->options.backoff_first, core_->options.backoff_limit));
}

void Pool::fail_waiters(WaiterQueue& queue) {
  while (Waiter* waiter = queue.pop_front()) {
    waiter->mark_settled();
    waiter->error = std::make_exception_ptr(unavailable());
    waiter->settle_later();
  }
  forgotten();
}

void Pool::try_again() {
  if (down_ || !groups_.empty()) open_shared(limit());
  if (!leases_.empty()) open_exclusive_if_needed();
}

void Pool::close_idle() {
  std::vector<std::shared_ptr<Connection>> idle;
  for (const Exclusive& each : exclusive_)
    if (!each.leased && each.connection->is_drained()) idle.push_back(each.connection);
  for (std::size_t index = pipelined(); index < shared_.size(); ++index)
    if (shared_[index]->is_drained()) idle.push_back(shared_[index]);
  for (const auto& connection : idle) connection->close();
}

}  // namespace bailey::pg::detail
