#include <bailey/graphql/graphql.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

struct Role {
  std::string name;
};

struct Secretive {
  int owner = 0;
  std::string open;
  std::optional<std::string> diary;
  std::string vault;

  static void graphql(Type<Secretive>& type) {
    type.field(&Secretive::diary,
               {.permissions = {allow<Secretive>([](const Secretive& it) { return it.owner == 1; })}});
    type.field(&Secretive::vault, {.permissions = {allow(
                                       [](const Role& role) -> Task<bool> {
                                         co_await sleep_for(1ms);
                                         co_return role.name == "keeper";
                                       },
                                       {.message = "Keepers only", .code = "KEEPERS"})}});
  }
};

class Permissions : public testing::Test {
 protected:
  Permissions() {
    app_.provide([](Header<"x-role"> role) { return Role{*role}; });
    Schema schema;
    schema.query("one", [](Arg<"owner", int> owner) -> std::optional<Secretive> {
      return Secretive{.owner = *owner, .open = "o", .diary = "d", .vault = "v"};
    });
    app_.graphql("/", schema);
  }
  std::string run(std::string_view selection, int owner, std::string_view role = "guest") {
    if (!client_) client_.emplace(app_);
    const std::string body =
        R"({"query":"{ one(owner: )" + std::to_string(owner) + ") { " + std::string(selection) + R"( } }"})";
    return client_->send("POST", "/", body, {{"Content-Type", "application/json"}, {"X-Role", std::string(role)}}).body;
  }

  App app_;
  std::optional<TestClient> client_;
};

TEST_F(Permissions, APermissionLooksAtTheObjectWhoseFieldItIs) {
  EXPECT_EQ(run("open diary", 1), R"({"data":{"one":{"open":"o","diary":"d"}}})");
  EXPECT_EQ(run("open diary", 2),
            R"({"data":{"one":{"open":"o","diary":null}},"errors":[{"message":"You are not permitted to see this",)"
            R"("locations":[{"line":1,"column":24}],"path":["one","diary"],"extensions":{"code":"FORBIDDEN"}}]})");
}

TEST_F(Permissions, APermissionMayWaitAndTakesWhatTheAppProvides) {
  EXPECT_EQ(run("vault open", 2, "keeper"), R"({"data":{"one":{"vault":"v","open":"o"}}})");
  EXPECT_EQ(run("open vault", 2),
            R"({"data":{"one":null},"errors":[{"message":"Keepers only","locations":[{"line":1,"column":24}],)"
            R"("path":["one","vault"],"extensions":{"code":"KEEPERS"}}]})");
}

TEST_F(Permissions, WhatIsNotSelectedIsNotAsked) {
  if (!client_) client_.emplace(app_);
  const std::string body = R"({"query":"{ one(owner: 2) { open } }"})";
  EXPECT_EQ(client_->send("POST", "/", body, {{"Content-Type", "application/json"}}).body,
            R"({"data":{"one":{"open":"o"}}})")
      << "the role, whose header is missing, is not made";
  const std::string asks = R"({"query":"{ one(owner: 2) { vault } }"})";
  EXPECT_EQ(client_->send("POST", "/", asks, {{"Content-Type", "application/json"}})
                .json()
                .at("errors")
                .at(0)
                .at("extensions")
                .at("code"),
            "BAD_USER_INPUT");
}

TEST(Permission, OneThatLooksAtAnotherTypeIsRefused) {
  Schema schema;
  EXPECT_THROW(schema.query("x", [] { return 1; }, {.permissions = {allow<Role>([](const Role&) { return true; })}}),
               Error);
}

}  // namespace
}  // namespace bailey::graphql
