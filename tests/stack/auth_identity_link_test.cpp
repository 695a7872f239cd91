#include "stack/auth/identity_link.hpp"

#include <gtest/gtest.h>

#include "stack/auth/audit_log.hpp"
#include "stack/auth/user_lock.hpp"
#include "tests/stack/auth_parts.hpp"

namespace bailey::test {
namespace {

struct Identity {
  std::string provider, email;  // "" for none
  bool is_verified = true;
};

void link(const Person& person, const Identity& identity) {
  const std::string email = identity.email.empty() ? "" : ", \"email\": \"" + identity.email + "\"";
  execute("insert into auth.identities (provider_id, user_id, identity_data, provider, created_at) values ('" +
          Uuid::random().to_string() + "', '" + person.id.to_string() + "', '{\"email_verified\": " +
          (identity.is_verified ? "true" : "false") + email + "}', '" + identity.provider + "', clock_timestamp())");
}

std::string identity_of(const Person& person, const std::string& provider) {
  return value_of("select id::text from auth.identities where user_id = '" + person.id.to_string() +
                  "' and provider = '" + provider + "'");
}

std::string unlink(const Person& person, const std::string& identity, bool autoconfirms = false) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    auto user = co_await stack::auth::lock_and_read_user(transaction, person.id);
    stack::auth::Unlinking unlinking{.user = std::move(*user),
                                     .identity = identity,
                                     .autoconfirms_email = autoconfirms,
                                     .origin = {.address = "192.0.2.1", .user_agent = "test"}};
    co_await stack::auth::unlink_identity(transaction, std::move(unlinking));
  });
}

TEST(Identity, is_not_unlinked_when_it_is_the_only_one_or_somebody_elses) {
  const Person person("single"), other("other");
  EXPECT_EQ(unlink(person, "x"), "404 validation_failed: identity_id must be an UUID");
  EXPECT_EQ(unlink(person, identity_of(person, "email")),
            "422 single_identity_not_deletable: User must have at least 1 identity after unlinking");
  link(person, {.provider = "github", .email = person.email});
  EXPECT_EQ(unlink(person, identity_of(other, "email")), "422 identity_not_found: Identity doesn't exist");
  EXPECT_EQ(unlink(person, Uuid::random().to_string()), "422 identity_not_found: Identity doesn't exist");
}

TEST(Identity, that_is_unlinked_leaves_the_address_where_another_has_it) {
  const Person person("kept-address");
  link(person, {.provider = "github", .email = person.email});
  EXPECT_EQ(unlink(person, identity_of(person, "email")), "");
  EXPECT_EQ(person.column("email"), person.email);
  EXPECT_EQ(person.column("raw_app_meta_data"), R"({"provider": "github", "providers": ["github"]})");
  EXPECT_NE(person.column("email_confirmed_at"), "");
}

TEST(Identity, that_is_unlinked_gives_way_to_the_best_address_that_is_left) {
  const Person person("moved-address");
  const std::string taken = Person("taken").email, unverified = LiveStack::shared().fresh_email("unverified"),
                    verified = LiveStack::shared().fresh_email("verified");
  link(person, {.provider = "gitlab", .email = taken});
  link(person, {.provider = "github", .email = unverified, .is_verified = false});
  link(person, {.provider = "google", .email = verified});
  person.change("recovery_token = 'pending', phone_change = '123', recovery_sent_at = now()");
  EXPECT_EQ(unlink(person, identity_of(person, "email")), "");
  EXPECT_EQ(person.column("email"), verified);
  EXPECT_NE(person.column("email_confirmed_at"), "");
  EXPECT_EQ(person.column("recovery_token || phone_change || coalesce(recovery_sent_at::text, '')"), "");
  EXPECT_EQ(person.column("raw_app_meta_data"),
            R"({"provider": "gitlab", "providers": ["gitlab", "github", "google"]})");

  EXPECT_EQ(unlink(person, identity_of(person, "google")), "");
  EXPECT_EQ(person.column("email"), unverified);
  EXPECT_EQ(person.column("email_confirmed_at"), "") << "nobody has verified it";
  EXPECT_EQ(person.column("raw_user_meta_data -> 'email_verified'"), "false");
  EXPECT_EQ(unlink(person, identity_of(person, "github")),
            "422 email_conflict_identity_not_deletable: Unable to unlink identity due to email conflict");
  EXPECT_NE(identity_of(person, "github"), "");
}

TEST(Identity, of_a_phone_takes_the_phone_with_it) {
  const Person person("phone-identity");
  link(person, {.provider = "phone", .email = "", .is_verified = false});
  person.change("phone = '4915300" + value_of("select floor(random() * 1e7)::text") + "', phone_confirmed_at = now()");
  EXPECT_EQ(unlink(person, identity_of(person, "phone")), "");
  EXPECT_EQ(person.column("coalesce(phone, '') || coalesce(phone_confirmed_at::text, '')"), "");
  EXPECT_EQ(person.column("email"), person.email);

  link(person, {.provider = "phone", .email = "", .is_verified = false});
  EXPECT_EQ(unlink(person, identity_of(person, "email"), true), "");
  EXPECT_EQ(person.column("coalesce(email, 'none')"), "none");
}

std::string audit_log(std::string query, std::int64_t* count = nullptr, std::int64_t number = 1,
                      std::int64_t per_page = 50) {
  const stack::auth::AuditPage page{.query = std::move(query), .page = number, .per_page = per_page};
  std::string list;
  run_blocking([&]() -> Task<> {
    const pg::Database database = auth_database();
    std::vector<pg::Statement> statements = stack::auth::select_audit_log(page);
    const std::vector<pg::Rows> rows = co_await database.run_group(std::move(statements));
    if (count != nullptr) *count = rows.at(0).get<std::int64_t>(0, 0);
    list = stack::auth::audit_log_json(rows.at(1));
  });
  return list;
}

TEST(AuditLog, is_read_by_page_the_newest_first_and_by_what_is_asked_for) {
  const Person person("audited");
  std::int64_t count = 0;
  const std::string list = audit_log("author:" + person.email, &count);
  const boost::json::array entries = boost::json::parse(list).as_array();
  ASSERT_EQ(static_cast<std::int64_t>(entries.size()), count);
  ASSERT_GE(count, 1);
  for (const auto& entry : entries) {
    const boost::json::object& object = entry.as_object();
    EXPECT_EQ(object.size(), 4U);
    EXPECT_EQ(object.at("payload").as_object().at("actor_username").as_string(), person.email);
    EXPECT_TRUE(std::string_view(object.at("created_at").as_string()).ends_with("Z"));
  }
  EXPECT_EQ(audit_log("action:nothing like it"), "[]");
  EXPECT_EQ(audit_log("author:" + person.email, nullptr, count + 1, 1), "[]");
  EXPECT_NE(audit_log("type:TEAM"), "[]");
  EXPECT_NE(audit_log(""), "[]");
  for (const char* bad : {"x", "nobody:x", ":x", "author"}) {
    const stack::auth::AuditPage page{.query = bad};
    EXPECT_THROW(static_cast<void>(stack::auth::select_audit_log(page)), stack::auth::AuthError) << bad;
  }
}

}  // namespace
}  // namespace bailey::test
