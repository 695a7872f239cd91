#include "stack/auth/mfa.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "stack/auth/totp.hpp"
#include "tests/stack/auth_parts.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using stack::auth::FactorEnrolment;
using stack::auth::FactorOwner;
using stack::auth::FactorType;
using stack::auth::Grant;
using stack::auth::MfaChallenge;
using stack::auth::MfaFactor;
using stack::auth::MfaSettings;
using stack::auth::OpenChallenge;

constexpr const char* secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

// A signed-in user; the session is that of their sign-up.
struct Member : Person {
  explicit Member(std::string_view name) : Person(name), session(session_of(*this)) {}

  static Uuid session_of(const Person& person) {
    return Uuid::parse(value_of("select id::text from auth.sessions where user_id = '" + person.id.to_string() +
                                "' order by created_at desc limit 1"))
        .value();
  }
  [[nodiscard]] FactorOwner owner(std::string address = "192.0.2.1") const {
    FactorOwner result{.session = session, .origin = {.address = std::move(address), .user_agent = "test"}};
    result.user.id = id;
    result.user.email = email;
    return result;
  }
  [[nodiscard]] std::string session_column(const std::string& expression) const {
    return value_of("select (" + expression + ")::text from auth.sessions where id = '" + session.to_string() + "'");
  }
  [[nodiscard]] std::string count(const std::string& rows) const {
    return value_of("select count(*)::text from " + rows + " where user_id = '" + id.to_string() + "'");
  }

  Uuid session;
};

std::string enrol(const Member& member, FactorEnrolment what, MfaFactor* factor = nullptr,
                  const MfaSettings& settings = {}) {
  if (what.type == FactorType::totp) what.secret = secret;
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    MfaFactor got = co_await stack::auth::enrol_factor(transaction, member.owner(), what, settings);
    if (factor != nullptr) *factor = std::move(got);
  });
}
std::string enrol_totp(const Member& member, std::string name, const MfaSettings& settings = {}) {
  return enrol(member, {.friendly_name = std::move(name)}, nullptr, settings);
}
std::string enrol_phone(const Member& member, std::string name, std::string phone) {
  return enrol(member, {.type = FactorType::phone, .friendly_name = std::move(name), .phone = std::move(phone)});
}

MfaFactor totp_factor(const Member& member, std::string name = "app", const MfaSettings& settings = {}) {
  MfaFactor factor;
  EXPECT_EQ(enrol(member, {.friendly_name = std::move(name)}, &factor, settings), "");
  return factor;
}

MfaChallenge challenge(const Member& member, const MfaFactor& factor, const MfaSettings& settings = {},
                       std::optional<Secret> code = std::nullopt) {
  MfaChallenge made;
  EXPECT_EQ(in_transaction([&](pg::Transaction& transaction) -> Task<> {
              made = co_await stack::auth::create_challenge(transaction, member.owner(), factor, code, settings);
            }),
            "");
  return made;
}

std::string require_challenge(const MfaFactor& factor, const Uuid& id, std::string address = "192.0.2.1",
                              OpenChallenge* open = nullptr) {
  const MfaSettings settings;
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    stack::auth::Origin origin{.address = address, .user_agent = ""};
    OpenChallenge got = co_await stack::auth::require_challenge(transaction, factor, id, origin, settings);
    if (open != nullptr) *open = std::move(got);
  });
}

std::string accept(const Member& member, const MfaFactor& factor, const Uuid& id, Grant* grant = nullptr) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    Grant got = co_await stack::auth::accept_factor(transaction, member.owner(), factor, id);
    if (grant != nullptr) *grant = std::move(got);
  });
}

std::string unenrol(const Member& member, const MfaFactor& factor) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    co_await stack::auth::unenrol_factor(transaction, member.owner(), factor);
  });
}

std::string find(const Member& member, const std::string& id, MfaFactor& factor) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    factor = co_await stack::auth::require_factor(transaction, member.id, id);
  });
}

bool needs_second_factor(const Member& member, std::optional<Uuid> session) {
  bool needs = false;
  EXPECT_EQ(in_transaction([&](pg::Transaction& transaction) -> Task<> {
              needs = co_await stack::auth::needs_second_factor(transaction, member.id, session);
            }),
            "");
  return needs;
}

