#include <gtest/gtest.h>

#include <array>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

Answer admin(std::string method, std::string path, std::string body = "") {
  return live().ask({.method = std::move(method),
                     .target = "/auth/v1/admin/users" + path,
                     .body = std::move(body),
                     .api_key = "secret"});
}

TEST(Admin, creates_reads_changes_and_deletes_users) {
  const std::string email = live().fresh_email("made");
  const json::object body{{"email", email},
                          {"password", "x"},
                          {"email_confirm", true},
                          {"user_metadata", {{"a", 1}}},
                          {"app_metadata", {{"plan", "pro"}}}};
  const Answer made = admin("POST", "", json::serialize(body));
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.json().at("user_metadata"), (json::value{{"a", 1}, {"email_verified", true}}));
  EXPECT_EQ(made.json().at("app_metadata").at("plan"), "pro");
  const std::string id = "/" + made.text("id");
  EXPECT_EQ(admin("POST", "", json::serialize(body)).text("error_code"), "email_exists");
  EXPECT_EQ(admin("GET", id).text("email"), email);

  const Answer changed = admin("PUT", id, R"({"user_metadata":{"a":null,"b":2},"ban_duration":"24h"})");
  EXPECT_TRUE(changed.json().contains("banned_until")) << changed.body;
  EXPECT_EQ(changed.json().at("user_metadata"), (json::value{{"b", 2}, {"email_verified", true}}));
  EXPECT_FALSE(admin("PUT", id, R"({"ban_duration":"none"})").json().contains("banned_until"));
  EXPECT_EQ(admin("PUT", id, R"({"ban_duration":"soon"})").status, 400);
  EXPECT_EQ(admin("PUT", id, R"({"password":"x"})").text("error_code"), "weak_password");

  EXPECT_EQ(admin("DELETE", id, R"({"should_soft_delete":true})").body, "{}");
  EXPECT_TRUE(admin("GET", id).json().contains("deleted_at"));
  EXPECT_EQ(admin("POST", "", json::serialize(body)).status, 200);
  EXPECT_EQ(admin("DELETE", id).body, "{}");
  EXPECT_EQ(admin("GET", id).text("error_code"), "user_not_found");
  EXPECT_EQ(admin("GET", "/not-a-uuid").status, 404);
}

TEST(Admin, brings_users_with_their_hashes_unless_checking_one_would_take_hours) {
  const auto bring = [](std::string_view hash) {
    const json::object body{{"email", live().fresh_email("brought")}, {"password_hash", hash}};
    return admin("POST", "", json::serialize(body));
  };
  EXPECT_EQ(bring("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").status, 200);
  const Answer costly = bring("$2a$16$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
  EXPECT_EQ(costly.status, 400);
  EXPECT_EQ(costly.text("error_code"), "validation_failed");
  EXPECT_EQ(bring("secret").text("msg"), "Invalid password hash");
}

TEST(Admin, lists_users_by_pages_with_the_links_clients_read) {
  for (int i = 0; i < 3; ++i) static_cast<void>(live().sign_up("listed"));
  const Answer answer = admin("GET", "?page=1&per_page=2");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::array users = answer.json().at("users").as_array();
  EXPECT_EQ(users.size(), 2U);
  EXPECT_TRUE(users[0].at("identities").is_null());
  EXPECT_NE(answer.header("Link").find("?page=2&per_page=2>; rel=\"next\""), std::string::npos)
      << answer.header("Link");
  EXPECT_GE(std::stoi(answer.header("X-Total-Count")), 3);
  EXPECT_EQ(admin("GET", "?page=&per_page=").status, 200);
  EXPECT_EQ(admin("GET", "?page=x").status, 400);
}

TEST(Admin, lists_the_users_whose_address_or_full_name_the_filter_is_part_of) {
  const std::string mark = "filtered";
  for (const auto& [email, name] :
       std::initializer_list<std::pair<std::string, std::string>>{{mark + "-a@example.com", "Grace Hopper"},
                                                                  {mark + "-b@example.com", "Ada " + mark},
                                                                  {"c-" + mark + "@example.org", ""}}) {
    const json::object body{{"email", email}, {"user_metadata", {{"full_name", name}}}};
    ASSERT_EQ(admin("POST", "", json::serialize(body)).status, 200);
  }
  const auto emails = [](const Answer& answer) {
    std::vector<std::string> found;
    const json::value body = answer.json();  // GCC 14 keeps no temporary of a range-for but the range itself
    for (const json::value& user : body.at("users").as_array()) {
      found.emplace_back(user.at("email").as_string());
    }
    return found;
  };
  const auto filtered = [&](const std::string& filter) { return admin("GET", "?filter=" + filter); };
  EXPECT_EQ(emails(filtered(mark)).size(), 3U);
  EXPECT_EQ(filtered(mark).header("X-Total-Count"), "3");
  EXPECT_EQ(emails(filtered(mark + "-a")), std::vector{mark + "-a@example.com"});
  EXPECT_EQ(emails(filtered("aDA+" + mark)), std::vector{mark + "-b@example.com"}) << "a name's case does not count";
  EXPECT_TRUE(emails(filtered("F" + mark.substr(1) + "-a")).empty()) << "an address's does";
  EXPECT_EQ(emails(filtered(mark + "%25.org")), std::vector{"c-" + mark + "@example.org"}) << "a pattern, as in GoTrue";
  EXPECT_EQ(emails(filtered("'+or+true+--")).size(), 0U);
  EXPECT_EQ(filtered("nobody,;").header("X-Total-Count"), "0");
  EXPECT_EQ(filtered("nobody,;").header("Link"), R"(</admin/users?filter=nobody%2C%3B&page=0>; rel="last")");
  EXPECT_EQ(admin("GET", "?filter=" + mark + "&per_page=2").header("Link"),
            "</admin/users?filter=" + mark + "&page=2&per_page=2>; rel=\"next\", </admin/users?filter=" + mark +
                "&page=2&per_page=2>; rel=\"last\"");
  const std::vector<std::string> newest_first = emails(filtered(mark));
  const Answer ascending = admin("GET", "?filter=" + mark + "&sort=created_at+ASC");
  EXPECT_EQ(emails(ascending), std::vector<std::string>(newest_first.rbegin(), newest_first.rend()));
  EXPECT_EQ(emails(ascending).front(), mark + "-a@example.com");
}

TEST(Admin, refuses_pages_and_orders_there_are_none_of) {
  for (const char* query : {"page=x", "page=-1", "per_page=0", "per_page=1.5", "sort=email", "sort=created_at+up",
                            "sort=", "sort=created_at;drop+table+auth.users"}) {
    const Answer answer = admin("GET", "?" + std::string(query));
    EXPECT_EQ(answer.status, 400) << query << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), "validation_failed") << query;
  }
  EXPECT_EQ(admin("GET", "?page=0").status, 200);
}

