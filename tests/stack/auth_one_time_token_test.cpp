#include "stack/auth/one_time_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/stack/auth_parts.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using stack::auth::IssuedEmailChange;
using stack::auth::IssuedToken;
using stack::auth::TakenToken;
using stack::auth::TokenIssue;
using stack::auth::TokenType;
using stack::auth::TypedCode;

constexpr const char* unknown_link = "403 otp_expired: Email link is invalid or has expired";
// A machine under load lets seconds pass.
const testing::Matcher<std::string> too_soon = testing::MatchesRegex(
    "429 over_(email|sms)_send_rate_limit: For security purposes, you can only request this after 5[0-9] seconds\\.");
constexpr const char* wrong_code = "403 otp_expired: Token has expired or is invalid";

std::string issue(const Person& person, TokenIssue how, IssuedToken& issued) {
  if (how.address.empty()) how.address = person.email;
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    issued = co_await stack::auth::issue_token(transaction, person.id, how);
  });
}

IssuedToken issue(const Person& person, TokenIssue how) {
  IssuedToken issued;
  EXPECT_EQ(issue(person, std::move(how), issued), "");
  return issued;
}

std::string take_link(std::vector<TokenType> types, const std::string& token, TakenToken* taken = nullptr,
                      std::chrono::seconds lifetime = 1h) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    TakenToken got = co_await stack::auth::take_linked_token(transaction, types, token, lifetime);
    if (taken != nullptr) *taken = std::move(got);
  });
}

std::string take_code(TypedCode typed, TakenToken* taken = nullptr, std::chrono::seconds lifetime = 1h) {
  if (typed.audience.empty()) typed.audience = "authenticated";
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    TakenToken got = co_await stack::auth::take_typed_code(transaction, typed, lifetime);
    if (taken != nullptr) *taken = std::move(got);
  });
}

std::string take_code(std::vector<TokenType> types, const std::string& address, const std::string& code,
                      TakenToken* taken = nullptr) {
  return take_code({.types = std::move(types), .address = address, .code = code}, taken);
}
std::string take_recovery_code(const std::string& address, const std::string& code) {
  return take_code({TokenType::recovery}, address, code);
}

// Issues one that may not follow the last within a minute.
std::string issue_after_pause(const Person& person, TokenType type,
                              std::string_view pause_code = "over_email_send_rate_limit") {
  IssuedToken issued;
  return issue(person, {.type = type, .pause = 60s, .pause_code = pause_code}, issued);
}

std::string change_email(const Person& person, stack::auth::EmailChangeIssue change, IssuedEmailChange& issued) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    issued = co_await stack::auth::issue_email_change(transaction, person.id, change);
  });
}

std::string rows_of(const Person& person) {
  return value_of(
      "select string_agg(token_type || ' ' || token_hash || ' ' || relates_to, ', ' order by token_type)"
      " from auth.one_time_tokens where user_id = '" +
      person.id.to_string() + "'");
}

TEST(OneTimeToken, is_kept_as_gotrue_keeps_it_and_never_its_code) {
  const Person person("kept");
  struct Case {
    TokenType type;
    std::string column, sent_at;
  };
  for (const Case& c : {Case{TokenType::confirmation, "confirmation_token", "confirmation_sent_at"},
                        Case{TokenType::reauthentication, "reauthentication_token", "reauthentication_sent_at"},
                        Case{TokenType::recovery, "recovery_token", "recovery_sent_at"},
                        Case{TokenType::email_change_new, "email_change_token_new", "email_change_sent_at"},
                        Case{TokenType::email_change_current, "email_change_token_current", "email_change_sent_at"}}) {
    const IssuedToken issued = issue(person, {.type = c.type, .digits = 8});
    EXPECT_EQ(issued.code.size(), 8U);
    EXPECT_EQ(issued.token, stack::auth::token_of(person.email, issued.code));
    EXPECT_EQ(person.column(c.column), issued.token);
    EXPECT_EQ(person.column(c.sent_at + " between now() - interval '1 minute' and now()"), "true") << c.sent_at;
    EXPECT_NE(rows_of(person).find(c.column + " " + issued.token + " " + person.email), std::string::npos);
  }
}

