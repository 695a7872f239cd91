#include "stack/database/lock_holders.hpp"

#include <bailey/base/log.hpp>

#include "stack/database/superuser.hpp"

namespace bailey::stack {
namespace {

// What runs as a role of the project's bears Bailey's name, which anybody may take: it is only told whom that waits
// for. A prepared transaction holds locks without a session.
constexpr const char* holders_of_locks =
    "select holder.pid::text, coalesce(activity.usename::text, 'nobody'), coalesce(activity.application_name, ''),"
    " (bool_or(waiting.usesysid = 10) and activity.usesysid <> 10)::text"
    " from pg_stat_activity waiting cross join lateral unnest(pg_blocking_pids(waiting.pid)) as holder(pid)"
    " left join pg_stat_activity activity on activity.pid = holder.pid"
    " where waiting.wait_event_type = 'Lock' and waiting.backend_type = 'client backend'"
    " and (waiting.usesysid = 10 or waiting.application_name = 'bailey')"
    " group by holder.pid, activity.usename, activity.application_name, activity.usesysid order by holder.pid";

// A number may have become another session's since it was asked for.
constexpr const char* end_if_project_s =
    "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1::int4 and usesysid <> 10"
    " and exists (select from pg_stat_activity waiting where waiting.usesysid = 10"
    " and waiting.wait_event_type = 'Lock' and $1::int4 = any (pg_blocking_pids(waiting.pid)))";

}  // namespace

std::string LockHolders::look(Time now) try {
  BlockingConnection connection = connect_as_superuser(cluster_);
  std::string told, projects;
  std::vector<std::string> to_end;
  for (const auto& row : connection.query(holders_of_locks)) {
    const std::string& pid = row.at(0).value();
    const std::string session = pid + " (" + row.at(1).value() + ", " + row.at(2).value() + ")";
    told += (told.empty() ? "" : ", ") + session;
    if (row.at(3) != "true") continue;
    to_end.push_back(pid);
    projects += (projects.empty() ? "" : ", ") + session;
  }
  if (to_end.empty()) {
    waits_since_.reset();
    return told;
  }
  if (!waits_since_) waits_since_ = now;
  if (now - *waits_since_ < limit_) return told;
  log::warning("sessions that the start of the database waits for are ended", {{"sessions", projects}});
  for (const std::string& pid : to_end) static_cast<void>(connection.query(end_if_project_s, {pid}));
  return told;
} catch (const Error& failure) {
  log::debug("it is not known what is waited for", {{"reason", failure.message()}});
  return "";
}

}  // namespace bailey::stack
