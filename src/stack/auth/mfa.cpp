#include "stack/auth/mfa.hpp"

#include <bailey/base/secret.hpp>

#include <boost/json.hpp>

#include <algorithm>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/totp.hpp"

namespace bailey::stack::auth {
namespace {

namespace json = boost::json;

constexpr std::string_view log_type = "factor";

AuthError mismatch() { return {422, "mfa_ip_address_mismatch", "Challenge and verify IP addresses mismatch."}; }

pg::Statement select_level(const Uuid& session) {
  std::vector<pg::Parameter> by_session{session};
  return {"select coalesce(aal >= 'aal2', false) from auth.sessions where id = $1", std::move(by_session)};
}
bool is_second_level(const pg::Rows& rows) { return !rows.empty() && rows.get<bool>(0, 0); }

// GoTrue's checks before another factor, in its order.
void require_room(const std::vector<MfaFactor>& factors, const FactorEnrolment& enrolment, bool is_aal2,
                  const MfaSettings& settings) {
  const auto has_name = [&](const MfaFactor& factor) { return factor.friendly_name == enrolment.friendly_name; };
  if (std::ranges::any_of(factors, has_name)) {
    throw AuthError(422, "mfa_factor_name_conflict",
                    "A factor with the friendly name " + json::serialize(enrolment.friendly_name) +
                        " for this user already exists");
  }
  const auto verified = static_cast<std::size_t>(std::ranges::count_if(factors, &MfaFactor::is_verified));
  if (factors.size() >= settings.max_enrolled_factors || verified >= settings.max_verified_factors) {
    throw AuthError(422, "too_many_enrolled_mfa_factors",
                    "Maximum number of verified factors reached, unenroll to continue");
  }
  if (verified > 0 && !is_aal2) {
    throw AuthError(403, "insufficient_aal", "AAL2 required to enroll a new factor");
  }
}

// Of sessions that are of the second level by this factor.
std::vector<pg::Statement> downgrade_sessions(const MfaFactor& factor) {
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> by_method{factor.id, factor.user, method_of(factor.type)};
  statements.emplace_back(
      "delete from auth.mfa_amr_claims where authentication_method = $3"
      " and session_id in (select id from auth.sessions where factor_id = $1 and user_id = $2)",
      std::move(by_method));
  std::vector<pg::Parameter> by_factor{factor.id, factor.user};
  statements.emplace_back(
      "update auth.sessions set aal = 'aal1', factor_id = null, updated_at = now()"
      " where factor_id = $1 and user_id = $2",
      std::move(by_factor));
  return statements;
}

pg::Statement delete_row(const MfaFactor& factor) {
  std::vector<pg::Parameter> by_id{factor.id, factor.user};
  return {"delete from auth.mfa_factors where id = $1 and user_id = $2", std::move(by_id)};
}

std::string_view status_of(const MfaFactor& factor) { return factor.is_verified ? "verified" : "unverified"; }

std::string traits_of(const MfaFactor& factor) {
  json::object traits{{"factor_id", factor.id.to_string()}};
  if (factor.type != FactorType::totp) traits["factor_type"] = to_text(factor.type);
  return json::serialize(traits);
}

MfaFactor only_of(const pg::Rows& rows, const Uuid& id) {
  std::vector<MfaFactor> factors = read_factors(rows);
  const auto found = std::ranges::find(factors, id, &MfaFactor::id);
  if (found == factors.end()) throw AuthError(404, "mfa_factor_not_found", "Factor not found");
  return std::move(*found);
}

}  // namespace

const FactorSettings& MfaSettings::of(FactorType type) const {
  switch (type) {
    case FactorType::totp: return totp;
    case FactorType::phone: return phone;
    case FactorType::webauthn: break;
  }
  return webauthn;
}

Task<MfaFactor> enrol_factor(pg::Transaction& transaction, FactorOwner owner, FactorEnrolment enrolment,
                             const MfaSettings& settings) {
  const Uuid user = owner.user.id;
  std::vector<pg::Statement> reads;
  std::vector<pg::Parameter> expired{user, settings.factor_lifetime.count()};
  reads.emplace_back(
      "delete from auth.mfa_factors f where user_id = $1 and status <> 'verified'"
      " and created_at + make_interval(secs => $2) < clock_timestamp()"
      " and not exists (select from auth.mfa_challenges where factor_id = f.id)",
      std::move(expired));
  if (enrolment.type == FactorType::phone) {
    // Begun before, and begun again.
    std::vector<pg::Parameter> same_phone{user, enrolment.phone};
    reads.emplace_back(
        "delete from auth.mfa_factors where user_id = $1 and factor_type = 'phone' and phone = $2"
        " and status <> 'verified'",
        std::move(same_phone));
  }
  reads.push_back(select_level(owner.session));
  reads.push_back(select_factors(user));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  const std::vector<MfaFactor> factors = read_factors(rows.back());
  const auto has_phone = [&](const MfaFactor& factor) {
    return factor.type == FactorType::phone && factor.phone == enrolment.phone;
  };
  if (enrolment.type == FactorType::phone && std::ranges::any_of(factors, has_phone)) {
    throw AuthError(422, "mfa_verified_factor_exists",
                    "A verified phone factor already exists, unenroll the existing factor to continue");
  }
  require_room(factors, enrolment, is_second_level(rows.at(rows.size() - 2)), settings);

  MfaFactor factor{.id = Uuid::random(), .user = user, .type = enrolment.type};
  std::string secret;
  if (enrolment.type == FactorType::totp) {
    secret = encrypt_text(Secret(std::move(enrolment.secret)), factor.id.to_string(), settings.encryption);
  }
  std::vector<pg::Statement> writes;
  std::vector<pg::Parameter> row{factor.id,
                                 user,
                                 enrolment.friendly_name,
                                 to_text(enrolment.type),
                                 secret.empty() ? pg::Parameter::null() : pg::Parameter(std::move(secret)),
                                 enrolment.phone.empty() ? pg::Parameter::null() : pg::Parameter(enrolment.phone)};
  writes.emplace_back(
      "insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret,"
      " phone) values ($1, $2, $3, $4, 'unverified', now(), now(), $5, $6)",
      std::move(row));
  writes.push_back(audit("factor_in_progress", log_type, owner.user, owner.origin, traits_of(factor)));
  writes.push_back(select_factors(user));
  const std::vector<pg::Rows> written = co_await transaction.run_group(std::move(writes));
  co_return only_of(written.back(), factor.id);
}

Task<MfaFactor> require_factor(pg::Transaction& transaction, Uuid user, std::string id) {
  const std::optional<Uuid> factor = Uuid::parse(id);
  if (!factor) throw AuthError(404, "validation_failed", "factor_id must be an UUID");
  pg::Statement select = select_factors(user);
  const pg::Rows rows = co_await transaction.run(std::move(select));
  co_return only_of(rows, *factor);
}

Task<MfaChallenge> create_challenge(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor,
                                    std::optional<Secret> code, const MfaSettings& settings) {
  MfaChallenge challenge{.id = Uuid::random()};
  const json::object traits{{"factor_id", factor.id.to_string()}, {"factor_status", status_of(factor)}};
  std::vector<pg::Statement> writes;
  std::vector<pg::Parameter> row{
      challenge.id, factor.id, owner.origin.address,
      code ? pg::Parameter(encrypt_text(*code, challenge.id.to_string(), settings.encryption)) : pg::Parameter("")};
  writes.emplace_back(
      "insert into auth.mfa_challenges (id, factor_id, created_at, ip_address, otp_code)"
      " values ($1, $2, clock_timestamp(), $3, $4) returning floor(extract(epoch from created_at))::bigint",
      std::move(row));
  std::vector<pg::Parameter> by_id{factor.id};
  writes.emplace_back(
      "update auth.mfa_factors set last_challenged_at = clock_timestamp(), updated_at = now()"
      " where id = $1",
      std::move(by_id));
  writes.push_back(audit("challenge_created", log_type, owner.user, owner.origin, json::serialize(traits)));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(writes));
  challenge.expires_at = rows.front().get<std::int64_t>(0, 0) + settings.challenge_lifetime.count();
  co_return challenge;
}

