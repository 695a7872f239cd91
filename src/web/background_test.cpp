#include <bailey/web/background.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>
#include "web/test_journal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::Journal;

class Logged {
 public:
  Logged() {
    log::set_sink([this](log::Level, std::string_view line) { lines_.add(std::string(line)); });
  }
  ~Logged() { log::set_sink({}); }
  Logged(const Logged&) = delete;
  Logged& operator=(const Logged&) = delete;
  [[nodiscard]] std::string text() const { return lines_.text(); }

 private:
  Journal lines_;
};

TEST(BackgroundTasks, end_before_what_the_app_has_open_is_closed) {
  Journal trace;
  App app;
  app.lifespan([&trace](Yield<> serving) -> Task<> {
    co_await serving();
    trace.add("closed");
  });
  app.post("/", [&trace](Background background) {
    background.add("slow", [&trace]() -> Task<> {
      co_await sleep_for(150ms);
      trace.add("slow");
    });
    background.add("quick", [&trace]() -> Task<> {
      trace.add("quick");
      co_return;
    });
    trace.add("answered");
  });
  {
    TestClient client(app);
    EXPECT_EQ(client.post("/", 1).status, 204);
  }
  EXPECT_EQ(trace.text(), "answered, quick, slow, closed");
}

TEST(BackgroundTasks, that_one_of_them_adds_start_at_once_though_the_request_is_long_gone) {
  Journal trace;
  App app;
  app.post("/", [&trace](Background background) {
    background.add("first", [&trace, background]() -> Task<> {
      co_await sleep_for(5ms);
      trace.add("first");
      background.add("second", [&trace]() -> Task<> {
        trace.add("second");
        co_return;
      });
    });
  });
  {
    TestClient client(app);
    EXPECT_EQ(client.post("/", 1).status, 204);
    for (int i = 0; i < 500 && trace.text() != "first, second"; ++i) std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(trace.text(), "first, second");
}

TEST(BackgroundTasks, that_do_not_end_in_time_are_cancelled_and_named_in_the_log_before_the_app_is_closed) {
  const Logged logged;
  Journal trace;
  App app;
  app.lifespan([&trace](Yield<> serving) -> Task<> {
    co_await serving();
    trace.add("closed");
  });
  app.post("/", [&trace](Background background) {
    background.add("for ever", [&trace]() -> Task<> {
      struct Gone {
        Journal& trace;
        ~Gone() { trace.add("gone"); }
      };
      const Gone gone{trace};
      co_await sleep_for(1h);
    });
  });
  {
    TestClient client(app, {.timeout = 500ms});
    EXPECT_EQ(client.post("/", 1).status, 204);
  }
  EXPECT_EQ(trace.text(), "gone, closed");
  EXPECT_NE(logged.text().find("a background task was cancelled before its end"), std::string::npos) << logged.text();
  EXPECT_NE(logged.text().find("for ever"), std::string::npos) << logged.text();
}

TEST(BackgroundTasks, that_fail_are_logged_by_their_name_and_nobody_else_is_hurt) {
  const Logged logged;
  std::atomic<int> done = 0;
  App app;
  app.post("/", [&done](Background background) {
    background.add("broken", []() -> Task<> {
      co_await sleep_for(1ms);
      throw std::runtime_error("out of paper");
    });
    background.add("whole", [&done]() -> Task<> {
      co_await sleep_for(20ms);
      ++done;
    });
  });
  {
    TestClient client(app);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.post("/", 1).status, 204);
  }
  EXPECT_EQ(done, 3);
  EXPECT_NE(logged.text().find("broken"), std::string::npos);
  EXPECT_NE(logged.text().find("out of paper"), std::string::npos);
  EXPECT_EQ(logged.text().find("cancelled"), std::string::npos) << logged.text();
}

}  // namespace
}  // namespace bailey
