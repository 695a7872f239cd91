#include "stack/auth/flow_state.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/stack/auth_parts.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using stack::auth::CodeChallenge;
using stack::auth::ExchangedFlow;
using stack::auth::Flow;

// RFC 7636 appendix B.
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CodeChallenge challenge{.challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"};

constexpr const char* not_found = "404 flow_state_not_found: invalid flow state, no valid flow state found";

void begin(const Flow& flow) {
  EXPECT_EQ(in_transaction([&](pg::Transaction& transaction) -> Task<> {
              pg::Statement insert = stack::auth::insert_flow(flow);
              static_cast<void>(co_await transaction.run(std::move(insert)));
            }),
            "");
}

std::string column(const Flow& flow, const std::string& expression) {
  return value_of("select (" + expression + ")::text from auth.flow_state where id = '" + flow.id.to_string() + "'");
}

void age(const Flow& flow, const std::string& assignments) {
  execute("update auth.flow_state set " + assignments + " where id = '" + flow.id.to_string() + "'");
}

std::string exchange_code(const std::string& code, const std::string& with, ExchangedFlow* exchanged = nullptr) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    ExchangedFlow got = co_await stack::auth::exchange_auth_code(transaction, code, with, 300s);
    if (exchanged != nullptr) *exchanged = std::move(got);
  });
}

std::string issue(const Person& person, const std::string& method, std::string& code) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    code = co_await stack::auth::issue_auth_code(transaction, person.id, method);
  });
}

std::string lock(const std::string& state, Flow& flow) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    flow = co_await stack::auth::lock_flow(transaction, state, 300s);
  });
}

std::string complete(const Flow& flow, const Person& person, std::string& code) {
  return in_transaction([&](pg::Transaction& transaction) -> Task<> {
    Flow mine = co_await stack::auth::lock_flow(transaction, flow.id.to_string(), 300s);
    stack::auth::ProviderTokens tokens{.access_token = "access", .refresh_token = "refresh"};
    code = co_await stack::auth::complete_flow(transaction, std::move(mine), person.id, std::move(tokens));
  });
}

Flow mail_flow(const Person& person, const std::string& method) {
  return {.provider_type = method, .authentication_method = method, .challenge = challenge, .user = person.id};
}

TEST(FlowState, of_a_mail_gives_its_code_when_the_link_is_followed) {
  const Person person("mail-flow");
  const Flow older = mail_flow(person, "email/signup");
  begin(older);
  age(older, "created_at = now() - interval '1 minute'");
  const Flow flow = mail_flow(person, "email/signup");
  begin(flow);
  std::string code;
  EXPECT_EQ(issue(person, "recovery", code),
            "400 flow_state_not_found: No associated flow state found. 422: No valid flow state found for user.");
  EXPECT_EQ(issue(person, "email/signup", code), "");
  EXPECT_EQ(code, column(flow, "auth_code"));
  EXPECT_EQ(column(flow, "code_challenge_method || ' ' || code_challenge"), "s256 " + challenge.challenge);
  EXPECT_NE(column(flow, "auth_code_issued_at"), "");

  ExchangedFlow exchanged;
  EXPECT_EQ(exchange_code(code, verifier, &exchanged), "");
  EXPECT_EQ(exchanged.user, person.id);
  EXPECT_EQ(exchanged.authentication_method, "email/signup");
  EXPECT_EQ(exchange_code(code, verifier), not_found);
  EXPECT_EQ(column(flow, "id"), "");
  EXPECT_NE(column(older, "id"), "");
}

TEST(FlowState, is_exchanged_by_the_verifier_of_its_challenge_alone) {
  const Person person("verifier");
  const Flow flow = mail_flow(person, "recovery");
  const Flow other{.provider_type = "recovery",
                   .authentication_method = "recovery",
                   .challenge = CodeChallenge{.challenge = verifier, .method = stack::auth::ChallengeMethod::plain},
                   .user = person.id};
  begin(flow);
  begin(other);
  const std::string code = column(flow, "auth_code");
  constexpr const char* bad = "400 bad_code_verifier: code challenge does not match previously saved code verifier";
  for (const std::string& wrong : {std::string(""), std::string("x"), challenge.challenge, verifier + "x"}) {
    EXPECT_EQ(exchange_code(code, wrong), bad) << wrong;
  }
  EXPECT_EQ(exchange_code(column(other, "auth_code"), challenge.challenge), bad);
  EXPECT_EQ(exchange_code(column(other, "auth_code"), verifier), "");
  EXPECT_EQ(exchange_code(code, verifier), "") << "a wrong verifier does not spend it";
  for (const std::string& unknown : {std::string("x"), std::string(), Uuid::random().to_string()}) {
    EXPECT_EQ(exchange_code(unknown, verifier), not_found);
  }
}