void require_challenge_pause(const MfaFactor& factor, const MfaSettings& settings) {
  if (!factor.since_challenge_ms) return;
  const std::chrono::milliseconds left = settings.phone_pause - std::chrono::milliseconds(*factor.since_challenge_ms);
  if (left.count() < 0 || settings.phone_pause.count() == 0) return;
  throw AuthError(429, "over_sms_send_rate_limit",
                  "For security purposes, you can only request this after " +
                      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(left).count()) + " seconds.");
}

Task<OpenChallenge> require_challenge(pg::Transaction& transaction, MfaFactor factor, Uuid challenge, Origin origin,
                                      const MfaSettings& settings) {
  std::vector<pg::Parameter> by_id{challenge, factor.id, origin.address, settings.challenge_lifetime.count()};
  pg::Statement read(
      "select verified_at is null and host(ip_address) = host($3::inet),"
      " created_at + make_interval(secs => $4) < clock_timestamp(), coalesce(otp_code, '')"
      " from auth.mfa_challenges where id = $1 and factor_id = $2 for update",
      std::move(by_id));
  const pg::Rows rows = co_await transaction.run(std::move(read));
  if (rows.empty()) {
    throw AuthError(422, "mfa_factor_not_found", "MFA factor with the provided challenge ID not found");
  }
  if (!rows.get<bool>(0, 0)) throw mismatch();
  if (rows.get<bool>(0, 1)) {
    throw AuthError(422, "mfa_challenge_expired",
                    "MFA challenge " + challenge.to_string() +
                        " has expired, verify against another challenge or create a new challenge.");
  }
  co_return OpenChallenge{.id = challenge, .stored_code = rows.get<std::string>(0, 2)};
}

