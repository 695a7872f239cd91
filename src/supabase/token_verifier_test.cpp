#include "supabase/token_verifier_fixture.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

namespace bailey {
namespace {

using http::test::RawServer;
using std::chrono::seconds;
using test::code_of;
using test::ManualClock;
using test::Provider;
using test::token_of;

const Secret secret(std::string(40, 's'));

class TokenVerifierTest : public testing::Test {
 protected:
  TokenVerifierOptions options() {
    TokenVerifierOptions made;
    made.url = provider.server.url("");
    made.api_key = Secret("the-anon-key");
    made.clock = &clock;
    made.provider_timeout = std::chrono::milliseconds(2000);
    return made;
  }
  // Answered by the provider for Ada, and believed so long.
  TokenVerifier believing_for(seconds time) {
    provider.answer_user_with(RawServer::ok(std::string(R"({"id":")") + test::ada + "\"}"));
    TokenVerifierOptions made = options();
    made.remote_cache = time;
    return TokenVerifier(made);
  }
  TokenVerifierOptions options_without_provider() {
    TokenVerifierOptions made = options();
    made.url.clear();
    made.jwt_secret = secret;
    return made;
  }

  ManualClock clock;
  Provider provider;
  const jwt::Key es = jwt::Key::generate_es256("es-1");
  const jwt::Key hs = *jwt::Key::from_secret(secret);
};

using TokenVerifierWithoutProvider = TokenVerifierTest;

TEST_F(TokenVerifierWithoutProvider, verifies_with_the_secret_at_once) {
  const TokenVerifier verifier(options_without_provider());
  run_blocking([&]() -> Task<> {
    const auto verdict = verifier.verify_now(token_of(hs));
    EXPECT_EQ(code_of(verdict), "verified");
    EXPECT_TRUE((*verdict)->is_verified());
    EXPECT_EQ((*verdict)->user_id(), Uuid::parse(test::ada));
    EXPECT_EQ((*verdict)->token(), token_of(hs));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "invalid_token");
    EXPECT_EQ(code_of(verifier.verify_now("nonsense")), "invalid_token");
    EXPECT_EQ(code_of(verifier.verify_now("")), "invalid_token");
    EXPECT_EQ(code_of(verifier.verify_now(std::string(100000, 'a'))), "invalid_token");
    const auto remotely = co_await verifier.verify_remotely(token_of(hs));
    EXPECT_EQ(code_of(remotely), "provider_unavailable");
  });
  EXPECT_EQ(provider.server.requests(), 0);
}

TEST_F(TokenVerifierWithoutProvider, gives_the_same_identity_for_the_same_token) {
  const TokenVerifier verifier(options_without_provider());
  run_blocking([&]() -> Task<> {
    const std::string token = token_of(hs);
    const auto first = verifier.verify_now(token);
    const auto second = verifier.verify_now(std::string(token));
    EXPECT_EQ((*first)->token().data(), (*second)->token().data());
    co_return;
  });
}

TEST_F(TokenVerifierWithoutProvider, checks_the_times_of_cached_tokens_anew) {
  const TokenVerifier verifier(options_without_provider());
  run_blocking([&]() -> Task<> {
    const std::string token = token_of(hs, R"(,"nbf":1899999000)");
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified");
    clock.advance(seconds(3599));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified");
    clock.advance(seconds(1));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "expired_token");
    clock.set(seconds(-100));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified");
    clock.set(seconds(-5000));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "invalid_token") << "before nbf";
    co_return;
  });
}

TEST_F(TokenVerifierWithoutProvider, refuses_tokens_of_nobody_unless_told) {
  const std::string anon_key = hs.sign(R"({"role":"anon","iss":"supabase","exp":2000000000})").value();
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(code_of(TokenVerifier(options_without_provider()).verify_now(anon_key)), "invalid_token");
    TokenVerifierOptions wide = options_without_provider();
    wide.require_subject = false;
    EXPECT_EQ(code_of(TokenVerifier(wide).verify_now(anon_key)), "verified");
    const TokenVerifier strict(options_without_provider());
    EXPECT_EQ(code_of(strict.without_subject().verify_now(anon_key)), "verified");
    EXPECT_EQ(code_of(strict.verify_now(anon_key)), "invalid_token") << "in the cache, and still nobody's";
    co_return;
  });
}

