// Receiving, cancelling, losing. Results are taken as libpq has them and given to the head of the flights; tasks are
// resumed only after reading is done, so that what they do cannot upset the bookkeeping.
//
// Cancellation strikes whatever the server runs when it arrives, which may be the next user's group. So it is sent only
// for the head, again and again until the head is through, and a neighbour it has hit (57014 while exposed) is sent
// once more: a failed group has been rolled back whole.
//
// A statement that may have failed because it was prepared before a change of the schema is sent once more, too.
//
// A session in which a group has left something temporary serves nobody else: the statement that says who is acting
// fails there, before anything of its group is run. The group goes to another connection, and this one is closed.
//
// libpq's buffers grow to the largest message they have held and never shrink. A connection that has carried a large
// one is closed as soon as nobody needs it, and another is opened when there is need of one.
#include "pg/connection.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>

#include "pg/response_limit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace bailey::pg::detail {

namespace {

constexpr std::chrono::milliseconds cancel_interval{200};
constexpr std::size_t sent_before_cancel_bytes = std::size_t{16} * 1024 * 1024;  // what the sockets' buffers may hold
constexpr std::size_t message_limit_bytes = std::size_t{8} * 1024 * 1024;        // beyond it the buffers are not kept

// PostgreSQL looks at the relations of a prepared statement anew when they change, but not at the types of its
// parameters. So a value may be read as of a type that the column had once, which says "parameter $1" in the context,
// or be compared with a column of another type.
bool may_come_of_old_types(const SqlErrorFields& failure) {
  constexpr std::array<std::string_view, 5> values{"22P02", "22P03", "22003", "22007", "22008"};
  constexpr std::array<std::string_view, 5> types{"42804", "42883", "42846", "42725", "42P18"};
  if (std::ranges::find(types, failure.sqlstate) != types.end()) return true;
  return std::ranges::find(values, failure.sqlstate) != values.end() && failure.context.contains('$');
}

}  // namespace

Connection::Connection(Loop& loop, std::shared_ptr<Core> core, std::shared_ptr<Counters> counters, Owner* owner)
    : loop_(loop),
      core_(std::move(core)),
      counters_(std::move(counters)),
      owner_(owner),
      link_(std::make_shared<Link>(loop, core_->connecting, static_cast<Link::User&>(*this))),
      cache_(core_->options.statement_cache_limit),
      schema_epoch_(core_->schema_epoch()),
      stalled_([this] { on_stalled(); }),
      cancel_again_([this] { cancelling_ ? lose() : request_cancel(); }) {}

Connection::~Connection() { link_->close(); }

