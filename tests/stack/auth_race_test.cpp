// What happens to a request about a user who changes meanwhile. The window is made as wide as it takes: a transaction
// of the test's own holds the user's row, with its change not committed yet, until the request waits for it.
#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

Answer post(std::string_view path, const json::object& body, std::string_view bearer = {}) {
  return live().ask({.method = "POST",
                     .target = "/auth/v1/" + std::string(path),
                     .body = json::serialize(body),
                     .bearer = std::string(bearer)});
}

struct Account {
  explicit Account(std::string_view name) {
    const json::object session = live().sign_up(name);
    id = session.at("user").at("id").as_string();
    email = session.at("user").at("email").as_string();
    access_token = session.at("access_token").as_string();
    refresh_token = session.at("refresh_token").as_string();
  }
  [[nodiscard]] Answer sign_in() const {
    return post("token?grant_type=password", {{"email", email}, {"password", LiveStack::password}});
  }
  [[nodiscard]] Answer refresh() const {
    return post("token?grant_type=refresh_token", {{"refresh_token", refresh_token}});
  }
  [[nodiscard]] Answer change(const json::object& body) const {
    return live().ask(
        {.method = "PUT", .target = "/auth/v1/user", .body = json::serialize(body), .bearer = access_token});
  }
  [[nodiscard]] Answer as_admin(std::string method, std::string body) const {
    return live().ask({.method = std::move(method),
                       .target = "/auth/v1/admin/users/" + id,
                       .body = std::move(body),
                       .api_key = "secret"});
  }
  [[nodiscard]] std::string count(std::string_view rows) const {
    return live()
        .sql("select count(*)::text from " + std::string(rows) + " where user_id = '" + id + "'")
        .at(0)
        .at(0)
        .value();
  }

  std::string id, email, access_token, refresh_token;
};

// A transaction that holds what a request is going to wait for.
class Meanwhile {
 public:
  explicit Meanwhile(const Account& account) : id_("'" + account.id + "'") {
    connection_.execute("begin");
    pid_ = connection_.query("select pg_backend_pid()::text").at(0).at(0).value();
  }

  // `$user` in it is the account's id.
  void execute(std::string sql) {
    for (std::size_t at = sql.find("$user"); at != std::string::npos; at = sql.find("$user")) sql.replace(at, 5, id_);
    connection_.execute(sql);
  }
  void commit() { connection_.execute("commit"); }

  // Starts the request, and returns when it waits for this transaction.
  [[nodiscard]] std::future<Answer> start(std::function<Answer()> request) {
    std::future<Answer> answer = std::async(std::launch::async, std::move(request));
    const auto waits = [&] {
      return live().sql("select from pg_stat_activity where " + pid_ + " = any(pg_blocking_pids(pid))").size() == 1;
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!waits()) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the request does not wait");
    }
    return answer;
  }

 private:
  std::string id_, pid_;
  stack::BlockingConnection connection_ = live().connect();
};

constexpr std::string_view new_hash = "$2a$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const std::string changes_password =
    "update auth.users set encrypted_password = '" + std::string(new_hash) + "' where id = $user";
constexpr const char* bans = "update auth.users set banned_until = now() + interval '1 day' where id = $user";
constexpr const char* deletes_softly = "update auth.users set deleted_at = now() where id = $user";
constexpr const char* deletes = "delete from auth.users where id = $user";

TEST(SignIn, in_flight_does_not_survive_what_happens_to_the_user_meanwhile) {
  struct Case {
    std::string change;
    int status;
    std::string code, sessions;
  };
  for (const Case& c :
       {Case{changes_password, 400, "invalid_credentials", "1"}, Case{bans, 400, "user_banned", "1"},
        Case{deletes_softly, 400, "invalid_credentials", "1"}, Case{deletes, 400, "invalid_credentials", "0"},
        Case{"update auth.users set raw_user_meta_data = '{}' where id = $user", 200, "", "2"}}) {
    const Account account("in-flight");
    Meanwhile meanwhile(account);
    meanwhile.execute(c.change);
    std::future<Answer> signing_in = meanwhile.start([&] { return account.sign_in(); });
    meanwhile.commit();
    const Answer answer = signing_in.get();
    EXPECT_EQ(answer.status, c.status) << c.change << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), c.code) << c.change;
    EXPECT_EQ(account.count("auth.sessions"), c.sessions) << c.change;
  }
}

TEST(Refresh, in_flight_does_not_survive_what_happens_to_the_user_meanwhile) {
  struct Case {
    std::string change, code;
  };
  for (const Case& c :
       {Case{changes_password + "; delete from auth.sessions where user_id = $user", "refresh_token_not_found"},
        Case{bans, "user_banned"}, Case{deletes_softly, "refresh_token_not_found"},
        Case{deletes, "refresh_token_not_found"}}) {
    const Account account("refreshing");
    Meanwhile meanwhile(account);
    meanwhile.execute(c.change);
    std::future<Answer> refreshing = meanwhile.start([&] { return account.refresh(); });
    meanwhile.commit();
    const Answer answer = refreshing.get();
    EXPECT_EQ(answer.status, 400) << c.change << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), c.code) << c.change;
  }
}

