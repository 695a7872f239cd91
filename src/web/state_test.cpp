#include <bailey/web/state.hpp>

#include <bailey/web/error.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;
using web_testing::Reply;

TEST(State, takes_one_identity_only) {
  State state;
  EXPECT_FALSE(state.has_identity());
  const Uuid ada = *Uuid::parse("8c5d6b9e-6a52-4d5c-9f3e-1f2a3b4c5d6e");
  state.set_identity(ada);
  EXPECT_EQ(error_code_of([&] { state.set_identity(std::nullopt); }), "identity_already_set");
  EXPECT_EQ(state.user_id(), ada);
  state.reset();
  EXPECT_FALSE(state.has_identity());
  state.set_identity(std::nullopt);
  EXPECT_TRUE(state.has_identity());
  EXPECT_EQ(error_code_of([&] { static_cast<void>(state.user_id()); }), "http_error") << "they are no user";
}

TEST(State, without_a_guard_says_401) {
  App app;
  app.get("/", [](const Request& request) { return request.state().user_id(); });
  const Reply reply = get(app, "/");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.header("www-authenticate"), "Bearer");
}

struct Shared {
  std::shared_ptr<int> number;
};

TEST(State, keeps_one_value_of_a_type_until_the_request_ends) {
  const auto number = std::make_shared<int>(7);
  {
    State state;
    EXPECT_EQ(state.get<Shared>(), nullptr);
    state.set(Shared{number});
    state.set(Shared{number});
    EXPECT_EQ(number.use_count(), 2) << "the first is gone";
    state.set(std::string("beside it"));
    EXPECT_EQ(state.get<Shared>()->number, number);
    state.reset();
    EXPECT_EQ(number.use_count(), 1);
    EXPECT_EQ(state.get<Shared>(), nullptr);
    EXPECT_EQ(state.get<std::string>(), nullptr);
    state.set(Shared{number});
  }
  EXPECT_EQ(number.use_count(), 1);
}

TEST(State, sets_what_each_request_of_a_connection_sets_into_the_same_memory) {
  struct alignas(64) Aligned {
    int value;
  };
  State state;
  const Aligned* const first = &state.set(Aligned{1});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % alignof(Aligned), 0U);
  state.reset();
  state.set(1.5);
  EXPECT_EQ(&state.set(Aligned{2}), first);
  EXPECT_EQ(state.get<Aligned>()->value, 2);
}

}  // namespace
}  // namespace bailey
