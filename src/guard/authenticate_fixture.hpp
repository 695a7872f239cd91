#pragma once

#include <bailey/guard/authenticate.hpp>
#include <bailey/guard/user.hpp>
#include <bailey/web/cors.hpp>
#include "guard/provider.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::guard_testing {

inline web_testing::Headers bearer(std::string_view token) {
  return {{"Authorization", "Bearer " + std::string(token)}};
}

inline std::string signed_by(const jwt::Key& key, const std::string& text) { return key.sign(text).value(); }

// An app behind the guard that tells who its handlers think is asking.
inline App& guarded(App& app, const Supabase& supabase, AuthenticateOptions options) {
  app.use(cors({.allow_origins = {"https://app.example.org"}}));
  app.use(authenticate(supabase, std::move(options)));
  app.get("/me", [](const Request& request) { return request.state().user_id(); });
  app.get("/user", [](User user) {
    EXPECT_EQ(user.supabase().identity().token(), user.identity().token());
    return user.id().to_string() + " " + std::string(user.email()) + " " + std::string(user.role());
  });
  app.get("/client", [](Supabase supabase_of_user) { return std::string(supabase_of_user.identity().subject()); });
  app.get("/admin/keys", [](User user) { return user.id(); });
  app.get("/public/{page}", [](const Request& request) { return request.state().has_identity(); });
  app.post("/cards", [](User, Json<std::vector<int>> cards) { return cards->size(); });
  return app;
}

// A provider that publishes one key, and a project that asks it.
class AuthenticateTest : public testing::Test {
 protected:
  AuthenticateOptions options() {
    AuthenticateOptions made;
    made.exempt = {"/public/*"};
    made.verifier.emplace(verifier_at(provider.url()));
    return made;
  }

  jwt::Key key = jwt::Key::generate_es256("first");
  Provider provider{key};
  Supabase supabase = project_at(provider.url());
};

}  // namespace bailey::guard_testing