TEST(User, whose_change_is_in_flight_changes_nothing_after_what_happens_meanwhile) {
  struct Case {
    std::string change;
    int status;
    std::string code;
  };
  for (const Case& c : {Case{changes_password, 409, "conflict"},
                        Case{"delete from auth.sessions where user_id = $user; update auth.users set updated_at = now()"
                             " where id = $user",
                             403, "session_not_found"},
                        Case{bans, 403, "user_banned"}, Case{deletes_softly, 403, "user_not_found"},
                        Case{deletes, 403, "user_not_found"}}) {
    const Account account("changing");
    const auto hash = [&] {
      const auto rows = live().sql("select encrypted_password from auth.users where id = '" + account.id + "'");
      return rows.empty() ? "" : rows.at(0).at(0).value();
    };
    Meanwhile meanwhile(account);
    meanwhile.execute(c.change);
    std::future<Answer> changing = meanwhile.start([&] { return account.change({{"password", "another password"}}); });
    meanwhile.commit();
    const std::string before = hash();
    const Answer answer = changing.get();
    EXPECT_EQ(answer.status, c.status) << c.change << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), c.code) << c.change;
    EXPECT_EQ(hash(), before) << c.change;
  }
}

TEST(Admin, who_changes_or_deletes_a_user_that_is_being_deleted_finds_none) {
  const std::string email = live().fresh_email("renamed");
  for (const auto& [method, body] :
       std::initializer_list<std::pair<std::string, std::string>>{{"PUT", R"({"password":"another password"})"},
                                                                  {"PUT", R"({"email":")" + email + R"("})"},
                                                                  {"DELETE", ""},
                                                                  {"DELETE", R"({"should_soft_delete":true})"}}) {
    const Account account("vanishing");
    Meanwhile meanwhile(account);
    meanwhile.execute(deletes);
    std::future<Answer> changing = meanwhile.start([&] { return account.as_admin(method, body); });
    meanwhile.commit();
    const Answer answer = changing.get();
    EXPECT_EQ(answer.status, 404) << method << " " << body << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), "user_not_found") << method << " " << body;
  }
}

// The order is the user, then the sessions: who waits for the user holds no session.
TEST(Auth, locks_the_user_before_anything_that_is_theirs) {
  const std::initializer_list<std::pair<const char*, std::function<Answer(const Account&)>>> requests{
      {"refresh", [](const Account& account) { return account.refresh(); }},
      {"sign-in", [](const Account& account) { return account.sign_in(); }},
      {"log-out", [](const Account& account) { return post("logout", {}, account.access_token); }},
      {"password", [](const Account& account) { return account.change({{"password", "another password"}}); }},
      {"admin", [](const Account& account) { return account.as_admin("PUT", R"({"password":"another password"})"); }},
      {"deletion", [](const Account& account) { return account.as_admin("DELETE", ""); }},
      {"soft deletion",
       [](const Account& account) { return account.as_admin("DELETE", R"({"should_soft_delete":true})"); }},
  };
  for (const auto& [what, request] : requests) {
    const Account account("ordered");
    Meanwhile meanwhile(account);
    meanwhile.execute("select from auth.users where id = $user for update");
    std::future<Answer> answer = meanwhile.start([&] { return request(account); });
    EXPECT_NO_THROW(
        meanwhile.execute("select from auth.sessions where user_id = $user for update nowait;"
                          "select from auth.refresh_tokens where user_id = $user for update nowait;"
                          "select from auth.identities where user_id = $user for update nowait"))
        << what;
    meanwhile.execute("rollback");
    EXPECT_LT(answer.get().status, 300) << what;
  }
}

// An application's row that refers to a user is written while the user's token is refreshed, not after it.
TEST(Refresh, does_not_hold_up_rows_that_refer_to_the_user) {
  static_cast<void>(live().sql("create table public.referring (owner uuid references auth.users on delete cascade)"));
  const Account account("referred");
  Meanwhile meanwhile(account);
  meanwhile.execute("select from auth.sessions where user_id = $user for update");
  std::future<Answer> refreshing = meanwhile.start([&] { return account.refresh(); });
  EXPECT_NO_THROW(
      live().connect().execute("set lock_timeout = '2s';"
                               "insert into public.referring values ('" +
                               account.id + "')"));
  meanwhile.commit();
  EXPECT_EQ(refreshing.get().status, 200);
  static_cast<void>(live().sql("drop table public.referring"));
}

TEST(Auth, under_everything_at_once_meets_no_deadlock) {
  std::mutex mutex;
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) {
    const std::lock_guard lock(mutex);
    logged.append(line).append("\n");
  });
  for (int round = 0; round < 4; ++round) {
    const Account account("storm");
    const Answer second = account.sign_in();
    const std::string other(second.text("access_token"));
    const std::array<std::function<Answer()>, 7> requests{
        [&] { return account.refresh(); },
        [&] { return post("token?grant_type=refresh_token", {{"refresh_token", second.text("refresh_token")}}); },
        [&] { return account.change({{"password", "another password"}}); },
        [&] { return post("logout?scope=others", {}, other); },
        [&] { return account.sign_in(); },
        [&] { return account.as_admin("PUT", R"({"password":"yet another one","ban_duration":"none"})"); },
        [&] { return account.as_admin("DELETE", round % 2 == 0 ? "" : R"({"should_soft_delete":true})"); },
    };
    std::array<Answer, requests.size()> answers;
    {
      std::vector<std::jthread> storm;
      for (std::size_t i = 0; i < requests.size(); ++i) {
        storm.emplace_back([&, i] { answers[i] = requests[i](); });
      }
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_LT(answers[i].status, 500) << i << ": " << answers[i].body;
      // The user's own change of the password may meet the administrator's; nobody else has a conflict with anyone.
      if (i != 2) {
        EXPECT_NE(answers[i].status, 409) << i << ": " << answers[i].body;
      }
    }
  }
  log::set_sink({});
  EXPECT_FALSE(logged.contains("40P01")) << logged;
}

}  // namespace
}  // namespace bailey::test
