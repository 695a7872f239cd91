#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {

pg::Statement lock_user(pg::Parameter parameter, UserLock lock, std::string_view id) {
  std::string sql = "select from auth.users where id = ";
  sql.append(id).append(lock == UserLock::deletion ? " for update" : " for no key update");
  std::vector<pg::Parameter> parameters{std::move(parameter)};
  return {std::move(sql), std::move(parameters)};
}

Task<std::optional<User>> lock_and_read_user(pg::Transaction& transaction, Uuid id, UserLock lock) {
  std::vector<pg::Statement> statements;
  statements.push_back(lock_user(id, lock));
  std::vector<pg::Parameter> by_id{id};
  for (pg::Statement& half : select_user(user_by_id, std::move(by_id))) statements.push_back(std::move(half));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
  co_return read_user_with_identities(rows.at(1), rows.at(2));
}

}  // namespace bailey::stack::auth