TEST_F(TokenVerifierWithoutProvider, takes_a_token_without_an_end_only_if_told) {
  const std::string token = hs.sign(R"({"sub":"ada"})").value();
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(code_of(TokenVerifier(options_without_provider()).verify_now(token)), "invalid_token");
    TokenVerifierOptions wide = options_without_provider();
    wide.require_expiry = false;
    EXPECT_EQ(code_of(TokenVerifier(wide).verify_now(token)), "verified");
    co_return;
  });
}

TEST_F(TokenVerifierWithoutProvider, knows_the_reason_against_a_token) {
  const TokenVerifier verifier(options_without_provider());
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(verifier.reason_against("nonsense"), jwt::Rejection::malformed);
    EXPECT_EQ(verifier.reason_against(token_of(es)), jwt::Rejection::unknown_key);
    EXPECT_EQ(verifier.reason_against(token_of(hs, R"(,"nbf":1900000001)")), jwt::Rejection::not_yet_valid);
    co_return;
  });
}

TEST_F(TokenVerifierWithoutProvider, refuses_settings_it_cannot_work_with) {
  TokenVerifierOptions weak = options_without_provider();
  weak.jwt_secret = Secret("too short");
  EXPECT_THROW(TokenVerifier{weak}, Error);
  TokenVerifierOptions broken = options_without_provider();
  broken.jwks_json = "[]";
  EXPECT_THROW(TokenVerifier{broken}, Error);
}

TEST_F(TokenVerifierWithoutProvider, verifies_with_a_given_key_set) {
  jwt::KeySet set;
  set.add(es);
  TokenVerifierOptions given = options_without_provider();
  given.jwks_json = set.to_json();
  const TokenVerifier verifier(given);
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "verified");
    EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "verified");
    co_return;
  });
}

TEST_F(TokenVerifierTest, fetches_the_key_set_at_first_need) {
  provider.publish({es});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "not now");
    const auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "verified");
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "verified");
  });
  EXPECT_EQ(provider.server.requests(), 1);
  EXPECT_NE(provider.last_request().find("apikey: the-anon-key"), std::string::npos);
  EXPECT_EQ(provider.last_request().find("authorization"), std::string::npos);
}

TEST_F(TokenVerifierTest, lets_its_connections_go_with_its_last_copy) {
  provider.publish({es});
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      const TokenVerifier verifier(options());
      EXPECT_EQ(code_of(co_await verifier.verify(token_of(es))), "verified");
    }
    for (int i = 0; i < 500 && provider.server.open_connections() > 3; ++i)
      co_await sleep_for(std::chrono::milliseconds(10));
    EXPECT_LE(provider.server.open_connections(), 3);
  });
  EXPECT_EQ(provider.server.connections(), 20);
}

TEST_F(TokenVerifierTest, fetches_once_within_the_floor_whatever_tokens_name) {
  provider.publish({es});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 10; ++i) {
      const auto verdict = co_await verifier.verify(token_of(jwt::Key::generate_es256("new-" + std::to_string(i))));
      EXPECT_EQ(code_of(verdict), "invalid_token");
    }
    EXPECT_EQ(provider.server.requests(), 1);
    clock.advance(seconds(29));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(jwt::Key::generate_es256("x")))), "invalid_token");
    clock.advance(seconds(1));
    const auto verdict = co_await verifier.verify(token_of(jwt::Key::generate_es256("x")));
    EXPECT_EQ(code_of(verdict), "invalid_token");
    EXPECT_EQ(provider.server.requests(), 2);
  });
}

TEST_F(TokenVerifierTest, follows_a_rotation_of_keys) {
  const jwt::Key next = jwt::Key::generate_es256("es-2");
  provider.publish({es});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "verified");
    clock.advance(seconds(30));
    provider.publish({next});
    verdict = co_await verifier.verify(token_of(next));
    EXPECT_EQ(code_of(verdict), "verified");
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "invalid_token") << "its key was withdrawn: cached or not";
  });
}

TEST_F(TokenVerifierTest, refreshes_old_keys_in_the_background) {
  provider.publish({es});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    const std::string token = token_of(es);
    auto verdict = co_await verifier.verify(token);
    provider.publish({});
    clock.advance(seconds(600));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified") << "nobody waits for it";
    while (code_of(verifier.verify_now(token)) == "verified") co_await boost::asio::post(use_task);
    EXPECT_EQ(code_of(verifier.verify_now(token)), "invalid_token");
  });
  EXPECT_EQ(provider.server.requests(), 2);
}