TEST(FlowState, is_open_for_five_minutes) {
  const Person person("expiry");
  const Flow flow = mail_flow(person, "recovery");
  begin(flow);
  const std::string code = column(flow, "auth_code");
  age(flow, "created_at = now() - interval '301 seconds', auth_code_issued_at = now()");
  constexpr const char* expired = "422 flow_state_expired: invalid flow state, flow state has expired";
  EXPECT_EQ(exchange_code(code, verifier), expired);
  age(flow, "created_at = now() - interval '299 seconds'");
  EXPECT_EQ(exchange_code(code, verifier), "");

  const Flow magic = mail_flow(person, "magiclink");
  begin(magic);
  const std::string magic_code = column(magic, "auth_code");
  age(magic, "created_at = now() - interval '1 hour'");
  EXPECT_EQ(exchange_code(magic_code, verifier), expired);
  age(magic, "auth_code_issued_at = now() - interval '299 seconds'");
  EXPECT_EQ(exchange_code(magic_code, verifier), "") << "counted from when its link was followed";
}

TEST(FlowState, is_exchanged_by_one_of_many_who_bring_its_code_at_once) {
  const Person person("exchange-race");
  const Flow flow = mail_flow(person, "magiclink");
  begin(flow);
  const std::string code = column(flow, "auth_code");
  std::atomic<int> winners = 0, losers = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const std::string refusal = exchange_code(code, verifier);
      if (refusal.empty()) ++winners;
      if (refusal == not_found) ++losers;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(losers, 11);
}

TEST(FlowState, of_a_provider_is_its_users_when_the_provider_has_answered) {
  const Person person("provider");
  const Flow flow{.provider_type = "google",
                  .authentication_method = "oauth",
                  .challenge = challenge,
                  .invite_token = "invite",
                  .referrer = "http://localhost:3000/cb",
                  .linking_target = person.id,
                  .email_optional = true};
  begin(flow);
  EXPECT_EQ(exchange_code(column(flow, "auth_code"), verifier), not_found) << "it is nobody's yet";
  Flow locked;
  EXPECT_EQ(lock(flow.id.to_string(), locked), "");
  EXPECT_EQ(locked.provider_type, "google");
  EXPECT_EQ(locked.invite_token, "invite");
  EXPECT_EQ(locked.referrer, "http://localhost:3000/cb");
  EXPECT_EQ(locked.linking_target, person.id);
  EXPECT_TRUE(locked.email_optional);
  ASSERT_TRUE(locked.challenge);

  std::string code;
  EXPECT_EQ(complete(flow, person, code), "");
  EXPECT_EQ(code, column(flow, "auth_code"));
  EXPECT_EQ(lock(flow.id.to_string(), locked), "400 flow_state_already_used: State has already been used");
  ExchangedFlow exchanged;
  EXPECT_EQ(exchange_code(code, verifier, &exchanged), "");
  EXPECT_EQ(exchanged.user, person.id);
  EXPECT_EQ(exchanged.provider_type, "google");
  EXPECT_EQ(exchanged.provider_tokens.access_token, "access");
  EXPECT_EQ(exchanged.provider_tokens.refresh_token, "refresh");
}

TEST(FlowState, that_is_implicit_ends_when_its_provider_has_answered) {
  const Person person("implicit");
  const Flow flow{.provider_type = "google", .authentication_method = "oauth"};
  begin(flow);
  EXPECT_EQ(column(flow, "auth_code"), "");
  std::string code = "x";
  EXPECT_EQ(complete(flow, person, code), "");
  EXPECT_EQ(code, "");
  EXPECT_EQ(complete(flow, person, code), "400 bad_oauth_state: OAuth state not found or expired");
}

TEST(FlowState, is_asked_for_by_a_state_of_ours_that_is_open) {
  Flow flow;
  for (const char* state : {"", "x", "' or 1=1 --", "{}"}) {
    EXPECT_EQ(lock(state, flow), "400 bad_oauth_state: OAuth state parameter is invalid") << state;
  }
  EXPECT_EQ(lock(Uuid::random().to_string(), flow), "400 bad_oauth_state: OAuth state not found or expired");
  const Flow begun{.provider_type = "github", .authentication_method = "oauth"};
  begin(begun);
  age(begun, "created_at = now() - interval '301 seconds'");
  EXPECT_EQ(lock(begun.id.to_string(), flow), "400 bad_oauth_state: OAuth state has expired");
}

}  // namespace
}  // namespace bailey::test
