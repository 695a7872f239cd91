// POST /signup: e-mail and password, or nobody at all (anonymous, where that is enabled). With automatic confirmation
// the answer is a session; otherwise the bare user, and for an address that is taken GoTrue's obfuscated one: of a new
// id, but told by its empty `role` and `identities`, which is how client libraries find out.
#include <bailey/pg/sql_error.hpp>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/json_body.hpp"
#include "stack/auth/json_writer.hpp"
#include "stack/auth/new_user.hpp"
#include "stack/auth/session.hpp"

namespace bailey::stack::auth {
namespace {

namespace json = boost::json;

Error trigger_has_undone_it() {
  return {"user_not_written", "a trigger on auth.users has undone the insertion of a user"};
}

AuthError already_registered() { return {422, "user_already_exists", "User already registered"}; }

// A user nobody has, as GoTrue makes them up.
std::string look_alike(const std::string& email, const std::string& audience, const json::object* data,
                       std::string_view now) {
  JsonObjectWriter out;
  out.text("id", Uuid::random().to_string())
      .text("aud", audience)
      .text("role", "")
      .text("email", email)
      .text("phone", "")
      .text("confirmation_sent_at", now)
      .raw("app_metadata", R"({"provider":"email","providers":["email"]})")
      .raw("user_metadata", data == nullptr ? "{}" : json::serialize(*data))
      .raw("identities", "[]")
      .text("created_at", now)
      .text("updated_at", now)
      .boolean("is_anonymous", false);
  return std::move(out).finish();
}

// Throws unless this may be written: the rules in GoTrue's order.
void require_allowed(const AuthContext& context, const JsonBody& body, const std::optional<Secret>& password) {
  if (!context.config.enable_signup) {
    throw AuthError(422, "signup_disabled", "Signups not allowed for this instance");
  }
  if (!password || password->empty()) {
    throw AuthError(400, "validation_failed", "Signup requires a valid password");
  }
  require_strength(password->reveal(), context.config);
  const bool has_phone = !body.text_or_empty("phone").empty();
  if (has_phone && !body.text_or_empty("email").empty()) {
    throw AuthError(400, "validation_failed", "Only an email address or phone number should be provided on signup.");
  }
  if (has_phone) throw AuthError(400, "phone_provider_disabled", "Phone signups are disabled");
  if (!context.config.email.enable_signup) {
    throw AuthError(400, "email_provider_disabled", "Email signups are disabled");
  }
}

// Who has the address of this new user; nullopt: nobody. Throws when the new user's token would be too long or the
// database cannot hold the metadata, whether somebody has the address or not: an answer must not tell.
Task<std::optional<User>> find_holder(const AuthContext& context, const NewUser& user) {
  std::vector<pg::Parameter> parameters{user.email, user.aud};
  std::vector<pg::Statement> statements = select_user(user_by_email, std::move(parameters));
  std::vector<pg::Parameter> metadata{user.user_metadata};
  statements.emplace_back("select $1::jsonb", std::move(metadata));  // numbers get longer, blanks go
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(statements));
  User prospect;
  prospect.id = user.id;
  prospect.aud = user.aud;
  prospect.role = user.role;
  prospect.email = user.email;
  prospect.app_metadata = user.app_metadata;
  prospect.user_metadata = compact_json(rows.at(2).get<std::string>(0, 0));
  require_token_fits(context, prospect);
  co_return read_user_with_identities(rows.at(0), rows.at(1));
}

// Writes the user, and a session if they are to have one, in one transaction, and answers with what triggers have made
// of it.
Task<http::Response> write(const Call& call, NewUser user, std::optional<SignIn> sign_in) {
  const AuthContext& context = call.context;
  User actor;
  actor.id = user.id;
  actor.email = user.email;
  const Origin origin = origin_of(call.request);
  const std::string_view traits = user.is_anonymous ? "{}" : R"({"provider":"email"})";
  const auto work = [&](pg::Transaction& transaction) -> Task<http::Response> {
    std::vector<pg::Statement> statements = insert_user(user);
    statements.push_back(audit(user.awaits_confirmation ? "user_confirmation_requested" : "user_signedup",
                               user.awaits_confirmation ? "user" : "team", actor, origin, traits));
    if (sign_in) statements.push_back(audit("login", "account", actor, origin, traits));
    std::vector<pg::Parameter> by_id{user.id};
    append(statements, select_user(user_by_id, std::move(by_id)));
    const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
    const auto written = read_user_with_identities(rows.at(rows.size() - 2), rows.at(rows.size() - 1));
    if (!written) throw trigger_has_undone_it();
    require_token_fits(context, *written);
    if (!sign_in) co_return http::Response::json(200, written->to_json());
    const std::optional<Grant> grant = co_await open_session(transaction, context, *sign_in);
    if (!grant) throw trigger_has_undone_it();
    co_return to_response(context, *grant);
  };
  try {
    co_return co_await context.database.transaction(work);
  } catch (const pg::SqlError& failure) {
    if (is_duplicate_email(failure)) throw already_registered();
    throw;
  }
}

Task<http::Response> sign_up_anonymously(const Call& call, const json::object* data) {
  if (!call.context.config.enable_anonymous_sign_ins) {
    throw AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled");
  }
  if (!call.context.config.enable_signup) {
    throw AuthError(422, "signup_disabled", "Signups not allowed for this instance");
  }
  NewUser user;
  user.aud = requested_audience(call.request);
  user.user_metadata = data == nullptr ? "{}" : json::serialize(*data);
  user.is_anonymous = true;
  const SignIn sign_in{.user = user.id, .method = "anonymous", .origin = origin_of(call.request)};
  try {
    co_return co_await write(call, std::move(user), sign_in);
  } catch (const pg::SqlError& failure) {
    throw translate(failure, call.request, "Database error creating anonymous user");
  }
}

// Without automatic confirmation.
Task<http::Response> answer_for_existing(const Call& call, const User& existing, const json::object* data) {
  if (existing.email_confirmed_at) {
    std::vector<pg::Parameter> nothing;
    pg::Statement clock("select replace((now() at time zone 'utc')::text, ' ', 'T') || 'Z'", std::move(nothing));
    const pg::Rows rows = co_await call.context.database.run(std::move(clock));
    co_return http::Response::json(200, look_alike(existing.email, existing.aud, data, rows.get<std::string>(0, 0)));
  }
  // Unconfirmed: nothing of it changes but that a confirmation was asked for again.
  std::vector<pg::Parameter> by_id{existing.id};
  std::vector<pg::Statement> statements;
  statements.emplace_back(
      "update auth.users set confirmation_sent_at = now()"
      " where id = $1 and deleted_at is null and email_confirmed_at is null",
      by_id);
  append(statements, select_user(user_by_id, std::move(by_id)));
  const std::vector<pg::Rows> rows = co_await call.context.database.run_group(std::move(statements));
  const auto user = read_user_with_identities(rows.at(1), rows.at(2));
  const bool still_waits = user && !user->is_deleted && !user->email_confirmed_at;
  co_return http::Response::json(200, still_waits ? user->to_json() : existing.to_json());
}

}  // namespace

