#include <bailey/web/app.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey {
namespace {

struct Mailer {
  std::string log;
};

Task<> wait() { co_await sleep_for(std::chrono::milliseconds(0)); }

TEST(Lifespans, are_opened_before_the_first_request_and_closed_in_reverse_after_the_last) {
  Mailer mailer;
  {
    App app;
    app.provide(std::ref(mailer));
    app.lifespan([](Mailer& open, Yield<> serving) -> Task<> {
      co_await wait();
      open.log += ">a ";
      co_await serving();
      co_await wait();
      open.log += "a< ";
    });
    app.lifespan([](Mailer& open, Yield<> serving) -> Task<> {
      open.log += ">b ";
      co_await serving();
      open.log += "b< ";
    });
    app.get("/", [](Mailer& open) { open.log += "request "; });
    TestClient client(app);
    EXPECT_EQ(client.get("/").status, 204);
    EXPECT_EQ(mailer.log, ">a >b request ");
  }
  EXPECT_EQ(mailer.log, ">a >b request b< a< ");
}

TEST(Lifespans, that_fail_to_open_end_the_start_and_close_those_before_them) {
  Mailer mailer;
  App app;
  app.provide(std::ref(mailer));
  app.lifespan([](Mailer& open, Yield<> serving) -> Task<> {
    co_await serving();
    open.log += "a< ";
  });
  app.lifespan([](Yield<>) -> Task<> {
    co_await wait();
    throw Error("no_mail", "The mail server does not answer");
  });
  try {
    TestClient client(app);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "no_mail");
  }
  EXPECT_EQ(mailer.log, "a< ");
}

TEST(Lifespans, that_take_what_is_made_for_each_request_end_the_start) {
  App app;
  app.provide([] { return Mailer{}; });
  app.lifespan([](const Mailer&, Yield<> serving) -> Task<> { co_await serving(); });
  try {
    static_cast<void>(app.handler());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "invalid_dependency");
    EXPECT_NE(error.message().find("Mailer, which nothing provides for all requests"), std::string::npos);
  }
}

}  // namespace
}  // namespace bailey
