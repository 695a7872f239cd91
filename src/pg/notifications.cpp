#include <bailey/pg/notifications.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include "pg/backoff.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace bailey::pg {
namespace {

using namespace std::chrono_literals;

using Payload = std::shared_ptr<const std::string>;

// One task listens at a time; however it ends, another may.
class RunMark {
 public:
  explicit RunMark(bool& runs, std::mutex& mutex) : runs_(runs), mutex_(mutex) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(runs_, true)) throw Error("misuse", "Notifications are run by one task at a time");
  }
  ~RunMark() {
    const std::lock_guard lock(mutex_);
    runs_ = false;
  }
  RunMark(const RunMark&) = delete;
  RunMark& operator=(const RunMark&) = delete;

 private:
  bool& runs_;
  std::mutex& mutex_;
};

}  // namespace

struct Notifications::State {
  struct Subscriber {
    std::string channel;
    Channel<Payload> queue;
  };
  using Subscribers = std::list<Subscriber>;

  State(Database to, std::vector<std::string> names, NotificationsOptions limits)
      : database(std::move(to)), channels(std::move(names)), options(limits) {}

  void deliver(const Notification& notification) {
    const auto payload = std::make_shared<const std::string>(notification.payload);
    const std::lock_guard lock(mutex);
    for (Subscriber& each : subscribers)
      if (each.channel == notification.channel && !each.queue.try_send(Payload(payload))) each.queue.close();
  }
  // From now on nothing is heard.
  void lose() {
    const std::lock_guard lock(mutex);
    listening.reset();
    for (Subscriber& each : subscribers) each.queue.close();
  }

  const Database database;
  const std::vector<std::string> channels;
  const NotificationsOptions options;
  Event listening;
  std::mutex mutex;
  bool runs = false;
  Subscribers subscribers;
};

struct Notifications::Subscription::Place {
  Place(std::shared_ptr<State> of, State::Subscribers::iterator at, Channel<Payload> from)
      : state(std::move(of)), subscriber(at), queue(std::move(from)) {}
  ~Place() {
    const std::lock_guard lock(state->mutex);
    state->subscribers.erase(subscriber);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::shared_ptr<State> state;
  State::Subscribers::iterator subscriber;
  Channel<Payload> queue;
};

Notifications::Notifications(Database database, std::vector<std::string> channels, NotificationsOptions options)
    : state_(std::make_shared<State>(std::move(database), std::move(channels), options)) {}
Notifications::~Notifications() = default;

Task<> Notifications::run() {
  const std::shared_ptr<State> state = state_;
  const RunMark mark(state->runs, state->mutex);
  unsigned failures = 0;
  for (;;) {
    std::string reason;
    try {
      Listener listener = co_await state->database.listen(state->channels);
      failures = 0;
      state->listening.set();
      for (;;) state->deliver(co_await listener.next());
    } catch (const Error& error) {
      reason = error.message();
    } catch (...) {  // it is cancelled
      state->lose();
      throw;
    }
    state->lose();
    ++failures;
    const auto wait = detail::backoff(failures, std::random_device()(), state->database.options().backoff_first,
                                      state->database.options().backoff_limit);
    log::warning("notifications are not received: the connection is made anew",
                 {{"reason", reason}, {"in_ms", wait.count()}});
    co_await sleep_for(wait);
  }
}

Task<> Notifications::run_while(Task<> serving) { static_cast<void>(co_await when_any(run(), std::move(serving))); }

Task<Notifications::Subscription> Notifications::subscribe(std::string channel) {
  const std::shared_ptr<State> state = state_;
  if (std::ranges::find(state->channels, channel) == state->channels.end())
    throw Error("misuse", "Nobody listens to the channel " + channel + ": name it where Notifications is made");
  for (bool is_first = true;; is_first = false) {
    {
      const std::lock_guard lock(state->mutex);
      if (!state->runs) throw Error("misuse", "Nobody runs these Notifications: await run_while() in a lifespan");
      if (state->listening.is_set()) {
        const Channel<Payload> queue(state->options.queue_limit);
        const auto at = state->subscribers.insert(state->subscribers.end(), {std::move(channel), queue});
        co_return Subscription(std::make_shared<Subscription::Place>(state, at, queue));
      }
    }
    const bool is_there = is_first && co_await state->listening.wait_for(state->options.subscribe_timeout);
    if (!is_there) throw Error("database_unavailable", "Notifications are not received: there is no connection", 503);
  }
}

Notifications::Subscription::Subscription(std::shared_ptr<Place> place) noexcept : place_(std::move(place)) {}
Notifications::Subscription::Subscription(Subscription&&) noexcept = default;
Notifications::Subscription& Notifications::Subscription::operator=(Subscription&&) noexcept = default;
Notifications::Subscription::~Subscription() = default;

Task<std::string> Notifications::Subscription::next() const {
  const std::shared_ptr<Place> place = place_;
  const std::optional<Payload> payload = co_await place->queue.receive();
  if (!payload)
    throw Error("notifications_missed", "Some notifications were not received: read what they are about", 503);
  co_return std::string(**payload);
}

}  // namespace bailey::pg
