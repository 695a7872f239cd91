#include "stack/auth/mfa_factor.hpp"

#include <boost/json.hpp>

#include <array>

namespace bailey::stack::auth {
namespace {

struct Names {
  std::string_view type, method;
};
// In the order of FactorType.
constexpr std::array names{Names{"totp", "totp"}, Names{"phone", "mfa/phone"}, Names{"webauthn", "mfa/webauthn"}};

std::string time_sql(std::string_view column) {
  return "replace((" + std::string(column) + " at time zone 'utc')::text, ' ', 'T') || 'Z'";
}

}  // namespace

std::string_view to_text(FactorType type) { return names[static_cast<std::size_t>(type)].type; }

std::optional<FactorType> factor_type_of(std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].type == text) return static_cast<FactorType>(i);
  }
  return std::nullopt;
}

std::string_view method_of(FactorType type) { return names[static_cast<std::size_t>(type)].method; }

bool is_second_factor(std::string_view method) {
  for (const Names& known : names) {
    if (known.method == method) return true;
  }
  return false;
}

std::string MfaFactor::to_json() const {
  boost::json::object out{{"id", id.to_string()},
                          {"created_at", created_at},
                          {"updated_at", updated_at},
                          {"status", is_verified ? "verified" : "unverified"}};
  if (!friendly_name.empty()) out["friendly_name"] = friendly_name;
  out["factor_type"] = to_text(type);
  out["phone"] = phone;
  out["last_challenged_at"] = nullptr;
  if (last_challenged_at) out["last_challenged_at"] = *last_challenged_at;
  if (web_authn_aaguid) out["web_authn_aaguid"] = *web_authn_aaguid;
  if (last_webauthn_challenge_data) {
    out["last_webauthn_challenge_data"] = boost::json::parse(*last_webauthn_challenge_data);
  }
  return boost::json::serialize(out);
}

std::string to_json(const std::vector<MfaFactor>& factors) {
  std::string list = "[";
  for (const MfaFactor& factor : factors) {
    if (list.size() > 1) list += ',';
    list += factor.to_json();
  }
  return list + "]";
}

pg::Statement select_factors(const Uuid& user) {
  static const std::string sql =
      "select id, user_id, " + time_sql("created_at") + ", " + time_sql("updated_at") +
      ", factor_type::text, status = 'verified', coalesce(friendly_name, ''), coalesce(phone, ''), " +
      time_sql("last_challenged_at") +
      ", web_authn_aaguid::text, last_webauthn_challenge_data::text, coalesce(secret, ''),"
      " (extract(epoch from clock_timestamp() - last_challenged_at) * 1000)::bigint"
      " from auth.mfa_factors where user_id = $1 order by created_at, id";
  std::vector<pg::Parameter> by_user{user};
  return {sql, std::move(by_user)};
}

std::vector<MfaFactor> read_factors(const pg::Rows& rows) {
  using Text = std::optional<std::string>;
  std::vector<MfaFactor> factors;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    factors.push_back({.id = rows.get<Uuid>(row, 0),
                       .user = rows.get<Uuid>(row, 1),
                       .created_at = rows.get<std::string>(row, 2),
                       .updated_at = rows.get<std::string>(row, 3),
                       .type = factor_type_of(rows.get<std::string>(row, 4)).value_or(FactorType::totp),
                       .is_verified = rows.get<bool>(row, 5),
                       .friendly_name = rows.get<std::string>(row, 6),
                       .phone = rows.get<std::string>(row, 7),
                       .last_challenged_at = rows.get<Text>(row, 8),
                       .web_authn_aaguid = rows.get<Text>(row, 9),
                       .last_webauthn_challenge_data = rows.get<Text>(row, 10),
                       .stored_secret = rows.get<std::string>(row, 11),
                       .since_challenge_ms = rows.get<std::optional<std::int64_t>>(row, 12)});
  }
  return factors;
}

}  // namespace bailey::stack::auth