bool is_right_code(const MfaFactor& factor, const OpenChallenge& challenge, std::string_view code, UnixSeconds now,
                   const MfaSettings& settings) {
  const bool is_totp = factor.type == FactorType::totp;
  const std::optional<Secret> secret =
      is_totp ? decrypt_text(factor.stored_secret, factor.id.to_string(), settings.encryption)
              : decrypt_text(challenge.stored_code, challenge.id.to_string(), settings.encryption);
  if (!secret) throw Error("unreadable_secret", "A second factor's secret cannot be decrypted");
  if (is_totp) return is_totp_code(secret->reveal(), code, now);
  return !secret->empty() && secret->equals(code);
}

Task<Grant> accept_factor(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor, Uuid challenge) {
  const Uuid user = owner.user.id;
  const std::string next_token = new_refresh_token();
  const json::object traits{{"factor_id", factor.id.to_string()},
                            {"challenge_id", challenge.to_string()},
                            {"factor_type", to_text(factor.type)}};
  std::vector<pg::Statement> writes;
  std::vector<pg::Parameter> by_challenge{challenge, factor.id};
  writes.emplace_back(
      "update auth.mfa_challenges set verified_at = now() where id = $1 and factor_id = $2 and verified_at is null",
      std::move(by_challenge));
  std::vector<pg::Parameter> raised{owner.session, user, factor.id};
  writes.emplace_back(
      "update auth.sessions set aal = 'aal2', factor_id = $3, updated_at = now() where id = $1 and user_id = $2",
      std::move(raised));
  std::vector<pg::Parameter> by_factor{factor.id};
  writes.emplace_back(
      "update auth.mfa_factors set status = 'verified', updated_at = now() where id = $1 and status <> 'verified'",
      std::move(by_factor));
  std::vector<pg::Parameter> claim{Uuid::random(), owner.session, method_of(factor.type)};
  writes.emplace_back(
      "insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)"
      " select $1::uuid, id, now(), now(), $3::text from auth.sessions where id = $2"
      " on conflict (session_id, authentication_method) do update set updated_at = excluded.updated_at",
      std::move(claim));
  // The refresh token the session had is the new one's parent: who has not received the new one may repeat it.
  std::vector<pg::Parameter> successor{next_token, user.to_string(), owner.session};
  writes.emplace_back(
      "insert into auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, parent,"
      " session_id) select '00000000-0000-0000-0000-000000000000', $1, $2, false, now(), now(),"
      " coalesce((select token from auth.refresh_tokens where session_id = s.id and not revoked order by id desc"
      " limit 1), ''), s.id from auth.sessions s where s.id = $3",
      std::move(successor));
  std::vector<pg::Parameter> others{next_token, owner.session};
  writes.emplace_back(
      "update auth.refresh_tokens set revoked = true, updated_at = now()"
      " where session_id = $2 and not revoked and token <> $1",
      std::move(others));
  std::vector<pg::Parameter> below{user};
  writes.emplace_back("delete from auth.sessions where user_id = $1 and coalesce(aal, 'aal1') < 'aal2'",
                      std::move(below));
  std::vector<pg::Parameter> unverified{user, to_text(factor.type)};
  writes.emplace_back("delete from auth.mfa_factors where user_id = $1 and status = 'unverified' and factor_type = $2",
                      std::move(unverified));
  writes.push_back(audit("verification_attempted", log_type, owner.user, owner.origin, json::serialize(traits)));
  writes.push_back(audit("token_revoked", "token", owner.user, owner.origin));
  std::vector<pg::Parameter> by_session{owner.session};
  writes.emplace_back(
      "select authentication_method, extract(epoch from updated_at)::bigint from auth.mfa_amr_claims"
      " where session_id = $1 order by updated_at desc",
      std::move(by_session));
  std::vector<pg::Parameter> by_user{user};
  append(writes, select_user(user_by_id, std::move(by_user)));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(writes));
  if (rows.at(0).affected() == 0) throw mismatch();
  const std::size_t last = rows.size() - 1;
  std::optional<User> as_now = read_user_with_identities(rows.at(last - 1), rows.at(last));
  if (rows.at(1).affected() == 0 || !as_now) {
    throw AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }
  Grant grant{.session_id = owner.session, .refresh_token = next_token};
  const pg::Rows& methods = rows.at(last - 2);
  for (std::size_t row = 0; row < methods.size(); ++row) {
    grant.methods.push_back({methods.get<std::string>(row, 0), methods.get<std::int64_t>(row, 1)});
  }
  grant.user = std::move(*as_now);
  co_return grant;
}

