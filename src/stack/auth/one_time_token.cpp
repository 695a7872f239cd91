// All that is asked of the database about a token goes with the lock in one group: each statement of it sees what was
// committed when the lock was had. So of two who bring one token the second finds none.
#include "stack/auth/one_time_token.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/random.hpp>
#include <bailey/base/secret.hpp>

#include <openssl/evp.h>
#include <array>
#include <span>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {
namespace {

struct TokenColumns {
  std::string_view type;  // of auth.one_time_token_type; also the column of auth.users
  std::string_view sent_at;
};

// In the order of TokenType.
constexpr std::array columns{
    TokenColumns{"confirmation_token", "confirmation_sent_at"},
    TokenColumns{"reauthentication_token", "reauthentication_sent_at"},
    TokenColumns{"recovery_token", "recovery_sent_at"},
    TokenColumns{"email_change_token_new", "email_change_sent_at"},
    TokenColumns{"email_change_token_current", "email_change_sent_at"},
    TokenColumns{"phone_change_token", "phone_change_sent_at"},
};
const TokenColumns& columns_of(TokenType type) { return columns[static_cast<std::size_t>(type)]; }

constexpr std::string_view in_instance = "instance_id = '00000000-0000-0000-0000-000000000000' and ";

std::string age_sql(std::string_view sent_at) {
  return "(extract(epoch from clock_timestamp() - " + std::string(sent_at) + ") * 1000)::bigint";
}

AuthError link_refused() { return {403, "otp_expired", "Email link is invalid or has expired"}; }
AuthError code_refused() { return {403, "otp_expired", "Token has expired or is invalid"}; }

void require_not_banned(const User& user) {
  if (user.is_banned) throw AuthError(403, "user_banned", "User is banned");
}

using Age = std::optional<std::int64_t>;  // milliseconds since a token was sent; nullopt: never

bool is_fresh(Age age, std::chrono::seconds lifetime) { return age && std::chrono::milliseconds(*age) <= lifetime; }

bool is_token(std::string_view stored, const std::string& token) {
  // Both are compared, so that the time does not tell of which kind a token is.
  const bool is_plain = equal_in_constant_time(stored, token);
  const bool is_pkce = equal_in_constant_time(stored, std::string(pkce_prefix) + token);
  return is_plain || is_pkce;
}

// The first statements of an issue: the user's lock, and when a token of this type was sent last.
std::vector<pg::Statement> begin_issue(const Uuid& user, TokenType type) {
  std::vector<pg::Statement> statements;
  statements.push_back(lock_user(user));
  std::vector<pg::Parameter> values{user};
  statements.emplace_back("select " + age_sql(columns_of(type).sent_at) + " from auth.users where id = $1",
                          std::move(values));
  return statements;
}

// Throws what `begin_issue` has found. What came after it in its group goes with the transaction.
void require_pause(const pg::Rows& age, std::chrono::milliseconds pause, std::string_view code) {
  if (age.empty()) throw AuthError(404, "user_not_found", "User not found");
  const Age since = age.get<Age>(0, 0);
  if (!since || pause.count() <= 0) return;
  const std::chrono::milliseconds left = pause - std::chrono::milliseconds(*since);
  if (left.count() <= 0) return;
  throw AuthError(429, std::string(code),
                  "For security purposes, you can only request this after " +
                      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(left).count()) + " seconds.");
}

// The row of auth.one_time_tokens, in place of the last one.
pg::Statement put_row(const Uuid& user, TokenType type, const std::string& token, std::string_view address) {
  std::vector<pg::Parameter> values{Uuid::random(), user, columns_of(type).type, token, ascii::to_lower(address)};
  return {
      "insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)"
      " select $1::uuid, id, $3::auth.one_time_token_type, $4::text, $5::text from auth.users where id = $2"
      " on conflict (user_id, token_type) do update set id = excluded.id, token_hash = excluded.token_hash,"
      " relates_to = excluded.relates_to, created_at = excluded.created_at, updated_at = excluded.updated_at",
      std::move(values)};
}

std::vector<pg::Statement> clear(const Uuid& user, TokenType type) {
  const TokenColumns& of = columns_of(type);
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> by_user{user};
  statements.emplace_back("update auth.users set " + std::string(of.type) + " = '', updated_at = now() where id = $1",
                          std::move(by_user));
  std::vector<pg::Parameter> by_type{user, of.type};
  statements.emplace_back("delete from auth.one_time_tokens where user_id = $1 and token_type = $2",
                          std::move(by_type));
  return statements;
}

IssuedToken new_token(const std::string& address, unsigned digits, bool is_pkce,
                      const std::optional<std::string>& code = std::nullopt) {
  IssuedToken issued{.code = code ? *code : new_code(digits), .token = {}};
  issued.token = (is_pkce ? std::string(pkce_prefix) : std::string()) + token_of(address, issued.code);
  return issued;
}

// ('recovery_token', 'confirmation_token'), for SQL.
std::string type_list(const std::vector<TokenType>& types) {
  std::string list = "(";
  for (const TokenType type : types) list.append(list.size() > 1 ? ", '" : "'").append(columns_of(type).type) += "'";
  return list + ")";
}

