// Who asks lives as long as the handler does, in every form a handler can take it: requests of two users whose handlers
// give the loop away to each other never see the other one.
#include <bailey/guard/authenticate.hpp>
#include <bailey/guard/user.hpp>
#include <bailey/runtime/sleep.hpp>
#include "guard/provider.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <concepts>
#include <map>
#include <string>

namespace bailey {
namespace {

using guard_testing::ada;
constexpr std::string_view bob = "b0b5d6b9-6a52-4d5c-9f3e-1f2a3b4c5d6e";

std::string name_of(const User& user) { return user.id().to_string(); }
std::string name_of(const std::optional<User>& user) { return user ? name_of(*user) : "nobody"; }
std::string name_of(const Supabase& supabase) { return std::string(supabase.identity().subject()); }
std::string name_of(const Request& request) { return request.state().user_id().to_string(); }

// [handed_on]
template <class T>
Task<std::string> name_later(const T& given) {
  co_await sleep_for(std::chrono::milliseconds(1));
  co_return name_of(given);
}
// [/handed_on]

// A handler that is the coroutine itself, and one that hands its parameter on to a coroutine.
template <class P>
void add_handlers(App& app, const std::string& path) {
  // [forms]
  app.get(runtime_path(path + "/coroutine"), [](P given) -> Task<std::string> {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return name_of(given);
  });
  app.get(runtime_path(path + "/forwarding"), [](P given) { return name_later(given); });
  // [/forms]
}

template <class T>
void add_forms(App& app, const std::string& path) {
  add_handlers<T>(app, path + "/value");
  add_handlers<const T&>(app, path + "/reference");
  add_handlers<T&&>(app, path + "/rvalue");
}

struct Seen {
  int answers = 0;
  int wrong = 0;
};

Task<> ask_once(http::Handler& handler, std::string path, std::string token, std::string_view who, Seen& seen) {
  http::LocalRequest::Parts parts;
  parts.target = std::move(path);
  parts.headers = {{"Authorization", "Bearer " + token}};
  const web_testing::Reply reply = co_await web_testing::ask_app(handler, std::move(parts));
  if (reply.body != "\"" + std::string(who) + "\"") ++seen.wrong;
  ++seen.answers;
}

Task<> ask_as_both(http::Handler& handler, const std::string& path,
                   const std::map<std::string_view, std::string>& tokens, Seen& seen) {
  constexpr int rounds = 160;
  for (int round = 0; round < rounds; ++round) {
    for (const auto& [who, token] : tokens) {
      boost::asio::co_spawn(Loop::current().executor(), ask_once(handler, path, token, who, seen),
                            boost::asio::detached);
    }
  }
  while (seen.answers < rounds * 2) co_await sleep_for(std::chrono::milliseconds(1));
}

TEST(UserLifetime, no_answer_is_about_another_user_in_any_form_a_parameter_can_take) {
  const jwt::Key key = jwt::Key::generate_es256("first");
  const guard_testing::Provider provider(key);
  std::string claims_of_bob = guard_testing::claims();
  claims_of_bob.replace(claims_of_bob.find(ada), ada.size(), bob);
  const std::map<std::string_view, std::string> tokens{{ada, key.sign(guard_testing::claims()).value()},
                                                       {bob, key.sign(claims_of_bob).value()}};
  App app;
  app.use(authenticate(guard_testing::project_at(provider.url()), {.optional_for = {"/optional/*"}}));
  add_forms<User>(app, "/user");
  add_forms<std::optional<User>>(app, "/optional");
  add_forms<Supabase>(app, "/supabase");
  add_handlers<const Request&>(app, "/request");
  for (const std::string type : {"/user", "/optional", "/supabase", "/request"}) {
    for (const std::string form : {"/value", "/reference", "/rvalue", ""}) {
      if ((type == "/request") != form.empty()) continue;
      for (const std::string kind : {"/coroutine", "/forwarding"}) {
        Seen seen;
        run_blocking(ask_as_both(app.handler(), type + form + kind, tokens, seen));
        EXPECT_EQ(seen.wrong, 0) << type << form << kind << " of " << seen.answers;
      }
    }
  }
}

}  // namespace
}  // namespace bailey
