#include <bailey/web/redis_rate_limits.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include "tests/support/redis_process.hpp"
#include "web/served_app.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using web_testing::Served;

const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

int status_of(const std::string& answer) { return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3)); }

// An app behind one limit, as each of several processes would have it.
class Limited {
 public:
  explicit Limited(std::shared_ptr<RateLimitStore> store, RateLimitOptions options = {}, unsigned loops = 1) {
    options.store = std::move(store);
    app_.use(rate_limit(std::move(options)));
    app_.get("/", [] { return PlainText{"here"}; });
    served_.emplace(app_, loops);
  }
  [[nodiscard]] int ask() const { return status_of(served_->talk(request)); }
  [[nodiscard]] std::string answer() const { return served_->talk(request); }

 private:
  App app_;
  std::optional<Served> served_;
};

// For tests that are not about time: a machine under load may take its own.
std::shared_ptr<RateLimitStore> patient(const RedisProcess& redis) {
  return redis_rate_limits({.url = Secret(redis.url()), .timeout = 10s});
}

// Asks until the status is this one, for so long as a machine under load may need.
bool comes_to(const Limited& limited, int status) {
  for (int i = 0; i < 1000; ++i) {
    if (limited.ask() == status) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

// What is logged while this lives.
class Log {
 public:
  Log() {
    log::set_sink([this](log::Level, std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.append(line).append("\n");
    });
  }
  ~Log() { log::set_sink({}); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  [[nodiscard]] std::string lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  [[nodiscard]] int count(std::string_view text) const {
    const std::string all = lines();
    int found = 0;
    for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++found;
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::string lines_;
};

TEST(RedisRateLimits, are_kept_by_all_processes_together) {
  const RedisProcess redis;
  const Limited one(patient(redis), {.requests = 3, .per = 1h});
  const Limited other(patient(redis), {.requests = 3, .per = 1h});
  EXPECT_NE(one.answer().find("RateLimit: \"default\";r=2;t=1200\r\n"), std::string::npos);
  EXPECT_EQ(other.ask(), 200);
  EXPECT_EQ(one.ask(), 200);
  const std::string refused = other.answer();
  EXPECT_EQ(status_of(refused), 429);
  EXPECT_NE(refused.find("RateLimit: \"default\";r=0;t=3600\r\n"), std::string::npos) << refused;
  EXPECT_TRUE(refused.contains("Retry-After: 1200\r\n") || refused.contains("Retry-After: 1199\r\n")) << refused;
  EXPECT_EQ(one.ask(), 429);
}

TEST(RedisRateLimits, let_in_exactly_as_many_however_they_come) {
  const RedisProcess redis;
  const Limited limited(patient(redis), {.requests = 50, .per = 1h}, 2);
  std::atomic<int> allowed = 0;
  std::atomic<int> refused = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      for (int k = 0; k < 15; ++k) {
        const int status = limited.ask();
        if (status == 200) ++allowed;
        if (status == 429) ++refused;
      }
    });
  clients.clear();
  EXPECT_EQ(allowed, 50);
  EXPECT_EQ(refused, 70);
}

TEST(RedisRateLimits, count_as_those_in_memory_do) {
  const RedisProcess redis;
  const auto store = patient(redis);
  run_blocking([&]() -> Task<> {
    const RateQuota quota{.interval = 1h, .burst = 3};
    for (std::uint32_t left : {2U, 1U, 0U}) {
      const RateVerdict verdict = co_await store->take("me", quota);
      EXPECT_TRUE(verdict.allowed);
      EXPECT_EQ(verdict.remaining, left);
    }
    const RateVerdict last = co_await store->take("me", quota);
    EXPECT_FALSE(last.allowed);
    EXPECT_GT(last.retry_after, 59min);
    const RateVerdict another = co_await store->take("another", quota);
    EXPECT_EQ(another.remaining, 2U);
  });
}

TEST(RedisRateLimits, let_in_again_when_the_time_has_come) {
  const RedisProcess redis;
  const Limited limited(patient(redis), {.requests = 1, .per = 300ms});
  EXPECT_EQ(limited.ask(), 200);
  EXPECT_EQ(limited.ask(), 429);
  EXPECT_TRUE(comes_to(limited, 200));
}

TEST(RedisRateLimits, keep_keys_that_tell_nothing_and_go_by_themselves) {
  const RedisProcess redis;
  const Limited limited(
      redis_rate_limits({.url = Secret(redis.url()), .timeout = 10s, .prefix = "my:"}),
      {.requests = 1, .per = 1h, .key = [](const Request&) { return "canary " + std::string(100'000, 'x'); }});
  EXPECT_EQ(limited.ask(), 200);
  EXPECT_EQ(limited.ask(), 429);
  const std::string key = redis.ask({"KEYS", "*"});
  EXPECT_TRUE(key.starts_with("my:")) << key;
  EXPECT_EQ(key.size(), 3U + 64U);
  const long long left = std::stoll(redis.ask({"PTTL", key}));
  EXPECT_GT(left, 3'590'000);
  EXPECT_LE(left, 3'600'001);
}

TEST(RedisRateLimits, let_pass_or_refuse_without_waiting_while_there_is_no_redis) {
  const Log log;
  for (const auto& [outage, status] :
       {std::pair{RateLimitOptions::Outage::let_pass, 200}, {RateLimitOptions::Outage::refuse, 503}}) {
    const Limited limited(redis_rate_limits({.url = Secret("redis://127.0.0.1:1"), .timeout = 2s}), {.outage = outage});
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(limited.ask(), status);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s) << "20 times the timeout are 40 s";
  }
  EXPECT_EQ(log.count("redis is not available"), 2) << log.lines();
}

TEST(RedisRateLimits, of_a_host_that_nobody_knows_are_not_waited_for_longer_than_is_said) {
  const Log log;
  const Limited limited(redis_rate_limits({.url = Secret("redis://no-such-host.invalid:6379")}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limited.ask(), 200);
  EXPECT_EQ(log.count("redis is not available"), 1) << log.lines();
}

TEST(RedisRateLimits, are_kept_again_when_redis_is_back) {
  const Log log;
  RedisProcess redis;
  const Limited limited(patient(redis), {.requests = 1, .per = 1h, .outage = RateLimitOptions::Outage::refuse});
  EXPECT_EQ(limited.ask(), 200);
  EXPECT_EQ(limited.ask(), 429);
  redis.stop();
  EXPECT_TRUE(comes_to(limited, 503));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(limited.ask(), 503);
  redis.start();  // with nothing in it
  EXPECT_TRUE(comes_to(limited, 200));
  EXPECT_EQ(limited.ask(), 429);
  EXPECT_EQ(log.count("redis is not available"), 1) << log.lines();
  EXPECT_EQ(log.count("redis is available again"), 1) << log.lines();
}

TEST(RedisRateLimits, wait_for_a_redis_that_hangs_no_longer_than_is_said_and_then_not_at_all) {
  RedisProcess redis;
  const Limited limited(redis_rate_limits({.url = Secret(redis.url()), .timeout = 300ms}),
                        {.requests = 1000, .per = 1h, .outage = RateLimitOptions::Outage::refuse});
  EXPECT_TRUE(comes_to(limited, 200));
  redis.freeze();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(limited.ask(), 503);
  const auto first = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(first, 150ms);
  EXPECT_LT(first, 5s);
  const auto then = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(limited.ask(), 503);
  EXPECT_LT(std::chrono::steady_clock::now() - then, 50 * 200ms);
  redis.thaw();
  EXPECT_TRUE(comes_to(limited, 200));
}

// Of a port that nobody has at the moment.
std::string free_port() {
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  return std::to_string(taken.local_endpoint().port());
}

TEST(RedisRateLimits, show_their_password_to_redis_and_to_no_log) {
  const Log log;
  const std::string port = free_port();
  const RedisProcess redis({"--port", port, "--bind", "127.0.0.1", "--requirepass", "canary p@ss"});
  const std::string host = "127.0.0.1:" + port;
  const auto limited = [&](const std::string& login) {
    return std::make_unique<Limited>(
        redis_rate_limits({.url = Secret("redis://" + login + host + "/3"), .timeout = 5s}),
        RateLimitOptions{.requests = 1, .per = 1h});
  };
  for (const std::string login : {"", ":canary-but-wrong@", "nobody:canary-but-wrong@"}) {
    const auto refused = limited(login);
    EXPECT_EQ(refused->ask(), 200) << login;
    EXPECT_EQ(refused->ask(), 200) << "nobody counts";
  }
  for (const std::string login : {":canary%20p%40ss@", "default:canary%20p%40ss@"}) {
    const auto admitted = limited(login);
    static_cast<void>(admitted->ask());
    EXPECT_EQ(admitted->ask(), 429) << login;
  }
  EXPECT_EQ(log.count("redis is not available"), 3) << log.lines();
  EXPECT_EQ(log.count("canary"), 0) << log.lines();
}

TEST(RedisRateLimits, of_requests_that_are_cancelled_meanwhile_leave_nothing_behind) {
  RedisProcess redis;
  const auto store = redis_rate_limits({.url = Secret(redis.url()), .timeout = 5s});
  run_blocking([&]() -> Task<> {
    const RateQuota quota{.interval = 1h, .burst = 10};
    co_await store->take("me", quota);
    redis.freeze();
    for (int i = 0; i < 3; ++i) co_await when_any(store->take("me", quota), sleep_for(20ms));
    redis.thaw();
    const RateVerdict verdict = co_await store->take("me", quota);
    EXPECT_EQ(verdict.remaining, 5U) << "each was counted, as Redis has got it";
  });
}

// Takes connections as Redis does, answers PING, and to any other command says what it is told to.
class StandIn {
 public:
  explicit StandIn(std::string answer) : answer_(std::move(answer)) {
    accepting_ = std::thread([this] {
      for (;;) {
        boost::asio::ip::tcp::socket client(io_);
        acceptor_.accept(client);
        if (is_ending_) return;
        const std::lock_guard lock(mutex_);
        clients_.push_back(std::make_unique<Client>(std::move(client), answer_));
      }
    });
  }
  ~StandIn() {
    is_ending_ = true;
    boost::asio::ip::tcp::socket last(io_);
    last.connect(acceptor_.local_endpoint());
    accepting_.join();
  }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;
  [[nodiscard]] std::string url() const {
    return "redis://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

 private:
  struct Client {
    Client(boost::asio::ip::tcp::socket of, const std::string& answer)
        : socket(std::move(of)), talking([this, answer] { talk(answer); }) {}
    ~Client() {
      ::shutdown(socket.native_handle(), SHUT_RDWR);
      talking.join();
    }
    void talk(const std::string& answer) {
      boost::system::error_code failure;
      std::string asked(64 * 1024, '\0');
      while (!failure) {
        const std::size_t count = socket.read_some(boost::asio::buffer(asked), failure);
        const bool is_ping = std::string_view(asked).substr(0, count).contains("PING");
        if (!failure) boost::asio::write(socket, boost::asio::buffer(is_ping ? "+PONG\r\n" : answer), failure);
      }
    }
    boost::asio::ip::tcp::socket socket;
    std::thread talking;
  };

  std::string answer_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> is_ending_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::thread accepting_;
};

TEST(RedisRateLimits, let_pass_at_once_whatever_answers_in_the_place_of_redis) {
  const Log log;
  struct Case {
    std::string name, answer;
  };
  for (const Case& c : std::vector<Case>{
           {"each answer twice", "*3\r\n:1\r\n:5\r\n:5\r\n*3\r\n:1\r\n:5\r\n:5\r\n"},
           {"numbers of their own", ":1\r\n:2\r\n"},
           {"a list without end", "*1000000000\r\n"},
           {"a text without end", "$2000000000\r\n" + std::string(1'000'000, 'x')},
           {"lists in lists", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"},
           {"numbers below nothing", "*3\r\n:1\r\n:-5\r\n:5\r\n"},
           {"numbers beyond time", "*3\r\n:1\r\n:5\r\n:9223372036854775807\r\n"},
           {"too few numbers", "*1\r\n:1\r\n"},
           {"another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n"},
           {"an error", "-LOADING Redis is loading the dataset in memory\r\n"},
       }) {
    const StandIn redis(c.answer);
    const Limited limited(redis_rate_limits({.url = Secret(redis.url()), .timeout = 10s}));
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(limited.ask(), 200) << c.name;
      std::this_thread::sleep_for(120ms);  // until it is tried again
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s) << c.name;
  }
  EXPECT_GT(log.count("redis is not available"), 0) << log.lines();
}

TEST(RedisRateLimits, are_told_once_of_a_redis_that_can_be_reached_and_takes_no_commands) {
  const Log log;
  for (const std::string answer : {"-READONLY You can't write against a read only replica.\r\n", "*1000000000\r\n"}) {
    const StandIn redis(answer);
    const Limited limited(redis_rate_limits({.url = Secret(redis.url()), .timeout = 10s}));
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(limited.ask(), 200);
      std::this_thread::sleep_for(150ms);  // until it is tried again
    }
  }
  EXPECT_EQ(log.count("redis is not available"), 2) << log.lines();
  EXPECT_EQ(log.count("redis is available again"), 0) << log.lines();
}

}  // namespace
}  // namespace bailey::test