TEST(MfaFactor, is_shown_as_gotrue_shows_it_without_its_secret) {
  const Member member("shown");
  const MfaFactor factor = totp_factor(member, "My app");
  EXPECT_EQ(factor.stored_secret, secret);
  const std::string shown = factor.to_json();
  EXPECT_EQ(shown, R"({"id":")" + factor.id.to_string() + R"(","created_at":")" + factor.created_at +
                       R"(","updated_at":")" + factor.updated_at +
                       R"(","status":"unverified","friendly_name":"My app","factor_type":"totp","phone":"",)"
                       R"("last_challenged_at":null})");
  EXPECT_TRUE(factor.created_at.ends_with("Z"));
  EXPECT_EQ(stack::auth::to_json({factor, factor}), "[" + shown + "," + shown + "]");
  EXPECT_EQ(stack::auth::to_json(std::vector<MfaFactor>{}), "[]");
}

TEST(MfaFactor, has_a_name_of_its_own) {
  const Member member("names");
  EXPECT_EQ(enrol_totp(member, ""), "");
  EXPECT_EQ(enrol_totp(member, ""),
            "422 mfa_factor_name_conflict: A factor with the friendly name \"\" for this user already exists");
  EXPECT_EQ(enrol_totp(member, "a \"b\""), "");
  EXPECT_EQ(enrol_totp(member, "a \"b\""),
            R"(422 mfa_factor_name_conflict: A factor with the friendly name "a \"b\"" for this user already exists)");
  EXPECT_EQ(enrol_totp(Member("namesake"), "a \"b\""), "");
}

TEST(MfaFactor, is_one_of_as_many_as_are_allowed) {
  const Member member("many");
  MfaSettings settings;
  settings.max_enrolled_factors = 2;
  EXPECT_EQ(enrol_totp(member, "1", settings), "");
  EXPECT_EQ(enrol_totp(member, "2", settings), "");
  constexpr const char* full =
      "422 too_many_enrolled_mfa_factors: Maximum number of verified factors reached, unenroll to continue";
  EXPECT_EQ(enrol_totp(member, "3", settings), full);
  settings = {};
  settings.max_verified_factors = 0;
  EXPECT_EQ(enrol_totp(member, "3", settings), full);
}

TEST(MfaFactor, that_was_begun_and_left_gives_way_after_a_while) {
  const Member member("left");
  const MfaFactor left = totp_factor(member, "left");
  execute("update auth.mfa_factors set created_at = now() - interval '301 seconds'");
  EXPECT_EQ(enrol_totp(member, "left"), "");
  MfaFactor found;
  EXPECT_EQ(find(member, left.id.to_string(), found), "404 mfa_factor_not_found: Factor not found");
}

TEST(MfaFactor, is_found_by_its_owner_alone) {
  const Member member("owner"), stranger("stranger");
  const MfaFactor factor = totp_factor(member);
  MfaFactor found;
  EXPECT_EQ(find(member, factor.id.to_string(), found), "");
  EXPECT_EQ(found.id, factor.id);
  EXPECT_EQ(find(stranger, factor.id.to_string(), found), "404 mfa_factor_not_found: Factor not found");
  EXPECT_EQ(find(member, "x' or true --", found), "404 validation_failed: factor_id must be an UUID");
}

TEST(MfaFactor, of_a_phone_is_one_of_its_number) {
  const Member member("phones");
  EXPECT_EQ(enrol_phone(member, "first", "4915100000001"), "");
  EXPECT_EQ(enrol_phone(member, "again", "4915100000001"), "") << "begun again";
  EXPECT_EQ(member.count("auth.mfa_factors"), "1");
  execute("update auth.mfa_factors set status = 'verified' where user_id = '" + member.id.to_string() + "'");
  EXPECT_EQ(enrol_phone(member, "third", "4915100000001"),
            "422 mfa_verified_factor_exists: A verified phone factor already exists, unenroll the existing factor to"
            " continue");
  EXPECT_EQ(enrol_phone(member, "other", "4915100000002"),
            "403 insufficient_aal: AAL2 required to enroll a new factor");
}

