#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string_view>

#include "stack/auth/user.hpp"

namespace bailey::stack::auth {

// The order in which rows are locked, everywhere in this folder: the row of auth.users, then auth.sessions, then
// auth.refresh_tokens and what else hangs on either. So requests about one user wait for each other, and never in a
// circle.
//
// A transaction that writes anything of a user that exists therefore begins with this lock (a new session's insert
// takes it in its own statement). What it has read of the user before is of the past: it looks again, in a later
// statement, and compares. A deletion cascades in the same order; a foreign key is checked against rows locked already.
//
// `change` lets others refer to the user meanwhile, as inserts into an application's tables do; `deletion` does not.
enum class UserLock { change, deletion };

// The statement, for the first place in a group: a row when there is such a user. `id` is SQL for the id, `$1` its
// parameter.
[[nodiscard]] pg::Statement lock_user(pg::Parameter parameter, UserLock lock = UserLock::change,
                                      std::string_view id = "$1");

// Locks the user and reads them as they are now. nullopt: there is none, or not any more.
[[nodiscard]] Task<std::optional<User>> lock_and_read_user(pg::Transaction& transaction, Uuid id,
                                                           UserLock lock = UserLock::change);

}  // namespace bailey::stack::auth
