// Sending. A group goes out as: [BEGIN] who-is-acting, statements, [COMMIT], Sync; each statement that the connection
// has not prepared yet has its Parse in front of it, in the same pipeline. libpq copies everything, so nothing of the
// group is needed after this. What fails here is the connection, never the group: groups are checked before.
#include "pg/connection.hpp"

#include <array>
#include <charconv>

namespace bailey::pg::detail {
namespace {

// "b" and the number, as a C string.
struct Name {
  std::array<char, 16> text{};
  explicit Name(StatementCache::Id id) {
    text[0] = 'b';
    std::to_chars(text.data() + 1, text.data() + text.size() - 1, id);
  }
  [[nodiscard]] const char* c_str() const noexcept { return text.data(); }
};

const std::vector<Parameter> no_types;

}  // namespace

void Connection::send(Group& group) {
  if (schema_epoch_ != core_->schema_epoch()) forget_statements();
  const bool was_empty = flights_.empty();
  bool sent = !cache_.has_evicted() || group.script != nullptr || deallocate_evicted();
  Flight& flight = flights_.push();
  flight.begin(&group, group.script != nullptr ? Flight::Protocol::simple : Flight::Protocol::pipelined);
  flight.exposed = cancelling_;
  if (group.timeout.count() > 0)
    flight.patience = group.timeout * static_cast<long>(group.statements.size() + 1) + core_->options.cancel_timeout;
  flight.pace = group.pace;
  flight.expected = group.expected;
  expected_ += flight.expected;
  group.connection = this;
  ++group.tries;
  counters_->in_flight.set(counters_->in_flight.get() + 1);
  if (group.script != nullptr) {
    sent = sent && PQexitPipelineMode(link_->get()) == 1 && PQsendQuery(link_->get(), group.script) == 1;
    link_->flush();
  } else {
    sent = sent && send_steps(group, flight) && sync();
  }
  if (was_empty) head_changed();
  if (!sent) lose_later();
}

void Connection::send_housekeeping(const char* sql) {
  const bool was_empty = flights_.empty();
  Flight& flight = flights_.push();
  flight.begin(nullptr);
  counters_->in_flight.add();
  const bool sent = send_plain(sql, flight) && sync();
  if (was_empty) head_changed();
  if (!sent) lose_later();
}

bool Connection::deallocate_evicted() {
  for (const StatementCache::Id id : cache_.take_evicted())
    send_housekeeping((std::string("deallocate ") + Name(id).c_str()).c_str());
  return !losing_;
}

// What is on its way already runs before them all go.
void Connection::forget_statements() {
  schema_epoch_ = core_->schema_epoch();
  if (cache_.size() > 0) send_housekeeping("deallocate all");
  cache_.clear();
}

bool Connection::send_steps(Group& group, Flight& flight) {
  if (group.before != nullptr && !send_plain(group.before, flight)) return false;
  if (group.with_scope && !send_scope(group, flight)) return false;
  const std::string_view role = group.scope != nullptr ? std::string_view(group.scope->role) : std::string_view();
  for (const Statement& statement : group.statements)
    if (!send_statement(role, statement, group.tries == 1 && statement.prepare, flight)) return false;
  return group.after == nullptr || send_plain(group.after, flight);
}

bool Connection::send_scope(const Group& group, Flight& flight) {
  const ScopeShape shape{.read_only = group.read_only,
                         .timeout = group.timeout.count() > 0,
                         .settings = group.scope != nullptr ? group.scope->settings.size() : 0};
  std::array<char, 24> timeout{};
  values_.clear();
  values_.push_back(group.scope != nullptr ? group.scope->role.c_str() : "none");
  values_.push_back(group.scope != nullptr ? group.scope->claims.c_str() : "");
  if (shape.timeout) {
    std::to_chars(timeout.data(), timeout.data() + timeout.size() - 1, group.timeout.count());
    values_.push_back(timeout.data());
  }
  if (group.scope != nullptr)
    for (const auto& [name, value] : group.scope->settings) {
      values_.push_back(name.c_str());
      values_.push_back(value.c_str());
    }
  types_.clear();
  return send_execution("", scope_text(shape), no_types, group.tries == 1, Step{.kind = Step::Kind::scope}, flight);
}

bool Connection::send_statement(std::string_view role, const Statement& statement, bool prepare, Flight& flight) {
  values_.clear();
  types_.clear();
  for (const Parameter& parameter : statement.parameters) {
    note_size(parameter.value ? parameter.value->size() : 0);
    values_.push_back(parameter.value ? parameter.value->c_str() : nullptr);
    types_.push_back(parameter.type);
  }
  return send_execution(role, statement.sql, statement.parameters, prepare, Step{.kind = Step::Kind::execute}, flight);
}

bool Connection::send_plain(const char* sql, Flight& flight) {
  flight.add({.kind = Step::Kind::command});
  return PQsendQueryParams(link_->get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
}

bool Connection::send_execution(std::string_view role, const std::string& sql, const std::vector<Parameter>& parameters,
                                bool prepare, Step step, Flight& flight) {
  PGconn* const to = link_->get();
  const int count = static_cast<int>(values_.size());
  const Oid* const types = types_.empty() ? nullptr : types_.data();
  if (!prepare || !core_->options.named_statements) {
    flight.add(step);
    return PQsendQueryParams(to, sql.c_str(), count, types, values_.data(), nullptr, nullptr, 0) == 1;
  }
  const StatementCache::Found found = cache_.find_or_add(role, sql, parameters);
  const Name name(found.id);
  step.statement = found.id;
  step.proven = found.proven;
  if (found.fresh) {
    counters_->prepared.add();
    flight.add({.kind = Step::Kind::prepare, .proven = false, .statement = found.id});
    if (PQsendPrepare(to, name.c_str(), sql.c_str(), types != nullptr ? count : 0, types) != 1) return false;
  }
  flight.add(step);
  return PQsendQueryPrepared(to, name.c_str(), count, values_.data(), nullptr, nullptr, 0) == 1;
}

const std::string& Connection::scope_text(ScopeShape shape) {
  for (const auto& [known, text] : scope_texts_)
    if (known == shape) return text;
  return scope_texts_.emplace_back(shape, scope_sql(shape)).second;
}

// libpq before 17 writes to the socket at each Sync; newer ones let a turn of the loop share one write.
bool Connection::sync() {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  if (PQsendPipelineSync(link_->get()) != 1) return false;
  link_->flush_later();
#else
  if (PQpipelineSync(link_->get()) != 1) return false;
  link_->flush();
#endif
  return true;
}

}  // namespace bailey::pg::detail