TEST(MfaFactor, raises_its_session_and_ends_those_below) {
  const Member member("raised");
  execute("insert into auth.sessions (id, user_id, created_at, aal) values (gen_random_uuid(), '" +
          member.id.to_string() + "', now(), 'aal1')");
  const MfaFactor factor = totp_factor(member, "app");
  EXPECT_EQ(enrol_totp(member, "abandoned"), "");
  EXPECT_FALSE(needs_second_factor(member, member.session));
  const std::string first_token =
      value_of("select token from auth.refresh_tokens where session_id = '" + member.session.to_string() + "'");
  const MfaChallenge made = challenge(member, factor);
  Grant grant;
  EXPECT_EQ(accept(member, factor, made.id, &grant), "");

  EXPECT_EQ(grant.session_id, member.session);
  ASSERT_EQ(grant.methods.size(), 2U);
  EXPECT_EQ(grant.methods[0].method + grant.methods[1].method, "totppassword");
  EXPECT_EQ(grant.user.id, member.id);
  EXPECT_EQ(member.session_column("aal || ' ' || factor_id"), "aal2 " + factor.id.to_string());
  EXPECT_EQ(member.count("auth.sessions"), "1");
  EXPECT_EQ(member.count("auth.mfa_factors"), "1");
  EXPECT_EQ(value_of("select string_agg(token || ' ' || parent || ' ' || revoked, ', ' order by id)"
                     " from auth.refresh_tokens where session_id = '" +
                     member.session.to_string() + "'"),
            first_token + "  true, " + grant.refresh_token + " " + first_token + " false");
  EXPECT_FALSE(needs_second_factor(member, member.session));
  EXPECT_TRUE(needs_second_factor(member, std::nullopt));
  EXPECT_EQ(value_of("select string_agg(payload ->> 'action', ',' order by created_at, payload ->> 'action')"
                     " from auth.audit_log_entries where payload ->> 'actor_id' = '" +
                     member.id.to_string() + "' and payload ->> 'log_type' = 'factor'"),
            "factor_in_progress,factor_in_progress,challenge_created,verification_attempted");
}

TEST(MfaChallenge, is_answered_once_from_where_it_was_asked_for_and_in_time) {
  const Member member("challenged");
  const MfaFactor factor = totp_factor(member), other = totp_factor(member, "other");
  const MfaChallenge made = challenge(member, factor);
  EXPECT_NEAR(static_cast<double>(made.expires_at),
              static_cast<double>(system_clock().now().time_since_epoch().count() + 300), 5);
  constexpr const char* mismatch = "422 mfa_ip_address_mismatch: Challenge and verify IP addresses mismatch.";
  constexpr const char* unknown = "422 mfa_factor_not_found: MFA factor with the provided challenge ID not found";
  EXPECT_EQ(require_challenge(factor, made.id), "");
  EXPECT_EQ(require_challenge(factor, made.id, "192.0.2.2"), mismatch);
  EXPECT_EQ(require_challenge(other, made.id), unknown);
  EXPECT_EQ(require_challenge(factor, Uuid::random()), unknown);
  const std::string row = " where id = '" + made.id.to_string() + "'";
  execute("update auth.mfa_challenges set created_at = now() - interval '301 seconds'" + row);
  EXPECT_EQ(require_challenge(factor, made.id),
            "422 mfa_challenge_expired: MFA challenge " + made.id.to_string() +
                " has expired, verify against another challenge or create a new challenge.");
  execute("update auth.mfa_challenges set created_at = now()" + row);
  EXPECT_EQ(accept(member, factor, made.id), "");
  EXPECT_EQ(require_challenge(factor, made.id), mismatch);
  EXPECT_EQ(accept(member, factor, made.id), mismatch);
}

TEST(MfaChallenge, is_answered_by_one_of_many_at_once) {
  const Member member("mfa-race");
  const MfaFactor factor = totp_factor(member);
  const MfaChallenge made = challenge(member, factor);
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (accept(member, factor, made.id).empty()) ++winners;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(value_of("select count(*)::text from auth.refresh_tokens where not revoked and session_id = '" +
                     member.session.to_string() + "'"),
            "1");
}

