#pragma once

#include "pg/core.hpp"
#include "pg/flight.hpp"
#include "pg/group.hpp"
#include "pg/link.hpp"
#include "pg/scope_command.hpp"
#include "pg/statement_cache.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailey::pg::detail {

// A pipeline of groups over a link: sends them, hands each its results, cancels, and tells its owner what became of it.
// Kept alive by its owner.
class Connection final : public std::enable_shared_from_this<Connection>, private Link::User {
 public:
  enum class State { connecting, ready, closed };

  // Told on the loop, never inside a call to the connection but `close`.
  class Owner {
   public:
    virtual void on_connected(Connection& connection) = 0;
    virtual void on_closed(Connection& connection, bool was_ready) = 0;
    virtual void on_answered(Connection& connection) = 0;  // there is room again, or it is drained
    virtual void on_retry(Group& group) = 0;               // is to be sent again
    virtual void on_timed(Pace::Key group, Pace::Duration taken) noexcept = 0;

   protected:
    ~Owner() = default;
  };

  Connection(Loop& loop, std::shared_ptr<Core> core, std::shared_ptr<Counters> counters, Owner* owner);
  ~Connection();

  void connect();
  void close();  // as if lost, but meant: groups on their way fail
  void disown() noexcept { owner_ = nullptr; }
  void drop_waiters() noexcept;  // for the end of the loop: nobody is resumed

  // Sends the group; its task is settled later. Ready connections only.
  void send(Group& group);
  // The group's task goes: its statements are cancelled on the server as soon as they run.
  void abandon(Group& group) noexcept;
  // A constant command that nobody waits for: ROLLBACK.
  void send_housekeeping(const char* sql);

  using OnNotification = std::function<void(Notification)>;
  void on_notification(OnNotification handler) { on_notification_ = std::move(handler); }
  std::function<void()> on_lost;  // for the exclusive user, who has no group on its way

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] std::size_t in_flight() const noexcept { return flights_.size(); }
  [[nodiscard]] bool is_cancelling() const noexcept { return cancelling_; }
  [[nodiscard]] bool is_in_transaction() const noexcept;  // as of the last Sync
  // Fit to serve anybody: nothing on its way in either direction, no transaction open.
  [[nodiscard]] bool is_drained() const noexcept { return is_at_rest() && !retiring_; }
  // All is answered and yet a transaction is open: its ROLLBACK failed, struck by a late cancellation.
  [[nodiscard]] bool is_stuck() const noexcept { return flights_.empty() && !cancelling_ && is_in_transaction(); }
  // Whether a group that is sent now will be answered soon, as far as can be told.
  [[nodiscard]] bool is_quick() const noexcept;
  [[nodiscard]] std::string quoted_identifier(const std::string& name) const;

 private:
  // opening and losing (connection_life.cpp)
  void on_open() override;
  void on_failed(std::string_view reason) override;
  void lose();
  void lose_later();

  // sending (connection_send.cpp)
  [[nodiscard]] bool send_steps(Group& group, Flight& flight);
  [[nodiscard]] bool send_scope(const Group& group, Flight& flight);
  [[nodiscard]] bool send_statement(std::string_view role, const Statement& statement, bool prepare, Flight& flight);
  [[nodiscard]] bool send_plain(const char* sql, Flight& flight);
  [[nodiscard]] bool send_execution(std::string_view role, const std::string& sql,
                                    const std::vector<Parameter>& parameters, bool prepare, Step step, Flight& flight);
  [[nodiscard]] bool deallocate_evicted();
  void forget_statements();
  [[nodiscard]] bool sync();
  const std::string& scope_text(ScopeShape shape);

  // receiving (connection.cpp)
  [[nodiscard]] bool is_at_rest() const noexcept;
  void note_size(std::size_t bytes) noexcept;
  void on_input(bool alive) override;
  [[nodiscard]] bool take_results();  // whether there were any
  void bound_answer(bool has_results);
  void refuse_answer(Group& group);
  void take_notifications();
  [[nodiscard]] bool is_over_limit(const PGresult* result) const noexcept;
  void find_unclean(Flight& flight);
  void keep_failure(Flight& flight, PGresult* result);
  void settle_doubt(const Group& group, const Flight& flight) noexcept;
  void finish_front();
  [[nodiscard]] bool is_to_be_retried(const Flight& flight) const noexcept;
  void settle_finished();
  void head_changed(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
  void request_cancel();
  void cancel_returned();
  void on_stalled();

  Loop& loop_;
  std::shared_ptr<Core> core_;
  std::shared_ptr<Counters> counters_;
  Owner* owner_;

  State state_ = State::connecting;
  std::shared_ptr<Link> link_;
  Flights flights_;
  StatementCache cache_;
  std::uint64_t schema_epoch_;  // of what is in the cache
  WaiterQueue finished_;        // to be settled when reading is done
  WaiterQueue retries_;

  Pace::Duration expected_{};  // the sum of the flights'
  bool cancelling_ = false;    // between the request's start and its return
  bool timed_out_ = false;     // lost because the server stopped answering
  bool losing_ = false;
  // Takes no more groups and is closed once at rest: libpq's buffers have grown, or something was left in the session.
  bool retiring_ = false;
  std::chrono::steady_clock::time_point head_since_;
  TimerWheel::Entry stalled_;  // the head takes too long
  TimerWheel::Entry cancel_again_;
  std::chrono::steady_clock::time_point cancel_deadline_;
  OnNotification on_notification_;

  std::vector<std::pair<ScopeShape, std::string>> scope_texts_;
  std::vector<const char*> values_;  // reused for each message
  std::vector<Oid> types_;
};

}  // namespace bailey::pg::detail
