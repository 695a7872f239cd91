#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::pg {

struct NotificationsOptions {
  // What may wait for a subscriber that does not keep up; one more, and it has missed some.
  std::size_t queue_limit = 1'000;
  // How long `subscribe` waits for a connection.
  std::chrono::milliseconds subscribe_timeout{10'000};
};

// What is sent by NOTIFY on some channels, for as many tasks as like to hear of it: one connection for all of them,
// made again when it is lost.
//
//   pg::Notifications changes(database, {"cards_changed"});
//   app.provide(std::ref(changes));
//   app.lifespan([](pg::Notifications& changes, Yield<> serving) -> Task<> {
//     co_await changes.run_while(serving());
//   });
//
// Everybody may hear everything: row-level security knows nothing of notifications. Send which row has changed, not the
// row, and have each subscriber read it as its own user. Any thread; it outlives its subscriptions.
class Notifications {
 public:
  class Subscription;

  explicit Notifications(Database database, std::vector<std::string> channels, NotificationsOptions options = {});
  ~Notifications();
  Notifications(const Notifications&) = delete;
  Notifications& operator=(const Notifications&) = delete;

  // Listens until the task is cancelled, and logs what goes wrong with it. One task at a time, else Error "misuse".
  [[nodiscard]] Task<> run();
  // The same as long as `serving` lasts.
  [[nodiscard]] Task<> run_while(Task<> serving);

  // Returns when what is sent on this channel from now on will be received. Throws Error "misuse" where it is none of
  // its channels or nobody runs it, and "database_unavailable" (503) where there is no connection in time.
  [[nodiscard]] Task<Subscription> subscribe(std::string channel);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// What one task hears. It hears no more when this goes.
class Notifications::Subscription {
 public:
  Subscription(Subscription&&) noexcept;
  Subscription& operator=(Subscription&&) noexcept;
  ~Subscription();

  // Waits for the payload of the next notification, in the server's order. Throws Error "notifications_missed" (503)
  // where some are lost: the connection was, or this task did not keep up. Subscribe anew, then read what they are
  // about.
  [[nodiscard]] Task<std::string> next() const;

 private:
  friend class Notifications;
  struct Place;
  explicit Subscription(std::shared_ptr<Place> place) noexcept;
  std::shared_ptr<Place> place_;
};

}  // namespace bailey::pg