std::optional<TokenType> type_of(std::string_view text) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].type == text) return static_cast<TokenType>(i);
  }
  return std::nullopt;
}

// Whose a typed code may be: SQL over auth.users. `$1` is the address, `$2` the audience, `$3` and `$4` the token
// without and with its prefix.
std::string owner_of(const TypedCode& typed) {
  std::string condition(in_instance);
  switch (typed.types.front()) {
    case TokenType::email_change_new:
    case TokenType::email_change_current:
      // As in GoTrue, where the address is a part of the token.
      return condition +
             "$1::text is not null and aud = $2 and is_sso_user = false and id = (select user_id from"
             " auth.one_time_tokens where token_type in " +
             type_list(typed.types) + " and token_hash in ($3, $4) order by token_type desc limit 1)";
    case TokenType::phone_change:
      // Several may be about to have one number; whose code it is, is meant.
      return condition +
             "id = (select id from auth.users where phone_change = $1 and aud = $2 and is_sso_user = false"
             " order by phone_change_token in ($3, $4) desc, phone_change_sent_at desc nulls last limit 1)";
    default:
      return condition + (typed.is_phone ? "phone" : "lower(email)") +
             " = $1 and aud = $2 and is_sso_user = false and ($3::text, $4::text) is not null";
  }
}

}  // namespace

std::string new_code(unsigned digits) {
  if (digits == 0 || digits > 18) throw Error("invalid_code_length", "a code has 1 to 18 digits");
  std::uint64_t count = 1;
  for (unsigned i = 0; i < digits; ++i) count *= 10;
  // What is beyond the last whole multiple would make the first codes likelier than the others.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % count;
  std::array<std::uint64_t, 1> drawn{};
  do {
    random_bytes(std::as_writable_bytes(std::span(drawn)));
  } while (drawn[0] >= limit);
  std::string code = std::to_string(drawn[0] % count);
  return code.insert(0, digits - code.size(), '0');
}

std::string token_of(std::string_view address, std::string_view code) {
  std::string text(address);
  text += code;
  std::array<unsigned char, 28> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha224(), nullptr) != 1) {
    throw Error("no_sha224", "OpenSSL has no SHA-224");
  }
  wipe(text);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

Task<IssuedToken> issue_token(pg::Transaction& transaction, Uuid user, TokenIssue issue) {
  IssuedToken issued = new_token(issue.address, issue.digits, issue.is_pkce, issue.code);
  const TokenColumns& of = columns_of(issue.type);
  std::vector<pg::Statement> statements = begin_issue(user, issue.type);
  std::string change = "update auth.users set " + std::string(of.type) + " = $2, " + std::string(of.sent_at) +
                       " = clock_timestamp(), updated_at = now()";
  std::vector<pg::Parameter> values{user, issued.token};
  if (issue.type == TokenType::phone_change) {
    change += ", phone_change = $3";
    values.emplace_back(issue.address);
  }
  statements.emplace_back(change + " where id = $1", std::move(values));
  statements.push_back(put_row(user, issue.type, issued.token, issue.address));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
  require_pause(rows.at(1), issue.pause, issue.pause_code);
  co_return issued;
}

Task<IssuedEmailChange> issue_email_change(pg::Transaction& transaction, Uuid user, EmailChangeIssue issue) {
  IssuedEmailChange issued{.to_new = new_token(issue.new_email, issue.digits, issue.is_pkce), .to_current = {}};
  if (!issue.current_email.empty()) {
    issued.to_current = new_token(issue.current_email, issue.digits, issue.is_pkce);
  }
  std::vector<pg::Statement> statements = begin_issue(user, TokenType::email_change_new);
  std::vector<pg::Parameter> values{user, issue.new_email, issued.to_new.token,
                                    issued.to_current ? issued.to_current->token : std::string()};
  statements.emplace_back(
      "update auth.users set email_change = $2, email_change_token_new = $3, email_change_token_current = $4,"
      " email_change_sent_at = clock_timestamp(), email_change_confirm_status = 0, updated_at = now() where id = $1",
      std::move(values));
  statements.push_back(put_row(user, TokenType::email_change_new, issued.to_new.token, issue.new_email));
  if (issued.to_current) {
    statements.push_back(put_row(user, TokenType::email_change_current, issued.to_current->token, issue.current_email));
  } else {
    std::vector<pg::Parameter> by_user{user};
    statements.emplace_back(
        "delete from auth.one_time_tokens where user_id = $1 and token_type = 'email_change_token_current'",
        std::move(by_user));
  }
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
  require_pause(rows.at(1), issue.pause, "over_email_send_rate_limit");
  co_return issued;
}

