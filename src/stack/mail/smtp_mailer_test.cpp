// The mailer against a mail server: our own catcher where it has to work, one of the test's own where it has not.
#include "stack/mail/smtp_mailer.hpp"

#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "stack/mail/mailbox.hpp"
#include "stack/mail/mime.hpp"
#include "stack/mail/smtp_conversation.hpp"
#include "stack/mail/smtp_server.hpp"

namespace bailey::stack::mail {
namespace {

using namespace std::chrono_literals;
using tcp = boost::asio::ip::tcp;

Letter letter() { return {{"admin@example.com", "Jürgen"}, "anna@example.com", "Grüße", "<p>one</p>\n.\n..two\n"}; }

// What `send` comes to, and what `take` was given meanwhile.
Expected<void> send(SmtpOptions options, Letter sent, const SmtpSession::Take& take = nullptr,
                    SmtpServerOptions server_options = {}) {
  Runtime runtime({.threads = 1, .handle_signals = false});
  std::optional<SmtpServer> server;
  if (take) {
    server.emplace(runtime, take, std::move(server_options));
    server->start();
    options.port = server->port();
  }
  const SmtpMailer mailer(std::move(options));
  Expected<void> result;
  runtime.loop(0).spawn("test", [&]() -> Task<> {
    result = co_await mailer.send(std::move(sent));
    runtime.request_stop();
  });
  runtime.run();
  return result;
}

SmtpOptions here() {
  SmtpOptions options;
  options.host = "127.0.0.1";
  options.first_pause = 10ms;
  options.timeout = 5000ms;
  return options;
}

// A mail server that answers each command as it is told, on a thread of its own, for so many connections.
class ScriptedServer {
 public:
  using Script = std::map<std::string, std::string>;  // by the first word, in lower case; "" is the greeting