Task<> unenrol_factor(pg::Transaction& transaction, FactorOwner owner, MfaFactor factor) {
  if (factor.is_verified) {
    pg::Statement level = select_level(owner.session);
    const pg::Rows rows = co_await transaction.run(std::move(level));
    if (!is_second_level(rows)) {
      throw AuthError(422, "insufficient_aal", "AAL2 required to unenroll verified factor");
    }
  }
  const json::object traits{{"factor_id", factor.id.to_string()},
                            {"factor_status", status_of(factor)},
                            {"session_id", owner.session.to_string()}};
  std::vector<pg::Statement> writes = downgrade_sessions(factor);
  writes.push_back(delete_row(factor));
  writes.push_back(audit("factor_unenrolled", log_type, owner.user, owner.origin, json::serialize(traits)));
  static_cast<void>(co_await transaction.run_group(std::move(writes)));
}

std::vector<pg::Statement> delete_factor(const User& user, const MfaFactor& factor, const Origin& origin) {
  const json::object traits{{"user_id", user.id.to_string()}, {"factor_id", factor.id.to_string()}};
  std::vector<pg::Statement> writes = downgrade_sessions(factor);
  writes.push_back(delete_row(factor));
  writes.push_back(audit("factor_deleted", log_type, user, origin, json::serialize(traits)));
  return writes;
}

Task<MfaFactor> change_factor(pg::Transaction& transaction, User user, MfaFactor factor, FactorChange change,
                              Origin origin) {
  const json::object traits{
      {"user_id", user.id.to_string()}, {"factor_id", factor.id.to_string()}, {"factor_type", to_text(factor.type)}};
  const bool has_phone = factor.type == FactorType::phone && !change.phone.empty();
  std::vector<pg::Statement> writes;
  std::vector<pg::Parameter> values{factor.id, user.id, change.friendly_name, has_phone ? change.phone : ""};
  writes.emplace_back(
      "update auth.mfa_factors set friendly_name = coalesce(nullif($3, ''), friendly_name),"
      " phone = coalesce(nullif($4, ''), phone), updated_at = now() where id = $1 and user_id = $2",
      std::move(values));
  writes.push_back(audit("factor_updated", log_type, user, origin, json::serialize(traits)));
  writes.push_back(select_factors(user.id));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(writes));
  co_return only_of(rows.back(), factor.id);
}

Task<bool> needs_second_factor(pg::Transaction& transaction, Uuid user, std::optional<Uuid> session) {
  std::vector<pg::Parameter> values{user, session.value_or(Uuid())};
  pg::Statement read(
      "select exists (select from auth.mfa_factors where user_id = $1 and status = 'verified')"
      " and not exists (select from auth.sessions where id = $2 and user_id = $1 and aal >= 'aal2')",
      std::move(values));
  const pg::Rows rows = co_await transaction.run(std::move(read));
  co_return rows.get<bool>(0, 0);
}

}  // namespace bailey::stack::auth