Task<TakenToken> take_linked_token(pg::Transaction& transaction, std::vector<TokenType> types, std::string token,
                                   std::chrono::seconds lifetime) {
  const std::string row = " from auth.one_time_tokens where token_hash = $1 and token_type in " + type_list(types) +
                          " order by token_type limit 1";
  const std::string owner = std::string(in_instance) + "id = (select user_id" + row + ")";
  const std::vector<pg::Parameter> by_token{token};
  std::vector<pg::Statement> reads;
  reads.emplace_back("select id from auth.users where " + owner + " for no key update", by_token);
  std::string sent_at = "case token_type";
  for (const TokenColumns& of : columns) sent_at.append(" when '").append(of.type).append("' then ").append(of.sent_at);
  reads.emplace_back("select token_type::text, " + age_sql(sent_at + " end") + " from (select user_id, token_type" +
                         row + ") t join auth.users u on u.id = t.user_id",
                     by_token);
  for (pg::Statement& half : select_user(owner, by_token)) reads.push_back(std::move(half));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  std::optional<User> user = read_user_with_identities(rows.at(2), rows.at(3));
  if (rows.at(0).empty() || rows.at(1).empty() || !user || user->is_deleted) throw link_refused();
  // Whose row was locked: it may have become another's while the lock was waited for.
  if (rows.at(0).get<Uuid>(0, 0) != user->id) throw link_refused();
  require_not_banned(*user);
  const std::optional<TokenType> type = type_of(rows.at(1).get<std::string>(0, 0));
  if (!type || !is_fresh(rows.at(1).get<Age>(0, 1), lifetime)) throw link_refused();

  static_cast<void>(co_await transaction.run_group(clear(user->id, *type)));
  co_return TakenToken{.user = std::move(*user), .type = *type, .is_pkce = token.starts_with(pkce_prefix)};
}

Task<TakenToken> take_typed_code(pg::Transaction& transaction, TypedCode typed, std::chrono::seconds lifetime) {
  const std::string token = token_of(typed.address, typed.code);
  const std::string owner = owner_of(typed);
  const std::vector<pg::Parameter> values{typed.address, typed.audience, token, std::string(pkce_prefix) + token};
  std::vector<pg::Statement> reads;
  reads.emplace_back("select id from auth.users where " + owner + " for no key update", values);
  std::string stored = "select id";
  for (const TokenType type : typed.types) {
    const TokenColumns& of = columns_of(type);
    stored += ", coalesce(" + std::string(of.type) + ", ''), " + age_sql(of.sent_at);
  }
  reads.emplace_back(stored + " from auth.users where " + owner, values);
  for (pg::Statement& half : select_user(owner, values)) reads.push_back(std::move(half));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  const pg::Rows& found = rows.at(1);
  std::optional<User> user = read_user_with_identities(rows.at(2), rows.at(3));
  if (rows.at(0).empty() || found.empty() || !user || user->is_deleted) throw code_refused();
  const Uuid locked = rows.at(0).get<Uuid>(0, 0);
  if (locked != user->id || locked != found.get<Uuid>(0, 0)) throw code_refused();
  require_not_banned(*user);

  std::optional<TokenType> type;
  bool is_pkce = false;
  for (std::size_t i = 0; i < typed.types.size(); ++i) {
    const auto kept = found.get<std::string>(0, 1 + 2 * i);
    if (type || !is_token(kept, token) || !is_fresh(found.get<Age>(0, 2 + 2 * i), lifetime)) continue;
    type = typed.types[i];
    is_pkce = kept.starts_with(pkce_prefix);
  }
  if (typed.test_code && equal_in_constant_time(*typed.test_code, typed.code)) type = typed.types.front();
  if (!type) throw code_refused();
  static_cast<void>(co_await transaction.run_group(clear(user->id, *type)));
  co_return TakenToken{.user = std::move(*user), .type = *type, .is_pkce = is_pkce};
}

Task<> take_reauthentication_code(pg::Transaction& transaction, Uuid user, std::string address, std::string code,
                                  std::chrono::seconds lifetime) {
  const auto refuse = [](std::string message) { return AuthError(422, "reauthentication_not_valid", message); };
  if (address.empty()) throw refuse("Reauthentication requires an email or a phone number");
  std::vector<pg::Statement> reads;
  reads.push_back(lock_user(user));
  std::vector<pg::Parameter> by_user{user};
  reads.emplace_back("select coalesce(reauthentication_token, ''), " + age_sql("reauthentication_sent_at") +
                         " from auth.users where id = $1",
                     std::move(by_user));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  const pg::Rows& found = rows.at(1);
  const bool is_good = !found.empty() && is_token(found.get<std::string>(0, 0), token_of(address, code)) &&
                       is_fresh(found.get<Age>(0, 1), lifetime);
  if (!is_good) throw refuse("Nonce has expired or is invalid");
  static_cast<void>(co_await transaction.run_group(clear_tokens(user)));
}

std::vector<pg::Statement> clear_tokens(const Uuid& user) {
  std::string change = "update auth.users set updated_at = now()";
  for (const TokenColumns& of : columns) change.append(", ").append(of.type).append(" = ''");
  std::vector<pg::Statement> statements;
  const std::vector<pg::Parameter> by_user{user};
  statements.emplace_back(change + " where id = $1", by_user);
  statements.emplace_back("delete from auth.one_time_tokens where user_id = $1", by_user);
  return statements;
}

}  // namespace bailey::stack::auth
