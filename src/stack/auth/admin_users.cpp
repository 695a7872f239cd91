// /admin/users: what the service key may do with users. No mail is sent and no password rule applies to a user created
// here; e-mail addresses and bans are set directly. The list of them is in user_list.cpp.
#include <bailey/pg/sql_error.hpp>

#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/new_user.hpp"
#include "stack/auth/session.hpp"
#include "stack/auth/user_lock.hpp"
#include "stack/project/duration.hpp"

namespace bailey::stack::auth {
namespace {

struct AdminBody {
  std::optional<std::string> id, aud, role, email, phone;
  std::optional<Secret> password;
  std::optional<std::string> password_hash, ban_duration;
  std::optional<bool> email_confirm, phone_confirm;
  std::optional<json::object> user_metadata, app_metadata;
};

struct DeletionBody {
  std::optional<bool> should_soft_delete;
};

AuthError invalid(std::string message) { return {400, "validation_failed", std::move(message)}; }
AuthError user_not_found() { return {404, "user_not_found", "User not found"}; }

Uuid require_user_id(const Request& request) {
  const auto id = Uuid::parse(request.path_value("user_id").value_or(""));
  if (!id) throw AuthError(404, "validation_failed", "user_id must be an UUID");
  return *id;
}

Task<User> require_user(const AuthContext& context, Uuid id) {
  std::vector<pg::Parameter> by_id{id};
  std::vector<pg::Statement> lookup = select_user(user_by_id, std::move(by_id));
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(lookup));
  auto user = read_user_with_identities(rows.at(0), rows.at(1));
  if (!user) throw user_not_found();
  co_return std::move(*user);
}

enum class Subject { new_user, known_user };

// Runs the statements, then reads the user back in the same transaction.
Task<JsonText> write_and_show(const AuthContext& context, Subject subject, std::vector<pg::Statement> statements,
                              Uuid id) {
  std::vector<pg::Parameter> by_id{id};
  append(statements, select_user(user_by_id, std::move(by_id)));
  const auto work = [&](pg::Transaction& transaction) -> Task<JsonText> {
    std::optional<User> known;
    if (subject == Subject::known_user) {
      known = co_await lock_and_read_user(transaction, id);
      if (!known) throw user_not_found();
    }
    const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
    const auto written = read_user_with_identities(rows.at(rows.size() - 2), rows.at(rows.size() - 1));
    if (!written) throw user_not_found();
    if (known) {
      require_token_fits(context, *known, *written);
    } else {
      require_token_fits(context, *written);
    }
    co_return written->to_json();
  };
  try {
    co_return co_await context.database.transaction(work);
  } catch (const pg::SqlError& failure) {
    if (is_duplicate_email(failure)) throw email_exists();
    throw;
  }
}

pg::Statement set_ban(const Uuid& user, const std::string& duration) {
  const auto seconds = parse_duration(duration == "none" ? "0" : duration);
  if (!seconds) throw invalid("invalid format for ban duration: " + duration);
  std::vector<pg::Parameter> values{user, seconds->count()};
  return {
      "update auth.users set banned_until = case when $2::bigint > 0 then now() + make_interval(secs => $2::bigint) "
      "end,"
      " updated_at = now() where id = $1",
      std::move(values)};
}

// The row stays for what refers to it; whose it was cannot be told any more, and the address is free again.
std::vector<pg::Statement> soft_deletion(const std::vector<pg::Parameter>& id) {
  const auto obscured = [](std::string_view text) {
    return "rtrim(translate(encode(sha256(convert_to(" + std::string(text) + ", 'UTF8')), 'base64'), '+/', '-_'), '=')";
  };
  std::vector<pg::Statement> statements;
  statements.emplace_back("update auth.users set email = " + obscured("id::text || coalesce(email, '')") +
                              ", phone = case when phone is not null then left(" +
                              obscured("id::text || coalesce(phone, '')") +
                              ", 15) end,"
                              " encrypted_password = '', confirmation_token = '', recovery_token = '',"
                              " email_change_token_new = '', email_change_token_current = '', email_change = '',"
                              " phone_change = '', phone_change_token = '', reauthentication_token = '',"
                              " raw_user_meta_data = '{}', raw_app_meta_data = '{}', deleted_at = now(),"
                              " updated_at = now() where id = $1",
                          id);
  statements.emplace_back("update auth.identities set identity_data = '{}', updated_at = now(), provider_id = " +
                              obscured("user_id::text || provider_id") + " where user_id = $1",
                          id);
  for (const char* table : {"sessions", "one_time_tokens", "mfa_factors"}) {
    statements.emplace_back("delete from auth." + std::string(table) + " where user_id = $1", id);
  }
  return statements;
}

Task<JsonText> create_user(const AuthContext& context, const Request& request, const Administrator&,
                           Sent<AdminBody> body) {
  NewUser user;
  if (!body->phone.value_or("").empty()) throw invalid("Phone numbers are not supported by this server");
  if (body->email.value_or("").empty()) throw invalid("Cannot create a user without either an email or phone");
  user.email = require_email(*body->email);
  if (const auto& id = body->id; id && !id->empty()) {
    const auto parsed = Uuid::parse(*id);
    if (!parsed || parsed->is_nil()) throw invalid("ID must conform to the uuid v4 format");
    user.id = *parsed;
  }
  user.aud = body->aud.value_or(requested_audience(request));
  user.role = body->role.value_or(std::string(default_role));
  user.confirmed = body->email_confirm.value_or(false);
  const std::optional<Secret>& password = body->password;
  const std::string given_hash = body->password_hash.value_or("");
  if (password && !given_hash.empty()) throw invalid("Only a password or a password hash should be provided");
  if (!given_hash.empty()) {
    require_usable_hash(given_hash);
    user.encrypted_password = given_hash;
  } else {
    const Secret chosen = password && !password->empty() ? *password : unguessable_password();
    require_length(chosen.reveal());
    user.encrypted_password = co_await context.passwords.hash(chosen);
  }
  json::object app{{"provider", "email"}, {"providers", json::array{"email"}}};
  if (body->app_metadata) {
    for (const auto& [key, value] : *body->app_metadata) app.insert_or_assign(key, value);
  }
  user.app_metadata = json::serialize(app);
  json::object metadata = body->user_metadata.value_or(json::object());
  if (user.confirmed) metadata["email_verified"] = true;
  user.user_metadata = json::serialize(metadata);
  user.identity_data = json::serialize(email_identity_data(user.id, user.email, nullptr));

  User actor;
  actor.id = user.id;
  actor.email = user.email;
  std::vector<pg::Statement> statements = insert_user(user);
  if (const auto& ban = body->ban_duration) statements.push_back(set_ban(user.id, *ban));
  statements.push_back(audit("user_signedup", "team", actor, origin_of(request), R"({"provider":"email"})"));
  co_return co_await write_and_show(context, Subject::new_user, std::move(statements), user.id);
}

Task<JsonText> read_user_as_admin(const AuthContext& context, const Request& request, const Administrator&) {
  const Uuid id = require_user_id(request);
  const User user = co_await require_user(context, id);
  co_return user.to_json();
}

Task<JsonText> update_user_as_admin(const AuthContext& context, const Request& request, const Administrator&,
                                    Sent<AdminBody> body) {
  const Uuid id = require_user_id(request);
  const User user = co_await require_user(context, id);
  std::vector<pg::Statement> statements;
  const auto update = [&](std::string assignment, pg::Parameter value) {
    std::vector<pg::Parameter> values{id, std::move(value)};
    statements.emplace_back("update auth.users set " + std::move(assignment) + ", updated_at = now() where id = $1",
                            std::move(values));
  };
  const bool confirms = body->email_confirm.value_or(false);
  if (const auto& role = body->role; role && !role->empty()) update("role = $2", *role);
  if (const auto& email = body->email; email && !email->empty()) {
    const std::string address = require_email(*email);
    update("email = $2", address);
    statements.push_back(set_email_identity(id, address, confirms));
  }
  if (const auto& password = body->password) {
    require_strength(password->reveal(), context.config);
    std::string hash = co_await context.passwords.hash(*password);
    update("encrypted_password = $2", std::move(hash));
    std::vector<pg::Parameter> owner{id};
    statements.emplace_back("delete from auth.sessions where user_id = $1", std::move(owner));
  }
  if (confirms) update("email_confirmed_at = coalesce(email_confirmed_at, now()), is_anonymous = $2", false);
  if (const auto& data = body->user_metadata) {
    update("raw_user_meta_data = " + merged_metadata_sql("raw_user_meta_data", "$2"), json::serialize(*data));
  }
  if (const auto& data = body->app_metadata) {
    update("raw_app_meta_data = " + merged_metadata_sql("raw_app_meta_data", "$2"), json::serialize(*data));
  }
  if (const auto& ban = body->ban_duration) statements.push_back(set_ban(id, *ban));
  statements.push_back(audit("user_modified", "user", user, origin_of(request)));
  co_return co_await write_and_show(context, Subject::known_user, std::move(statements), id);
}

Task<JsonText> delete_user(const AuthContext& context, const Request& request, const Administrator&,
                           Sent<DeletionBody, EmptyBody::allowed> body) {
  const Uuid id = require_user_id(request);
  const bool softly = body->should_soft_delete.value_or(false);
  const auto work = [&](pg::Transaction& transaction) -> Task<JsonText> {
    const std::optional<User> user = co_await lock_and_read_user(transaction, id, UserLock::deletion);
    if (!user) throw user_not_found();
    std::vector<pg::Statement> statements;
    std::vector<pg::Parameter> owner{id};
    if (!softly) {
      statements.emplace_back("delete from auth.users where id = $1", std::move(owner));
    } else if (!user->is_deleted) {
      statements = soft_deletion(owner);
    }
    statements.push_back(audit("user_deleted", "team", *user, origin_of(request)));
    static_cast<void>(co_await transaction.run_group(std::move(statements)));
    co_return JsonText("{}");
  };
  try {
    co_return co_await context.database.transaction(work);
  } catch (const pg::SqlError& failure) {
    if (softly) throw translate(failure, request, "Error soft deleting user");
    throw;
  }
}

}  // namespace

Router admin_user_routes() {
  Router routes;
  routes.post("/admin/users", create_user, when_refused("Database error creating new user"));
  routes.get("/admin/users/{user_id}", read_user_as_admin, when_refused("Database error loading user"));
  routes.put("/admin/users/{user_id}", update_user_as_admin, when_refused("Error updating user"));
  routes.delete_("/admin/users/{user_id}", delete_user, when_refused("Database error deleting user"));
  return routes;
}

}  // namespace bailey::stack::auth