TEST(OneTimeToken, replaces_the_last_of_its_type) {
  const Person person("replaced");
  const IssuedToken first = issue(person, {.type = TokenType::recovery});
  const IssuedToken second = issue(person, {.type = TokenType::recovery, .is_pkce = true});
  EXPECT_TRUE(second.token.starts_with("pkce_"));
  EXPECT_EQ(rows_of(person), "recovery_token " + second.token + " " + person.email);
  EXPECT_EQ(take_link({TokenType::recovery}, first.token), unknown_link);
  EXPECT_EQ(take_recovery_code(person.email, first.code), first.code == second.code ? "" : wrong_code);
  TakenToken taken;
  EXPECT_EQ(take_link({TokenType::recovery}, second.token, &taken), "");
  EXPECT_EQ(taken.user.id, person.id);
  EXPECT_TRUE(taken.is_pkce);
}

TEST(OneTimeToken, is_good_once_by_link_or_by_code) {
  const Person person("once");
  for (const bool is_pkce : {false, true}) {
    const IssuedToken linked = issue(person, {.type = TokenType::recovery, .is_pkce = is_pkce});
    EXPECT_EQ(take_link({TokenType::recovery}, linked.token), "");
    EXPECT_EQ(take_link({TokenType::recovery}, linked.token), unknown_link);
    EXPECT_EQ(take_recovery_code(person.email, linked.code), wrong_code);
    EXPECT_EQ(person.column("recovery_token"), "");

    const IssuedToken typed = issue(person, {.type = TokenType::recovery, .is_pkce = is_pkce});
    TakenToken taken;
    const std::vector<TokenType> either{TokenType::confirmation, TokenType::recovery};
    EXPECT_EQ(take_code(either, person.email, typed.code, &taken), "");
    EXPECT_EQ(taken.type, TokenType::recovery);
    EXPECT_EQ(taken.is_pkce, is_pkce);
    EXPECT_EQ(taken.user.id, person.id);
    EXPECT_EQ(take_recovery_code(person.email, typed.code), wrong_code);
    EXPECT_EQ(take_link({TokenType::recovery}, typed.token), unknown_link);
    EXPECT_EQ(rows_of(person), "");
  }
}

TEST(OneTimeToken, is_had_by_one_of_many_who_bring_it_at_once) {
  const Person person("race");
  for (const bool by_link : {true, false}) {
    const IssuedToken issued = issue(person, {.type = TokenType::confirmation});
    std::atomic<int> winners = 0, losers = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&] {
        const std::string refusal = by_link ? take_link({TokenType::confirmation}, issued.token)
                                            : take_code({TokenType::confirmation}, person.email, issued.code);
        if (refusal.empty()) ++winners;
        if (refusal == (by_link ? unknown_link : wrong_code)) ++losers;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(losers, 11);
  }
}

TEST(OneTimeToken, is_left_as_it_was_by_a_transaction_that_fails) {
  const Person person("rolled-back");
  const IssuedToken issued = issue(person, {.type = TokenType::recovery});
  const std::string refusal = in_transaction([&](pg::Transaction& transaction) -> Task<> {
    static_cast<void>(co_await stack::auth::take_linked_token(transaction, {TokenType::recovery}, issued.token, 1h));
    throw stack::auth::AuthError(500, "test", "afterwards");
  });
  EXPECT_EQ(refusal, "500 test: afterwards");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), "");
}