TEST_F(TokenVerifierTest, lets_nothing_pass_while_the_provider_cannot_be_asked_and_recovers) {
  const std::string answers[] = {
      RawServer::ok(R"({"keys":[]})", {}, "500 Internal Server Error"),
      RawServer::ok(R"({"keys":[]})", {}, "404 Not Found"),
      RawServer::ok("", "Location: /elsewhere\r\n", "302 Found"),
      RawServer::ok("<html>maintenance</html>"),
      RawServer::ok(R"({"keys":{}})"),
      RawServer::ok(std::string(300 * 1024, ' ')),
      "no http at all\r\n\r\nConnection: close",
  };
  for (const std::string& answer : answers) {
    provider.answer_keys_with(answer);
    const TokenVerifier verifier(options());
    run_blocking([&]() -> Task<> {
      auto verdict = co_await verifier.verify(token_of(es));
      EXPECT_EQ(code_of(verdict), "provider_unavailable") << answer.substr(0, 60);
      EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "provider_unavailable") << "not asked again at once";
      provider.publish({es});
      clock.advance(seconds(1));
      verdict = co_await verifier.verify(token_of(es));
      EXPECT_EQ(code_of(verdict), "verified");
    });
    EXPECT_EQ(verifier.stats().key_fetches, 2u);
    EXPECT_EQ(verifier.stats().key_fetch_failures, 1u);
  }
}

TEST_F(TokenVerifierTest, keeps_old_keys_when_the_provider_goes_and_drops_them_in_the_end) {
  provider.publish({es});
  const TokenVerifier verifier(options());
  const std::string token = es.sign(std::string(R"({"sub":")") + test::ada + R"(","exp":2000000000})").value();
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token);
    provider.server.stop();
    clock.advance(seconds(30));
    verdict = co_await verifier.verify(token_of(jwt::Key::generate_es256("x")));
    EXPECT_EQ(code_of(verdict), "provider_unavailable") << "it may well be a new key";
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified");
    clock.advance(seconds(86400 - 31));
    EXPECT_EQ(code_of(verifier.verify_now(token)), "verified");
    clock.advance(seconds(1));
    verdict = co_await verifier.verify(token);
    EXPECT_EQ(code_of(verdict), "provider_unavailable");
  });
}

TEST_F(TokenVerifierTest, takes_no_secret_from_a_published_key_set) {
  provider.answer_keys_with(RawServer::ok(R"({"keys":[)" + std::string(hs.private_jwk().reveal()) + "]}"));
  provider.answer_user_with(RawServer::ok(R"({"code":403,"error_code":"bad_jwt","msg":"no"})", {}, "403 Forbidden"));
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "invalid_token");
    EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "not now");
    verdict = co_await verifier.verify(token_of(hs));
    EXPECT_EQ(code_of(verdict), "invalid_token");
  });
}

TEST_F(TokenVerifierTest, asks_the_provider_about_hs256_tokens_without_the_secret_every_time) {
  provider.answer_user_with(RawServer::ok(std::string(R"({"id":")") + test::ada + "\"}"));
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    for (int i = 1; i <= 3; ++i) {
      EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "not now");
      const auto verdict = co_await verifier.verify(token_of(hs));
      EXPECT_EQ(code_of(verdict), "verified");
      EXPECT_EQ(verdict->user_id(), Uuid::parse(test::ada));
      EXPECT_EQ(provider.server.requests(), i);
    }
    EXPECT_NE(provider.last_request().find("authorization: Bearer " + token_of(hs) + "\r\n"), std::string::npos);
    EXPECT_NE(provider.last_request().find("apikey: the-anon-key\r\n"), std::string::npos);
    // What the provider would refuse anyhow is not sent there.
    auto verdict = co_await verifier.verify(hs.sign(R"({"sub":"a","exp":1})").value());
    EXPECT_EQ(code_of(verdict), "expired_token");
    verdict = co_await verifier.verify_remotely("opaque");
    EXPECT_EQ(code_of(verdict), "invalid_token");
    verdict = co_await verifier.verify_remotely("e30.e30.\r\nX: y");
    EXPECT_EQ(code_of(verdict), "invalid_token");
    EXPECT_EQ(provider.server.requests(), 3);
  });
}

TEST_F(TokenVerifierTest, believes_the_provider_over_the_signature) {
  provider.publish({es});
  provider.answer_user_with(
      RawServer::ok(R"({"code":403,"error_code":"session_not_found","msg":"x"})", {}, "403 Forbidden"));
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "verified");
    verdict = co_await verifier.verify_remotely(token_of(es));
    EXPECT_EQ(code_of(verdict), "invalid_token");
    provider.answer_user_with(RawServer::ok(R"({"id":"another"})"));
    verdict = co_await verifier.verify_remotely(token_of(es));
    EXPECT_EQ(code_of(verdict), "invalid_token");
    provider.server.stop();
    verdict = co_await verifier.verify_remotely(token_of(es));
    EXPECT_EQ(code_of(verdict), "provider_unavailable");
  });
}

