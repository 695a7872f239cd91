// GET and PUT /user: what a signed-in user sees and changes of themselves.
#include <bailey/pg/sql_error.hpp>

#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/new_user.hpp"
#include "stack/auth/session.hpp"

namespace bailey::stack::auth {
namespace {

struct UserChange {
  std::optional<std::string> email, phone;
  std::optional<Secret> password;
  std::optional<json::object> data, app_metadata;
};

void require_audience(const Request& request, const Caller& caller) {
  const auto header = request.header("X-JWT-AUD");
  if (!header) return;
  if (caller.claims.audience.empty() || caller.claims.audience.front() != *header) {
    throw AuthError(400, "validation_failed", "Token audience doesn't match request audience");
  }
}

// What a new password does besides: tokens on their way die, and so do the user's other sessions.
Task<std::vector<pg::Statement>> change_password(const AuthContext& context, const Caller& caller, Secret password) {
  const bool same = co_await context.passwords.matches(password, caller.user.encrypted_password);
  if (same) {
    throw AuthError(422, "same_password", "New password should be different from the old password.");
  }
  const std::string hash = co_await context.passwords.hash(std::move(password));
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> update{caller.user.id, hash};
  statements.emplace_back(
      "update auth.users set encrypted_password = $2, confirmation_token = '', recovery_token = '',"
      " email_change_token_new = '', email_change_token_current = '', phone_change_token = '',"
      " reauthentication_token = '', updated_at = now() where id = $1",
      std::move(update));
  std::vector<pg::Parameter> user{caller.user.id};
  statements.emplace_back("delete from auth.one_time_tokens where user_id = $1", std::move(user));
  std::vector<pg::Parameter> others{caller.user.id, caller.session_id.value_or(Uuid())};
  statements.emplace_back("delete from auth.sessions where user_id = $1 and id <> $2", std::move(others));
  co_return statements;
}

// A new address counts at once where addresses are confirmed automatically; otherwise it waits for its confirmation.
std::vector<pg::Statement> change_email(const AuthContext& context, const Caller& caller, const std::string& email) {
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> values{caller.user.id, email};
  if (!context.autoconfirms_email()) {
    statements.emplace_back(
        "update auth.users set email_change = $2, email_change_sent_at = now(), email_change_confirm_status = 0,"
        " updated_at = now() where id = $1",
        std::move(values));
    return statements;
  }
  statements.emplace_back(
      "update auth.users set email = $2, email_confirmed_at = now(), is_anonymous = false, updated_at = now(),"
      " raw_app_meta_data = coalesce(raw_app_meta_data, '{}')"
      " || '{\"provider\":\"email\",\"providers\":[\"email\"]}' where id = $1",
      std::move(values));
  statements.push_back(set_email_identity(caller.user.id, email, true));
  return statements;
}

Task<> require_free_email(const AuthContext& context, std::string email, std::string audience) {
  std::vector<pg::Parameter> key{std::move(email), std::move(audience)};
  pg::Statement lookup("select from auth.users where " + std::string(user_by_email), std::move(key));
  const pg::Rows rows = co_await context.database.run(std::move(lookup));
  if (!rows.empty()) throw email_exists();
}

JsonText get_user(const Request& request, const Caller& caller) {
  require_audience(request, caller);
  return caller.user.to_json();
}

Task<JsonText> update_user(const AuthContext& context, const Request& request, const Caller& caller,
                           Sent<UserChange> body) {
  std::string email;
  if (body->email && !body->email->empty()) email = require_email(*body->email);
  if (!body->phone.value_or("").empty()) {
    throw AuthError(400, "phone_provider_disabled", "Phone logins are disabled");
  }
  const std::optional<Secret>& password = body->password;
  if (password) require_strength(password->reveal(), context.config);
  if (body->app_metadata) {
    throw AuthError(403, "not_admin", "Updating app_metadata requires admin privileges");
  }
  if (caller.user.is_anonymous && password && email.empty()) {
    throw AuthError(422, "validation_failed",
                    "Updating password of an anonymous user without an email or phone is not allowed");
  }
  if (email == caller.user.email) email.clear();
  if (!email.empty()) co_await require_free_email(context, email, caller.user.aud);

  std::vector<pg::Statement> statements;
  if (password) {
    std::vector<pg::Statement> change = co_await change_password(context, caller, *password);
    append(statements, std::move(change));
  }
  if (body->data) {
    std::vector<pg::Parameter> merged{caller.user.id, json::serialize(*body->data)};
    statements.emplace_back("update auth.users set raw_user_meta_data = " +
                                merged_metadata_sql("raw_user_meta_data", "$2") + ", updated_at = now() where id = $1",
                            std::move(merged));
  }
  if (!email.empty()) append(statements, change_email(context, caller, email));
  const Origin origin = origin_of(request);
  statements.push_back(audit("user_modified", "user", caller.user, origin));
  std::vector<pg::Parameter> by_id{caller.user.id};
  append(statements, select_user(user_by_id, std::move(by_id)));
  const auto work = [&](pg::Transaction& transaction) -> Task<JsonText> {
    // Hashing has taken its time: whoever was signed out, banned or deleted meanwhile changes nothing any more, and a
    // password that somebody else has changed is not overwritten.
    const User now = co_await lock_caller(transaction, caller.user.id, caller.session_id);
    if (password && now.encrypted_password != caller.user.encrypted_password) {
      throw AuthError(409, "conflict", "The password was changed by another request, please try again");
    }
    const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
    const auto written = read_user_with_identities(rows.at(rows.size() - 2), rows.at(rows.size() - 1));
    if (!written) throw AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
    require_token_fits(context, now, *written);
    co_return written->to_json();
  };
  try {
    co_return co_await context.database.transaction(work);
  } catch (const pg::SqlError& failure) {
    if (is_duplicate_email(failure)) throw email_exists();
    if (password) throw translate(failure, request, "Error during password storage");
    throw;
  }
}

}  // namespace

Router user_routes() {
  Router routes;
  routes.get("/user", get_user);
  routes.put("/user", update_user, when_refused("Error updating user"));
  return routes;
}

}  // namespace bailey::stack::auth