TEST(MfaChallenge, of_a_phone_has_its_code_and_a_pause) {
  const Member member("sms");
  MfaFactor factor;
  FactorEnrolment phone{.type = FactorType::phone, .friendly_name = "phone", .phone = "4915100000003"};
  EXPECT_EQ(enrol(member, phone, &factor), "");
  MfaSettings settings;
  settings.encryption = {.encrypt = true, .key_id = "k", .keys = {}};
  settings.encryption.keys.emplace("k", Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));
  EXPECT_NO_THROW(stack::auth::require_challenge_pause(factor, settings));
  const MfaChallenge made = challenge(member, factor, settings, Secret("123456"));
  OpenChallenge open;
  EXPECT_EQ(require_challenge(factor, made.id, "192.0.2.1", &open), "");
  EXPECT_EQ(open.stored_code.find("123456"), std::string::npos);
  const UnixSeconds now = system_clock().now();
  EXPECT_TRUE(stack::auth::is_right_code(factor, open, "123456", now, settings));
  EXPECT_FALSE(stack::auth::is_right_code(factor, open, "123457", now, settings));
  EXPECT_FALSE(stack::auth::is_right_code(factor, open, "", now, settings));
  EXPECT_THROW(static_cast<void>(stack::auth::is_right_code(factor, open, "123456", now, {})), Error);

  EXPECT_EQ(find(member, factor.id.to_string(), factor), "");
  EXPECT_THROW(stack::auth::require_challenge_pause(factor, settings), stack::auth::AuthError);
  settings.phone_pause = 0ms;
  EXPECT_NO_THROW(stack::auth::require_challenge_pause(factor, settings));
}

TEST(MfaChallenge, of_an_app_is_answered_by_its_code_of_now) {
  const Member member("app-code");
  MfaSettings settings;
  settings.encryption = {.encrypt = true, .key_id = "k", .keys = {}};
  settings.encryption.keys.emplace("k", Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));
  const MfaFactor factor = totp_factor(member, "app", settings);
  EXPECT_EQ(factor.stored_secret.find(secret), std::string::npos);
  const OpenChallenge open{.id = Uuid::random(), .stored_code = ""};
  const UnixSeconds then(59s);  // RFC 6238 appendix B
  EXPECT_TRUE(stack::auth::is_right_code(factor, open, "287082", then, settings));
  EXPECT_FALSE(stack::auth::is_right_code(factor, open, "287083", then, settings));
  EXPECT_FALSE(stack::auth::is_right_code(factor, open, "", then, settings));
}

TEST(MfaFactor, that_is_verified_is_removed_by_a_session_of_its_level) {
  const Member member("removed");
  const MfaFactor unverified = totp_factor(member, "unverified");
  EXPECT_EQ(unenrol(member, unverified), "");
  MfaFactor factor = totp_factor(member);
  const MfaChallenge made = challenge(member, factor);
  EXPECT_EQ(accept(member, factor, made.id), "");
  EXPECT_EQ(find(member, factor.id.to_string(), factor), "");
  EXPECT_TRUE(factor.is_verified);
  const std::string session = " where id = '" + member.session.to_string() + "'";
  execute("update auth.sessions set aal = 'aal1'" + session);
  EXPECT_EQ(unenrol(member, factor), "422 insufficient_aal: AAL2 required to unenroll verified factor");
  execute("update auth.sessions set aal = 'aal2'" + session);
  EXPECT_EQ(unenrol(member, factor), "");
  EXPECT_EQ(member.session_column("aal || coalesce(factor_id::text, ' none')"), "aal1 none");
  EXPECT_EQ(value_of("select string_agg(authentication_method, ',') from auth.mfa_amr_claims where session_id = '" +
                     member.session.to_string() + "'"),
            "password");
  EXPECT_EQ(member.count("auth.mfa_factors"), "0");
}

TEST(MfaFactor, is_changed_and_deleted_by_an_administrator) {
  const Member member("administered");
  FactorEnrolment phone{.type = FactorType::phone, .friendly_name = "phone", .phone = "4915100000004"};
  MfaFactor factor;
  EXPECT_EQ(enrol(member, phone, &factor), "");
  const FactorOwner owner = member.owner();
  const std::string changed = in_transaction([&](pg::Transaction& transaction) -> Task<> {
    stack::auth::FactorChange change{.friendly_name = "new name", .phone = ""};
    factor = co_await stack::auth::change_factor(transaction, owner.user, factor, change, owner.origin);
  });
  EXPECT_EQ(changed, "");
  EXPECT_EQ(factor.friendly_name + " " + factor.phone, "new name 4915100000004");
  const std::string deleted = in_transaction([&](pg::Transaction& transaction) -> Task<> {
    auto statements = stack::auth::delete_factor(owner.user, factor, owner.origin);
    static_cast<void>(co_await transaction.run_group(std::move(statements)));
  });
  EXPECT_EQ(deleted, "");
  EXPECT_EQ(member.count("auth.mfa_factors"), "0");
}

}  // namespace
}  // namespace bailey::test