  explicit ScriptedServer(std::vector<Script> scripts)
      : acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        thread_([this, scripts = std::move(scripts)] {
          for (const Script& script : scripts) serve(script);
        }) {}
  // Those who were waited for and have not come are let go.
  ~ScriptedServer() {
    is_over_ = true;
    boost::system::error_code ignored;
    tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::vector<std::string> heard;

 private:
  static std::string reply_to(const Script& script, const std::string& word) {
    if (const auto found = script.find(word); found != script.end()) return found->second;
    const Script usual{{"", "220 hi\r\n"},     {"ehlo", "250-me\r\n250 SIZE 10000\r\n"},
                       {"mail", "250 ok\r\n"}, {"rcpt", "250 ok\r\n"},
                       {"data", "354 go\r\n"}, {".", "250 ok\r\n"},
                       {"quit", "221 bye\r\n"}};
    const auto found = usual.find(word);
    return found == usual.end() ? "" : found->second;
  }

  void serve(const Script& script) {
    if (is_over_) return;
    tcp::socket socket(io_);
    acceptor_.accept(socket);
    if (is_over_) return;
    boost::system::error_code error;
    boost::asio::streambuf buffer;
    std::string reply = reply_to(script, "");
    bool in_text = false;
    while (reply != "hang up" && !error) {
      boost::asio::write(socket, boost::asio::buffer(reply), error);
      const std::size_t size = boost::asio::read_until(socket, buffer, "\r\n", error);
      if (error) return;
      std::string line(boost::asio::buffers_begin(buffer.data()),
                       boost::asio::buffers_begin(buffer.data()) + static_cast<long>(size) - 2);
      buffer.consume(size);
      if (in_text && line != ".") {
        reply.clear();
        continue;
      }
      heard.push_back(line);
      std::string word = line.substr(0, line.find(' '));
      for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      reply = reply_to(script, word);
      in_text = reply.starts_with("354");
    }
  }

  std::atomic<bool> is_over_ = false;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

struct Outcome {
  std::string error;
  std::string message;
  std::size_t commands;
};

Outcome against(std::vector<ScriptedServer::Script> scripts, SmtpOptions options = here(), Letter sent = letter()) {
  ScriptedServer server(std::move(scripts));
  options.port = server.port();
  const Expected<void> result = send(std::move(options), std::move(sent));
  return {result ? "" : result.error().code(), result ? "" : result.error().message(), server.heard.size()};
}

TEST(SmtpMailer, brings_a_letter_to_a_server_as_it_is) {
  std::vector<std::pair<Envelope, std::string>> caught;
  SmtpOptions options = here();
  options.user = "anna";
  options.password = Secret("correct horse");
  const auto sent = send(options, letter(), [&](Envelope envelope, std::string message) {
    caught.emplace_back(std::move(envelope), std::move(message));
    return true;
  });
  ASSERT_TRUE(sent) << sent.error().message();
  ASSERT_EQ(caught.size(), 1U);
  EXPECT_EQ(caught[0].first.from, "admin@example.com");
  EXPECT_EQ(caught[0].first.to, std::vector<std::string>{"anna@example.com"});
  EXPECT_EQ(caught[0].first.user, "anna");
  const MimeMessage message = parse_mime(caught[0].second);
  EXPECT_EQ(message.text_of("Subject"), "Grüße");
  EXPECT_EQ(message.body_of("text/html")->text(), "<p>one</p>\r\n.\r\n..two\r\n");
}

TEST(SmtpMailer, brings_addresses_beyond_ascii_to_servers_that_take_them_and_says_where_one_does_not) {
  Letter wide = letter();
  wide.to = "jürgen@example.com";
  std::string to;
  const auto sent = send(here(), wide, [&](const Envelope& envelope, const std::string&) {
    to = envelope.to.at(0);
    return true;
  });
  EXPECT_TRUE(sent) << sent.error().message();
  EXPECT_EQ(to, "jürgen@example.com");

  const Outcome refused = against({{}}, here(), wide);
  EXPECT_EQ(refused.error, "mail_refused");
  EXPECT_TRUE(refused.message.contains("SMTPUTF8"));
}

TEST(SmtpMailer, asks_again_a_server_that_is_busy_and_no_other) {
  const ScriptedServer::Script busy{{"rcpt", "451 4.3.0 later\r\n"}};
  const Outcome in_the_end = against({busy, {{"", "421 busy\r\n"}}, {}});
  EXPECT_EQ(in_the_end.error, "") << in_the_end.message << in_the_end.commands;
  const Outcome always = against({busy, busy, busy});
  EXPECT_EQ(always.error, "mail_unavailable");
  EXPECT_TRUE(always.message.contains("451"));
  for (const ScriptedServer::Script& no :
       {ScriptedServer::Script{{"rcpt", "550 no such user\r\n"}}, ScriptedServer::Script{{"mail", "553 not you\r\n"}},
        ScriptedServer::Script{{"data", "554 no\r\n"}}, ScriptedServer::Script{{".", "554 spam\r\n"}}}) {
    const Outcome outcome = against({no});
    EXPECT_EQ(outcome.error, "mail_refused") << outcome.message << no.begin()->second;
  }
}

TEST(SmtpMailer, does_not_send_twice_what_a_server_may_have) {
  EXPECT_EQ(against({{{".", "hang up"}}}).error, "mail_unavailable");
}

TEST(SmtpMailer, does_not_wait_longer_than_it_may) {
  SmtpOptions options = here();
  options.timeout = 300ms;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(against({{{"", ""}}}, options).error, "mail_timeout");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST(SmtpMailer, says_that_there_is_no_server) {
  SmtpOptions options = here();
  options.port = 1;
  const auto sent = send(options, letter());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), "mail_unavailable");
}

TEST(SmtpMailer, insists_on_tls_where_it_must_and_for_a_password_that_leaves_the_machine) {
  SmtpOptions required = here();
  required.tls = SmtpOptions::Tls::required;
  const Outcome refused = against({{}}, required);
  EXPECT_EQ(refused.error, "mail_refused");
  EXPECT_TRUE(refused.message.contains("TLS"));

  struct Case {
    const char* host;
    bool may_go_in_clear;
  };
  for (const auto& [host, in_clear] : std::initializer_list<Case>{{"127.0.0.1", true},
                                                                  {"127.0.0.2", true},
                                                                  {"::1", true},
                                                                  {"LOCALHOST", true},
                                                                  {"127.example.com", false},
                                                                  {"127.0.0.1.example.com", false},
                                                                  {"localhost.example.com", false},
                                                                  {"10.0.0.1", false},
                                                                  {"mail.example.com", false}}) {
    SmtpOptions options;
    options.host = host;
    EXPECT_TRUE(may_go_in_clear(options)) << host;  // there is no password
    options.user = "anna";
    EXPECT_EQ(may_go_in_clear(options), in_clear) << host;
    options.tls = SmtpOptions::Tls::required;
    EXPECT_FALSE(may_go_in_clear(options)) << host;
  }
}

TEST(SmtpMailer, tells_nothing_of_the_letter_nor_of_the_password) {
  SmtpOptions options = here();
  options.user = "anna";
  options.password = Secret("canary-password");
  Letter secret = letter();
  secret.html = "canary-token";
  const Outcome denied = against({{{"ehlo", "250-me\r\n250 AUTH PLAIN\r\n"}, {"auth", "535 no\r\n"}}}, options, secret);
  EXPECT_EQ(denied.error, "mail_refused");
  EXPECT_FALSE(denied.message.contains("canary"));
  EXPECT_FALSE(denied.message.contains("example.com"));
}

TEST(SmtpMailer, refuses_a_host_that_could_name_another_server) {
  for (const char* host : {"", "a b", "a/b", "user@host", "a#b", "a?b", "[::1]"}) {
    SmtpOptions options;
    options.host = host;
    EXPECT_THROW(SmtpMailer{options}, Error) << host;
  }
}

TEST(SmtpServer, bounds_how_many_talk_at_a_time) {
  SmtpServerOptions options;
  options.connections = 0;
  SmtpOptions once = here();
  once.attempts = 1;
  const auto sent = send(once, letter(), [](const Envelope&, const std::string&) { return true; }, options);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), "mail_unavailable");
}

}  // namespace
}  // namespace bailey::stack::mail