TEST_F(TokenVerifierTest, believes_the_provider_for_as_long_as_it_is_told) {
  const TokenVerifier verifier = believing_for(seconds(5));
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify_remotely(token_of(hs));
    EXPECT_EQ(code_of(verdict), "verified");
    provider.answer_user_with(RawServer::ok(R"({"code":403,"msg":"gone"})", {}, "403 Forbidden"));
    clock.advance(seconds(4));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "verified");
    verdict = co_await verifier.verify_remotely(token_of(hs));
    EXPECT_EQ(code_of(verdict), "verified");
    clock.advance(seconds(1));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "not now");
    verdict = co_await verifier.verify_remotely(token_of(hs));
    EXPECT_EQ(code_of(verdict), "invalid_token");
  });
}

TEST_F(TokenVerifierTest, takes_no_key_or_token_for_its_secret) {
  for (const std::string& text : {std::string("sb_publishable_0123456789abcdef0123456789"), token_of(hs)}) {
    TokenVerifierOptions wrong = options();
    wrong.jwt_secret = Secret(text);
    EXPECT_THROW((void)TokenVerifier(wrong), Error);
  }
}

TEST_F(TokenVerifierTest, fetches_old_and_new_keys_after_the_clock_was_set_back) {
  const jwt::Key next = jwt::Key::generate_es256("es-2");
  provider.publish({es});
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "verified");
    clock.set(std::chrono::hours(-24 * 365));
    provider.publish({next});
    clock.advance(seconds(30));
    verdict = co_await verifier.verify(token_of(next));  // a new key, as soon as the floor has passed
    EXPECT_EQ(code_of(verdict), "verified");
    clock.set(std::chrono::hours(-24));
    provider.publish({});
    clock.advance(seconds(600));  // and the old ones anew in the background
    while (code_of(verifier.verify_now(token_of(next))) == "verified") co_await boost::asio::post(use_task);
  });
  EXPECT_EQ(provider.server.requests(), 3);
}

TEST_F(TokenVerifierTest, asks_a_provider_that_failed_again_after_the_clock_was_set_back) {
  provider.answer_keys_with(RawServer::ok("{}", {}, "500 Internal Server Error"));
  const TokenVerifier verifier(options());
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "provider_unavailable");
    clock.set(std::chrono::hours(-1));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(es))), "provider_unavailable") << "not before its pause is over";
    provider.publish({es});
    clock.advance(seconds(1));
    verdict = co_await verifier.verify(token_of(es));
    EXPECT_EQ(code_of(verdict), "verified");
  });
}

TEST_F(TokenVerifierTest, believes_the_provider_no_longer_when_the_clock_is_set_back) {
  const TokenVerifier verifier = believing_for(seconds(5));
  run_blocking([&]() -> Task<> {
    const auto verdict = co_await verifier.verify_remotely(token_of(hs));
    EXPECT_EQ(code_of(verdict), "verified");
    clock.set(std::chrono::hours(-1));
    clock.advance(seconds(5));
    EXPECT_EQ(code_of(verifier.verify_now(token_of(hs))), "not now");
  });
}

TEST_F(TokenVerifierTest, logs_neither_tokens_nor_keys) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged.append(line).append("\n"); });
  provider.answer_keys_with(RawServer::ok("nonsense"));
  provider.answer_user_with(RawServer::ok("nonsense"));
  TokenVerifierOptions with_canary = options();
  with_canary.api_key = Secret("canary-api-key");
  const TokenVerifier verifier(with_canary);
  const std::string token = token_of(es);
  run_blocking([&]() -> Task<> {
    auto verdict = co_await verifier.verify(token);
    verdict = co_await verifier.verify_remotely(token);
    provider.server.stop();
    verdict = co_await verifier.verify_remotely(token);
  });
  log::set_sink({});
  EXPECT_NE(logged.find("key set could not be read"), std::string::npos) << logged;
  EXPECT_EQ(logged.find("canary"), std::string::npos) << logged;
  EXPECT_EQ(logged.find(token.substr(token.rfind('.'))), std::string::npos) << logged;
}

}  // namespace
}  // namespace bailey