Task<http::Response> sign_up(const Call& call) {
  const AuthContext& context = call.context;
  const JsonBody body = co_await JsonBody::read(call.request);
  const json::object* data = body.object("data");
  if (body.text_or_empty("email").empty() && body.text_or_empty("phone").empty()) {
    co_return co_await sign_up_anonymously(call, data);
  }
  const std::optional<Secret> password = body.secret("password");
  require_allowed(context, body, password);
  NewUser user;
  user.aud = requested_audience(call.request);
  user.email = require_email(body.text_or_empty("email"));
  user.app_metadata = R"({"provider":"email","providers":["email"]})";
  user.confirmed = context.autoconfirms_email();
  user.awaits_confirmation = !user.confirmed;
  json::object identity = email_identity_data(user.id, user.email, data);
  user.identity_data = json::serialize(identity);
  if (user.confirmed) identity["email_verified"] = true;
  user.user_metadata = json::serialize(identity);

  const std::optional<User> existing = co_await find_holder(context, user);
  if (existing && user.confirmed) throw already_registered();
  // For an address that is known as well, so that the time does not tell.
  user.encrypted_password = co_await context.passwords.hash(*password);
  if (existing) co_return co_await answer_for_existing(call, *existing, data);

  std::optional<SignIn> sign_in;
  if (user.confirmed) sign_in = SignIn{.user = user.id, .method = "password", .origin = origin_of(call.request)};
  co_return co_await write(call, std::move(user), std::move(sign_in));
}

}  // namespace bailey::stack::auth