TEST(OneTimeToken, of_another_type_address_audience_or_age_is_none) {
  const Person person("other");
  const Person bystander("bystander");
  const IssuedToken issued = issue(person, {.type = TokenType::recovery});
  EXPECT_EQ(take_link({TokenType::confirmation}, issued.token), unknown_link);
  EXPECT_EQ(take_link({TokenType::recovery}, ""), unknown_link);
  EXPECT_EQ(take_link({TokenType::recovery}, "pkce_" + issued.token), unknown_link);
  const std::vector<TokenType> confirmation{TokenType::confirmation};
  EXPECT_EQ(take_code(confirmation, person.email, issued.code), wrong_code);
  EXPECT_EQ(take_recovery_code(bystander.email, issued.code), wrong_code);
  EXPECT_EQ(take_recovery_code("nobody@example.com", issued.code), wrong_code);
  EXPECT_EQ(take_recovery_code(person.email, ""), wrong_code);
  TypedCode elsewhere{
      .types = {TokenType::recovery}, .address = person.email, .audience = "elsewhere", .code = issued.code};
  EXPECT_EQ(take_code(std::move(elsewhere)), wrong_code);

  person.change("recovery_sent_at = now() - interval '61 minutes'");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), unknown_link);
  EXPECT_EQ(take_recovery_code(person.email, issued.code), wrong_code);
  person.change("recovery_sent_at = null");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), unknown_link);
  person.change("recovery_sent_at = now() - interval '59 minutes'");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), "");
}

TEST(OneTimeToken, is_none_of_a_user_who_is_banned_or_deleted) {
  const Person person("banned");
  const IssuedToken issued = issue(person, {.type = TokenType::recovery});
  person.change("banned_until = now() + interval '1 day'");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), "403 user_banned: User is banned");
  EXPECT_EQ(take_recovery_code(person.email, issued.code), "403 user_banned: User is banned");
  person.change("banned_until = null, deleted_at = now()");
  EXPECT_EQ(take_link({TokenType::recovery}, issued.token), unknown_link);
  EXPECT_EQ(take_recovery_code(person.email, issued.code), wrong_code);
}

TEST(OneTimeToken, is_not_issued_again_before_its_pause_is_over) {
  const Person person("pause");
  EXPECT_EQ(issue_after_pause(person, TokenType::recovery), "");
  const std::string first = person.column("recovery_token");
  EXPECT_THAT(issue_after_pause(person, TokenType::recovery), too_soon);
  EXPECT_EQ(person.column("recovery_token"), first);
  EXPECT_EQ(issue_after_pause(person, TokenType::confirmation), "") << "each type has its own";
  person.change("recovery_sent_at = now()");
  EXPECT_THAT(issue_after_pause(person, TokenType::recovery, "over_sms_send_rate_limit"), too_soon);
  person.change("recovery_sent_at = now() - interval '60 seconds'");
  EXPECT_EQ(issue_after_pause(person, TokenType::recovery), "");
  static_cast<void>(issue(person, {.type = TokenType::recovery}));  // without a pause
}

TEST(OneTimeToken, of_a_phone_number_is_found_by_it) {
  const Person person("phone");
  const std::string number = "49151" + value_of("select floor(random() * 1e9)::text");
  person.change("phone = '" + number + "'");
  const IssuedToken issued = issue(person, {.type = TokenType::confirmation, .address = number});
  TypedCode typed{.types = {TokenType::confirmation}, .address = number, .is_phone = true, .code = issued.code};
  EXPECT_EQ(take_code(typed), "");
  EXPECT_EQ(take_code(typed), wrong_code);
  typed.test_code = "424242";
  EXPECT_EQ(take_code(typed), wrong_code);
  typed.code = "424242";
  EXPECT_EQ(take_code(typed), "") << "a test's code needs none to have been issued";
  typed.address = "1234567";
  EXPECT_EQ(take_code(typed), wrong_code);
}