bool Connection::is_in_transaction() const noexcept {
  if (state_ != State::ready) return false;
  const PGTransactionStatusType status = PQtransactionStatus(link_->get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool Connection::is_at_rest() const noexcept {
  return state_ == State::ready && !losing_ && flights_.empty() && !cancelling_ &&
         PQtransactionStatus(link_->get()) == PQTRANS_IDLE;
}

void Connection::note_size(std::size_t bytes) noexcept {
  if (bytes > message_limit_bytes) retiring_ = true;
}

bool Connection::is_quick() const noexcept {
  if (state_ != State::ready || losing_ || cancelling_ || retiring_ ||
      flights_.size() >= core_->options.in_flight_limit)
    return false;
  if (flights_.empty()) return true;
  return expected_ < Pace::slow && !flights_.front().cancel_wanted &&
         std::chrono::steady_clock::now() - head_since_ < Pace::slow;
}

std::string Connection::quoted_identifier(const std::string& name) const {
  char* quoted = PQescapeIdentifier(link_->get(), name.data(), name.size());
  if (quoted == nullptr) throw Error("invalid_channel", "The name of the channel is not valid.", 500);
  std::string copy(quoted);
  PQfreemem(quoted);
  return copy;
}

void Connection::on_input(bool alive) {
  const auto self = shared_from_this();
  bound_answer(take_results());
  if (state_ == State::ready) take_notifications();
  if (!alive || losing_ || (retiring_ && is_at_rest())) return lose();
  settle_finished();
}

// libpq hands over an answer when it has all of it, so while one is under way what comes is counted. That begins with
// the second piece of it: most answers are in one.
void Connection::bound_answer(bool has_results) {
  ReceiveMeter& meter = link_->meter();
  if (has_results || flights_.empty() || losing_) return meter.stop();
  if (!meter.is_running()) return link_->start_meter();
  const std::size_t limit = core_->options.response_limit_bytes;
  if (meter.count() <= limit) return;
  if (Group* const group = flights_.front().group) refuse_answer(*group);
  if (cancelling_)  // what comes until the server knows would be for nothing
    link_->pause_reading();
  else if (meter.count() > limit + std::max(limit, sent_before_cancel_bytes))  // cancelling does not end it
    losing_ = true;
}

void Connection::refuse_answer(Group& group) {
  abandon(group);
  counters_->failed.add();
  group.mark_settled();
  group.error = std::make_exception_ptr(ResponseTooLarge(core_->options.response_limit_bytes));
  finished_.push_back(group);
}

bool Connection::take_results() {
  bool any = false;
  bool answered = false;
  while (!flights_.empty() && !losing_ && PQisBusy(link_->get()) == 0) {
    if (PQstatus(link_->get()) == CONNECTION_BAD) {
      losing_ = true;
      break;
    }
    any = true;
    ResultPtr result(PQgetResult(link_->get()));
    note_size(result ? PQresultMemorySize(result.get()) : 0);
    Flight& flight = flights_.front();
    switch (flight.accept(arrival_of(result.get()))) {
      case Verdict::nothing:
        if (flight.group != nullptr && flight.group->after != nullptr && result && flight.is_last_step())
          flight.group->last_tag = PQcmdStatus(result.get());
        break;
      case Verdict::keep_rows:
        if (flight.group == nullptr) break;
        if (is_over_limit(result.get()))
          flight.oversized = true;
        else
          flight.group->rows[flight.rows_kept() - 1] = Rows(result.release());
        break;
      case Verdict::keep_failure: keep_failure(flight, result.get()); break;
      case Verdict::proven: cache_.prove(flight.step()->statement); break;
      case Verdict::unproven: cache_.forget(flight.step()->statement); break;
      case Verdict::finished:
        finish_front();
        answered = true;
        break;
      case Verdict::broken: losing_ = true; break;
    }
  }
  if (answered && !losing_ && owner_ != nullptr) owner_->on_answered(*this);
  return any;
}

bool Connection::is_over_limit(const PGresult* result) const noexcept {
  const std::size_t limit = core_->options.response_limit_bytes;
  return PQresultMemorySize(result) > limit && row_bytes(result) > limit;
}

void Connection::find_unclean(Flight& flight) {
  flight.unclean = true;
  if (flight.group != nullptr) flight.group->unclean = true;
  if (std::exchange(retiring_, true)) return;
  log::warning("a group of statements left temporary objects in its session, which is closed: say ON COMMIT DROP",
               {{"port", link_->port()}});
}

void Connection::keep_failure(Flight& flight, PGresult* result) {
  if (!flight.failure) flight.failure = std::make_unique<SqlErrorFields>(error_fields(result));
  const Step& step = flight.failed_step;
  if (step.kind == Step::Kind::scope && flight.failure->sqlstate == session_is_unclean) return find_unclean(flight);
  if (step.statement == 0) return;
  if (step.kind == Step::Kind::prepare) {
    cache_.forget(step.statement);
  } else if (is_stale_plan(result)) {
    cache_.discard(step.statement);
    flight.stale = true;
  } else if (flight.failure->sqlstate == "26000") {  // DISCARD ALL or a pooler; or the one who prepared it failed
    if (step.proven)
      cache_.clear();
    else
      cache_.forget(step.statement);
    flight.stale = true;
  } else if (step.proven && may_come_of_old_types(*flight.failure)) {
    // In a transaction it cannot be tried again, but is made anew the next time.
    if (flight.group == nullptr || flight.group->exclusive) return cache_.discard(step.statement);
    if (flight.group->doubted.empty()) {
      flight.group->doubted = flight.failure->sqlstate;
      flight.stale = true;
    }
  }
}

// A statement whose failure may have come of old types has been sent again without a name. If that went otherwise, the
// schema has changed, and nothing that was prepared is of use.
void Connection::settle_doubt(const Group& group, const Flight& flight) noexcept {
  if (group.doubted.empty() || group.tries == 1) return;
  if (!flight.failure || flight.failure->sqlstate != group.doubted) core_->forget_statements();
}

bool Connection::is_to_be_retried(const Flight& flight) const noexcept {
  if (flight.group == nullptr || !flight.failure || flight.group->exclusive) return false;
  if (flight.unclean) return flight.group->tries < tries_in_unclean_sessions;
  if (flight.group->tries > 3) return false;
  return flight.stale || (flight.exposed && flight.failure->sqlstate == "57014");
}

void Connection::finish_front() {
  Flight& flight = flights_.front();
  Group* const group = flight.group;
  const bool shared = group != nullptr && !group->exclusive;
  if (shared && is_in_transaction()) losing_ = true;  // nothing that is let into a group can do this
  counters_->groups.add();
  if (group != nullptr) {
    group->connection = nullptr;
    if (is_to_be_retried(flight)) {
      counters_->retried.add();
      retries_.push_back(*group);
    } else {
      group->mark_settled();
      settle_doubt(*group, flight);
      if (flight.unclean) {
        counters_->failed.add();
        group->error =
            std::make_exception_ptr(Error("database_unavailable", "The database's sessions are not clean.", 503));
      } else if (flight.failure) {
        counters_->failed.add();
        group->error = std::make_exception_ptr(SqlError(std::move(*flight.failure)));
      } else if (flight.oversized) {
        counters_->failed.add();
        group->error = std::make_exception_ptr(ResponseTooLarge(core_->options.response_limit_bytes));
      }
      finished_.push_back(*group);
    }
  }
  const auto now = std::chrono::steady_clock::now();
  if (owner_ != nullptr) owner_->on_timed(flight.pace, std::chrono::duration_cast<Pace::Duration>(now - head_since_));
  expected_ -= flight.expected;
  counters_->in_flight.subtract();
  flights_.pop();
  head_changed(now);
}

void Connection::settle_finished() {
  while (Waiter* group = retries_.pop_front())
    if (owner_ != nullptr) owner_->on_retry(static_cast<Group&>(*group));
  while (Waiter* group = finished_.pop_front()) group->settle();
}

void Connection::head_changed(std::chrono::steady_clock::time_point now) {
  head_since_ = now;
  if (flights_.empty() || flights_.front().patience.count() == 0)
    loop_.timers().cancel(stalled_);
  else
    loop_.timers().arm(stalled_, flights_.front().patience);
  if (!flights_.empty() && flights_.front().cancel_wanted) {
    cancel_deadline_ = head_since_ + core_->options.cancel_timeout;
    request_cancel();
  }
}

void Connection::abandon(Group& group) noexcept {
  Flight* const flight = flights_.find(group);
  group.connection = nullptr;
  if (flight == nullptr) return;
  flight->group = nullptr;
  flight->cancel_wanted = true;
  if (flight != &flights_.front()) return;
  cancel_deadline_ = std::chrono::steady_clock::now() + core_->options.cancel_timeout;
  request_cancel();
}

void Connection::request_cancel() {
  if (state_ != State::ready || cancelling_ || flights_.empty() || !flights_.front().cancel_wanted) return;
  const bool sent = link_->request_cancel(core_->cancelling, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cancel_returned();
  });
  if (!sent) return lose_later();
  cancelling_ = true;
  counters_->cancelled.add();
  for (std::size_t index = 1; index < flights_.size(); ++index) flights_[index].exposed = true;
  loop_.timers().arm(cancel_again_,
                     core_->options.cancel_timeout + cancel_interval);  // it may hang: then the connection is dropped
}

void Connection::cancel_returned() {
  cancelling_ = false;
  link_->resume_reading();
  loop_.timers().cancel(cancel_again_);
  if (state_ != State::ready) return;
  if (!flights_.empty() && flights_.front().cancel_wanted) {
    if (std::chrono::steady_clock::now() > cancel_deadline_) return lose();
    loop_.timers().arm(cancel_again_, cancel_interval);
  } else if (retiring_ && is_at_rest()) {
    lose();
  } else if (owner_ != nullptr) {
    owner_->on_answered(*this);
  }
}

void Connection::on_stalled() {
  timed_out_ = true;
  lose();
}

void Connection::take_notifications() {
  while (PGnotify* notify = PQnotifies(link_->get())) {
    Notification notification{.channel = notify->relname, .payload = notify->extra};
    PQfreemem(notify);
    if (on_notification_) on_notification_(std::move(notification));
  }
}

}  // namespace bailey::pg::detail
