// One table says what of a user's row the API shows, in its order; the select list and the JSON are both made from it.
#include "stack/auth/user.hpp"

#include <bailey/model/encode.hpp>

#include <array>

#include "stack/auth/compact_json.hpp"

namespace bailey::stack::auth {
namespace {

enum class Kind { text, time, optional_text, json, boolean };

struct Column {
  std::string_view key, sql;
  Kind kind;
};

constexpr std::array emitted{
    Column{"id", "id", Kind::text},
    Column{"aud", "coalesce(aud, '')", Kind::text},
    Column{"role", "coalesce(role, '')", Kind::text},
    Column{"email", "coalesce(email, '')", Kind::text},
    Column{"email_confirmed_at", "email_confirmed_at", Kind::time},
    Column{"invited_at", "invited_at", Kind::time},
    Column{"phone", "coalesce(phone, '')", Kind::text},
    Column{"phone_confirmed_at", "phone_confirmed_at", Kind::time},
    Column{"confirmation_sent_at", "confirmation_sent_at", Kind::time},
    Column{"confirmed_at", "confirmed_at", Kind::time},
    Column{"recovery_sent_at", "recovery_sent_at", Kind::time},
    Column{"new_email", "nullif(email_change, '')", Kind::optional_text},
    Column{"email_change_sent_at", "email_change_sent_at", Kind::time},
    Column{"new_phone", "nullif(phone_change, '')", Kind::optional_text},
    Column{"phone_change_sent_at", "phone_change_sent_at", Kind::time},
    Column{"reauthentication_sent_at", "reauthentication_sent_at", Kind::time},
    Column{"last_sign_in_at", "last_sign_in_at", Kind::time},
    Column{"app_metadata", "coalesce(raw_app_meta_data, '{}')", Kind::json},
    Column{"user_metadata", "coalesce(raw_user_meta_data, '{}')", Kind::json},
    Column{"created_at", "created_at", Kind::time},
    Column{"updated_at", "updated_at", Kind::time},
    Column{"banned_until", "banned_until", Kind::time},
    Column{"deleted_at", "deleted_at", Kind::time},
    Column{"is_anonymous", "is_anonymous", Kind::boolean},
};

constexpr std::size_t index_of(std::string_view key) {
  for (std::size_t i = 0; i < emitted.size(); ++i) {
    if (emitted[i].key == key) return i;
  }
  return emitted.size();
}

// PostgreSQL trims the fraction as the API wants it.
std::string time_sql(std::string_view column) {
  return "replace((" + std::string(column) + " at time zone 'utc')::text, ' ', 'T') || 'Z'";
}

}  // namespace

JsonText User::to_json() const {
  std::string out = "{";
  const auto member = [&](std::string_view name) {
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
  };
  for (std::size_t i = 0; i < emitted.size(); ++i) {
    const auto& [key, sql, kind] = emitted[i];
    const std::optional<std::string>& value = columns[i];
    if (key == "created_at") {
      member("identities");
      encode(identities, out);
    }
    if (!value && (kind == Kind::time || kind == Kind::optional_text)) continue;
    member(key);
    switch (kind) {
      case Kind::json: out += value.value_or("{}"); break;
      case Kind::boolean: out += value == "t" ? "true" : "false"; break;
      case Kind::text:
      case Kind::time:
      case Kind::optional_text: append_json_string(out, value.value_or("")); break;
    }
  }
  return JsonText(std::move(out) + "}");
}

const std::string& user_columns() {
  static const std::string list = [] {
    std::string sql;
    for (const Column& column : emitted) {
      sql += (column.kind == Kind::time ? time_sql(column.sql) : std::string(column.sql)) + ", ";
    }
    return sql + "encrypted_password, coalesce(banned_until > now(), false), is_sso_user";
  }();
  return list;
}

User read_user(const pg::Rows& rows, std::size_t row) {
  User user;
  for (std::size_t i = 0; i < emitted.size(); ++i) {
    auto value = rows.get<std::optional<std::string>>(row, i);
    if (value && emitted[i].kind == Kind::json) value = compact_json(*value);
    user.columns.push_back(std::move(value));
  }
  const auto text = [&](std::string_view key) { return user.columns[index_of(key)]; };
  user.id = rows.get<Uuid>(row, index_of("id"));
  user.aud = text("aud").value_or("");
  user.role = text("role").value_or("");
  user.email = text("email").value_or("");
  user.phone = text("phone").value_or("");
  user.app_metadata = text("app_metadata").value_or("{}");
  user.user_metadata = text("user_metadata").value_or("{}");
  user.email_confirmed_at = text("email_confirmed_at");
  user.phone_confirmed_at = text("phone_confirmed_at");
  user.is_anonymous = rows.get<bool>(row, index_of("is_anonymous"));
  user.is_deleted = text("deleted_at").has_value();
  user.encrypted_password = rows.get<std::optional<std::string>>(row, emitted.size());
  user.is_banned = rows.get<bool>(row, emitted.size() + 1);
  user.is_sso_user = rows.get<bool>(row, emitted.size() + 2);
  return user;
}

std::vector<pg::Statement> select_user(std::string_view condition, std::vector<pg::Parameter> parameters) {
  static const std::string identity_columns = "id, provider_id, user_id, identity_data, provider, " +
                                              time_sql("last_sign_in_at") + ", " + time_sql("created_at") + ", " +
                                              time_sql("updated_at") + ", email";
  std::string users = "select " + user_columns() + " from auth.users where " + std::string(condition);
  std::string identities = "select " + identity_columns +
                           " from auth.identities where user_id = (select id from auth.users where " +
                           std::string(condition) + ") order by created_at, provider";
  std::vector<pg::Statement> statements;
  statements.emplace_back(std::move(users), parameters);
  statements.emplace_back(std::move(identities), std::move(parameters));
  return statements;
}

std::optional<User> read_user_with_identities(const pg::Rows& users, const pg::Rows& identities) {
  if (users.empty()) return std::nullopt;
  User user = read_user(users, 0);
  user.identities.emplace();
  for (std::size_t row = 0; row < identities.size(); ++row) {
    const auto text = [&](std::size_t column) { return identities.get<std::optional<std::string>>(row, column); };
    const auto if_any = [&](std::size_t column) {
      std::optional<std::string> value = text(column);
      return value ? Maybe<std::string>(*std::move(value)) : Maybe<std::string>();
    };
    user.identities->push_back({.identity_id = text(0).value_or(""),
                                .id = text(1).value_or(""),
                                .user_id = text(2).value_or(""),
                                .identity_data = JsonText(compact_json(text(3).value_or("{}"))),
                                .provider = text(4).value_or(""),
                                .last_sign_in_at = if_any(5),
                                .created_at = text(6).value_or(""),
                                .updated_at = text(7).value_or(""),
                                .email = if_any(8)});
  }
  return user;
}

}  // namespace bailey::stack::auth
