// POST /signup: e-mail and password, or nobody at all (anonymous, where that is enabled). With automatic confirmation
// the answer is a session; otherwise the bare user, and for an address that is taken GoTrue's obfuscated one: of a new
// id, but told by its empty `role` and `identities`, which is how client libraries find out.
#include <bailey/model/encode.hpp>
#include <bailey/model/json_text.hpp>
#include <bailey/pg/sql_error.hpp>

#include "stack/auth/compact_json.hpp"
#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/new_user.hpp"
#include "stack/auth/session.hpp"

namespace bailey::stack::auth {
namespace {

struct SignUpBody {
  std::optional<std::string> email, phone;
  std::optional<Secret> password;
  std::optional<json::object> data;
};

// A user nobody has, in the order of the API.
struct LookAlike {
  Uuid id = Uuid::random();
  std::string aud, role, email, phone, confirmation_sent_at;
  JsonText app_metadata{R"({"provider":"email","providers":["email"]})"};
  json::object user_metadata;
  json::array identities;
  std::string created_at, updated_at;
  bool is_anonymous = false;
};

Error trigger_has_undone_it() {
  return {"user_not_written", "a trigger on auth.users has undone the insertion of a user"};
}

AuthError already_registered() { return {422, "user_already_exists", "User already registered"}; }

// Throws unless this may be written: the rules in GoTrue's order.
void require_allowed(const AuthContext& context, const SignUpBody& body) {
  const std::optional<Secret>& password = body.password;
  if (!context.config.enable_signup) {
    throw AuthError(422, "signup_disabled", "Signups not allowed for this instance");
  }
  if (!password || password->empty()) {
    throw AuthError(400, "validation_failed", "Signup requires a valid password");
  }
  require_strength(password->reveal(), context.config);
  const bool has_phone = !body.phone.value_or("").empty();
  if (has_phone && !body.email.value_or("").empty()) {
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
Task<http::Response> write(const AuthContext& context, const Request& request, NewUser user,
                           std::optional<SignIn> sign_in) {
  User actor;
  actor.id = user.id;
  actor.email = user.email;
  const Origin origin = origin_of(request);
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
    if (!sign_in) co_return http::Response::json(200, written->to_json().text());
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

Task<http::Response> sign_up_anonymously(const AuthContext& context, const Request& request,
                                         const std::optional<json::object>& data) {
  if (!context.config.enable_anonymous_sign_ins) {
    throw AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled");
  }
  if (!context.config.enable_signup) {
    throw AuthError(422, "signup_disabled", "Signups not allowed for this instance");
  }
  NewUser user;
  user.aud = requested_audience(request);
  user.user_metadata = data ? json::serialize(*data) : "{}";
  user.is_anonymous = true;
  const SignIn sign_in{.user = user.id, .method = "anonymous", .origin = origin_of(request)};
  try {
    co_return co_await write(context, request, std::move(user), sign_in);
  } catch (const pg::SqlError& failure) {
    throw translate(failure, request, "Database error creating anonymous user");
  }
}

// Without automatic confirmation.
Task<http::Response> answer_for_existing(const AuthContext& context, const User& existing,
                                         const std::optional<json::object>& data) {
  if (existing.email_confirmed_at) {
    std::vector<pg::Parameter> nothing;
    pg::Statement clock("select replace((now() at time zone 'utc')::text, ' ', 'T') || 'Z'", std::move(nothing));
    const pg::Rows rows = co_await context.database.run(std::move(clock));
    const auto now = rows.get<std::string>(0, 0);
    co_return http::Response::json(200, encode(LookAlike{.aud = existing.aud,
                                                         .email = existing.email,
                                                         .confirmation_sent_at = now,
                                                         .user_metadata = data.value_or(json::object()),
                                                         .created_at = now,
                                                         .updated_at = now}));
  }
  // Unconfirmed: nothing of it changes but that a confirmation was asked for again.
  std::vector<pg::Parameter> by_id{existing.id};
  std::vector<pg::Statement> statements;
  statements.emplace_back(
      "update auth.users set confirmation_sent_at = now()"
      " where id = $1 and deleted_at is null and email_confirmed_at is null",
      by_id);
  append(statements, select_user(user_by_id, std::move(by_id)));
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(statements));
  const auto user = read_user_with_identities(rows.at(1), rows.at(2));
  const bool still_waits = user && !user->is_deleted && !user->email_confirmed_at;
  co_return http::Response::json(200, (still_waits ? *user : existing).to_json().text());
}

Task<http::Response> sign_up(const AuthContext& context, const Request& request, Sent<SignUpBody> body) {
  const std::optional<json::object>& data = body->data;
  if (body->email.value_or("").empty() && body->phone.value_or("").empty()) {
    co_return co_await sign_up_anonymously(context, request, data);
  }
  require_allowed(context, *body);
  NewUser user;
  user.aud = requested_audience(request);
  user.email = require_email(*body->email);
  user.app_metadata = R"({"provider":"email","providers":["email"]})";
  user.confirmed = context.autoconfirms_email();
  user.awaits_confirmation = !user.confirmed;
  json::object identity = email_identity_data(user.id, user.email, data ? &*data : nullptr);
  user.identity_data = json::serialize(identity);
  if (user.confirmed) identity["email_verified"] = true;
  user.user_metadata = json::serialize(identity);

  const std::optional<User> existing = co_await find_holder(context, user);
  if (existing && user.confirmed) throw already_registered();
  // For an address that is known as well, so that the time does not tell.
  user.encrypted_password = co_await context.passwords.hash(*body->password);
  if (existing) co_return co_await answer_for_existing(context, *existing, data);

  std::optional<SignIn> sign_in;
  if (user.confirmed) sign_in = SignIn{.user = user.id, .method = "password", .origin = origin_of(request)};
  co_return co_await write(context, request, std::move(user), std::move(sign_in));
}

}  // namespace

Router sign_up_routes() {
  Router routes;
  routes.post("/signup", sign_up, when_refused("Database error saving new user"));
  return routes;
}

}  // namespace bailey::stack::auth
