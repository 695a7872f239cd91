#pragma once

#include <functional>
#include <string_view>

#include "stack/database/blocking_connection.hpp"

namespace bailey::stack {

// Whether a statement failed for no other reason than that another session was first: it has committed a change of the
// same row, or each waited for the other. Done again, it would go well.
[[nodiscard]] bool was_too_late(const StatementError& failure);

// Whether a statement named what is not there. It may have been a moment before, when its name was looked up: another
// session has dropped it since, a role say.
[[nodiscard]] bool is_missing(const StatementError& failure);

// Whether what a statement failed for is not in the database: the disk or the memory is full, too many are connected,
// or PostgreSQL was stopped, and the connection is lost.
[[nodiscard]] bool is_of_the_moment(const StatementError& failure);
// And what helps then, for the end of a message.
inline constexpr std::string_view start_again = "; mend that and start again: nothing is lost";

// Does `work`, which leaves nothing half done when it throws, and again as long as it was too late, `most` times in
// all, and once where something was missing; then throws what it threw. `work` is told whether it is done again.
void until_in_time(const std::function<void(bool again)>& work, int most = 10);

// Until the transaction ends nobody else changes a role, a database, or what is set for them: for what is done again,
// lest clients that change them all the time be first every time. It waits for who has changed one and not committed
// yet.
void keep_changes_out(BlockingConnection& connection);

}  // namespace bailey::stack