TEST(OneTimeToken, of_a_new_phone_number_is_of_whose_code_it_is) {
  const Person first("first-phone"), second("second-phone");
  const std::string number = "49152" + value_of("select floor(random() * 1e9)::text");
  const IssuedToken of_first = issue(first, {.type = TokenType::phone_change, .address = number});
  IssuedToken of_second = issue(second, {.type = TokenType::phone_change, .address = number});
  while (of_first.code == of_second.code)  // once in a million
    of_second = issue(second, {.type = TokenType::phone_change, .address = number});
  EXPECT_EQ(first.column("phone_change"), number);
  TakenToken taken;
  TypedCode typed{.types = {TokenType::phone_change}, .address = number, .is_phone = true, .code = of_first.code};
  EXPECT_EQ(take_code(std::move(typed), &taken), "");
  EXPECT_EQ(taken.user.id, first.id);
}

TEST(EmailChange, is_issued_to_both_addresses_and_taken_by_either) {
  const Person person("mover");
  const std::string next = LiveStack::shared().fresh_email("moved");
  IssuedEmailChange issued;
  stack::auth::EmailChangeIssue change{.new_email = next, .current_email = person.email, .pause = 60s};
  EXPECT_EQ(change_email(person, change, issued), "");
  ASSERT_TRUE(issued.to_current);
  EXPECT_EQ(issued.to_new.token, stack::auth::token_of(next, issued.to_new.code));
  EXPECT_EQ(issued.to_current->token, stack::auth::token_of(person.email, issued.to_current->code));
  EXPECT_EQ(person.column("email_change || ' ' || email_change_token_new || ' ' || email_change_token_current"),
            next + " " + issued.to_new.token + " " + issued.to_current->token);
  const std::vector<TokenType> both{TokenType::email_change_current, TokenType::email_change_new};
  TakenToken taken;
  EXPECT_EQ(take_code(both, next, issued.to_new.code, &taken), "");
  EXPECT_EQ(taken.type, TokenType::email_change_new);
  EXPECT_EQ(take_code(both, next, issued.to_new.code), wrong_code);
  EXPECT_EQ(take_link(both, issued.to_current->token, &taken), "");
  EXPECT_EQ(taken.type, TokenType::email_change_current);

  change.current_email.clear();
  EXPECT_THAT(change_email(person, change, issued), too_soon);
  change.pause = 0s;
  EXPECT_EQ(change_email(person, change, issued), "");
  EXPECT_FALSE(issued.to_current);
  EXPECT_EQ(rows_of(person), "email_change_token_new " + issued.to_new.token + " " + next);
}

TEST(Reauthentication, takes_its_code_once_and_with_it_all_tokens) {
  const Person person("nonce");
  const auto take = [&](const std::string& address, const std::string& code) {
    return in_transaction([&](pg::Transaction& transaction) -> Task<> {
      co_await stack::auth::take_reauthentication_code(transaction, person.id, address, code, 1h);
    });
  };
  constexpr const char* wrong = "422 reauthentication_not_valid: Nonce has expired or is invalid";
  EXPECT_EQ(take(person.email, "123456"), wrong);
  static_cast<void>(issue(person, {.type = TokenType::recovery}));
  const IssuedToken issued = issue(person, {.type = TokenType::reauthentication});
  EXPECT_EQ(take("someone@example.com", issued.code), wrong);
  EXPECT_EQ(take("", issued.code),
            "422 reauthentication_not_valid: Reauthentication requires an email or a phone number");
  person.change("reauthentication_sent_at = now() - interval '2 hours'");
  EXPECT_EQ(take(person.email, issued.code), wrong);
  person.change("reauthentication_sent_at = now()");
  EXPECT_EQ(take(person.email, issued.code), "");
  EXPECT_EQ(take(person.email, issued.code), wrong);
  EXPECT_EQ(rows_of(person), "");
  EXPECT_EQ(person.column("recovery_token"), "");
}

TEST(OneTimeToken, of_a_user_who_is_gone_is_not_issued) {
  const Person person("gone");
  execute("delete from auth.users where id = '" + person.id.to_string() + "'");
  EXPECT_EQ(issue_after_pause(person, TokenType::recovery), "404 user_not_found: User not found");
}

}  // namespace
}  // namespace bailey::test