TEST(Admin, is_for_the_service_key_alone) {
  const std::string user(live().sign_up("plain").at("access_token").as_string());
  EXPECT_EQ(live().ask({.target = "/auth/v1/admin/users", .bearer = user}).text("error_code"), "not_admin");
  EXPECT_EQ(live().ask({.target = "/auth/v1/admin/users", .api_key = "publishable"}).text("error_code"), "not_admin");
  EXPECT_EQ(live().ask({.target = "/auth/v1/admin/users", .api_key = "service"}).status, 401);  // no bearer
  const std::string odd = live().signed_token(R"({"role":"service_role","sub":"1234567890"})");
  EXPECT_EQ(live().ask({.target = "/auth/v1/admin/users", .bearer = odd}).status, 200);
}

TEST(Admin, sees_no_secret_of_a_user) {
  const std::string list = admin("GET", "?per_page=1000").body;
  EXPECT_EQ(list.find("$2a$"), std::string::npos);
  EXPECT_EQ(list.find("encrypted_password"), std::string::npos);
}

TEST(Auth, tells_a_client_what_of_gotrue_it_does_not_offer) {
  for (const char* path :
       {"/otp", "/recover", "/verify", "/factors/x/verify", "/authorize", "/user/identities/authorize"}) {
    const Answer answer = live().ask({.method = "POST", .target = std::string("/auth/v1") + path, .body = "{}"});
    EXPECT_EQ(answer.status, 404) << path;  // 5xx is to a client library an outage: it loses the code and tries again
    EXPECT_EQ(answer.text("error_code"), "feature_disabled") << answer.body;
    EXPECT_NE(answer.text("msg").find("does not offer"), std::string::npos) << answer.body;
  }
  EXPECT_EQ(live().ask({.target = "/auth/v1/otpx"}).status, 404);
}

TEST(Auth, answers_unknown_paths_and_methods_as_gotrue) {
  EXPECT_EQ(live().ask({.target = "/auth/v1/nothing"}).status, 404);
  for (const auto& [method, path, allowed] :
       std::initializer_list<std::array<const char*, 3>>{{"DELETE", "user", "GET, HEAD, PUT"},
                                                         {"PUT", "signup", "POST"},
                                                         {"PATCH", "admin/users", "GET, HEAD, POST"},
                                                         {"POST", "admin/users/1", "DELETE, GET, HEAD, PUT"}}) {
    const Answer answer = live().ask({.method = method, .target = std::string("/auth/v1/") + path});
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.header("Allow"), allowed) << path;
  }
  EXPECT_EQ(live().ask({.method = "HEAD", .target = "/auth/v1/health"}).status, 200);
  EXPECT_EQ(live().ask({.method = "OPTIONS", .target = "/auth/v1/user"}).status, 204);
  const Answer grant = live().ask({.method = "POST", .target = "/auth/v1/token?grant_type=magic", .body = "{}"});
  EXPECT_EQ(grant.text("error_code"), "invalid_credentials");
  EXPECT_EQ(
      live().ask({.method = "POST", .target = "/auth/v1/signup", .body = std::string(1024 * 1024 + 1, ' ')}).status,
      413);
}

TEST(Auth, publishes_its_public_key_without_an_api_key) {
  const Answer keys = live().ask({.target = "/auth/v1/.well-known/jwks.json", .api_key = ""});
  ASSERT_EQ(keys.status, 200);
  const json::object key = keys.json().at("keys").at(0).as_object();
  EXPECT_EQ(key.at("alg"), "ES256");
  EXPECT_FALSE(key.contains("d"));
  EXPECT_EQ(live().ask({.target = "/auth/v1/health", .api_key = ""}).text("name"), "GoTrue");
  EXPECT_EQ(live().ask({.target = "/auth/v1/admin/users", .api_key = ""}).status, 401);
}

}  // namespace
}  // namespace bailey::test
