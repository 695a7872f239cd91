#include "web/access_line.hpp"

#include <bailey/model/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bailey::web_detail {
namespace {

AccessLine line_of(std::string_view target) {
  return {.time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::seconds(50709),
          .remote = "127.0.0.1",
          .method = "GET",
          .target = target,
          .route = "/cards",
          .version_minor = 1,
          .status = 200,
          .duration = std::chrono::microseconds(412),
          .bytes = 117,
          .user_id = Uuid::parse("ada00000-0000-4000-8000-000000000001"),
          .request_id = "00000000000000ff"};
}

TEST(AccessLine, tells_what_was_asked_and_answered) {
  std::string out;
  append_text_line(out, line_of("/cards?limit=5"));
  append_json_line(out, line_of("/cards?limit=5"));
  EXPECT_EQ(out,
            "2026-11-23T14:05:09Z 127.0.0.1 - \"GET /cards?limit=5 HTTP/1.1\" 200 412us\n"
            R"({"time":"2026-11-23T14:05:09Z","remote":"127.0.0.1","method":"GET","target":"/cards?limit=5",)"
            R"("route":"/cards","status":200,"duration_us":412,"bytes":117,)"
            R"("user_id":"ada00000-0000-4000-8000-000000000001","request_id":"00000000000000ff"})"
            "\n");
}

TEST(AccessLine, as_json_is_json_whatever_a_client_sends_and_says_null_where_nothing_is_known) {
  std::string target = "/x?a=";
  for (int byte = 1; byte < 256; ++byte) target += static_cast<char>(byte);
  AccessLine line = line_of(target);
  line.method = "G\"\\\n\x1b";
  line.remote = "::1\",\"status\":\"";
  line.route = {};
  line.bytes = {};
  line.user_id = {};
  std::string out;
  append_json_line(out, line);
  EXPECT_EQ(std::ranges::count(out, '\n'), 1);
  const auto parsed = try_parse_json(std::string_view(out).substr(0, out.size() - 1));
  ASSERT_TRUE(parsed) << out;
  const json::object& members = parsed->as_object();
  EXPECT_TRUE(members.at("route").is_null() && members.at("bytes").is_null() && members.at("user_id").is_null());
  EXPECT_EQ(members.at("status"), 200);
  EXPECT_EQ(members.size(), 10U);
}

TEST(AccessLine, never_shows_secrets_nor_lets_itself_be_forged) {
  struct Case {
    std::string_view target;
    std::string_view shown;
  };
  for (const Case& c : std::vector<Case>{
           {"/", "/"},
           {"/x?token=canary", "/x?token=***"},
           {"/x?a=1&access_token=canary&b=2", "/x?a=1&access_token=***&b=2"},
           {"/x?APIKEY=canary", "/x?APIKEY=***"},
           {"/x?%74oken=canary", "/x?%74oken=***"},
           {"/x?apikey=canary=canary", "/x?apikey=***"},
           {"/x?token=a&token=canary", "/x?token=***&token=***"},
           {"/x?refresh_token=canary&code=canary&password=canary", "/x?refresh_token=***&code=***&password=***"},
           {"/x?tokens=visible", "/x?tokens=visible"},
           {"/x?invite=eyJhbGciOiJIUzI1NiJ9.canary.canary", "/x?invite=***"},
           {"/x?file=eyJ.txt", "/x?file=eyJ.txt"},
           {"/js/keyJoin.v1.min.js", "/js/keyJoin.v1.min.js"},
           {"/?accessToken=canary&refresh-token=canary&new_password=canary&password2=canary&passwordConfirm=canary",
            "/?accessToken=***&refresh-token=***&new_password=***&password2=***&passwordConfirm=***"},
           {"/?user[password]=canary&user%5Bpassword%5D=canary", "/?user[password]=***&user%5Bpassword%5D=***"},
           {"/?pass=canary&pwd=canary&access_key=canary&sig=canary&service_role=canary&x-amz-security-token=canary",
            "/?pass=***&pwd=***&access_key=***&sig=***&service_role=***&x-amz-security-token=***"},
           {"/?country_code=DE&author=ada&sessions=3", "/?country_code=DE&author=ada&sessions=3"},
           {"/?a=Bearer%20eyJhbGciOiJIUzI1NiJ9.canary.canary", "/?a=***"},
           {"/?a=%65yJhbGciOiJIUzI1NiJ9%2Ecanary%2Ecanary", "/?a=***"},
           {"/?eyJhbGciOiJIUzI1NiJ9.canary.canary", "/?***"},
           {"/?eyJhbGciOiJIUzI1NiJ9.canary.canary=1", "/?***=1"},
           {"/hi/eyJhbGciOiJIUzI1NiJ9.canary.canary/x?a=1", "/hi/***/x?a=1"},
           {"/?next=https%3A%2F%2Fx%2F%23access_token%3Dcanary&b=1", "/?next=***&b=1"},
           {"/?next=https%3A%2F%2Fx%2F%3Fpage%3D2&b=1", "/?next=https%3A%2F%2Fx%2F%3Fpage%3D2&b=1"},
           {"/?next=%252Fdone%2523t%253DeyJhbGciOiJIUzI1NiJ9.canary.canary", "/?next=***"},
           {"/a;jsessionid=canary/b", "/***/b"},
           {"/a=b/key=", "/a=b/key="},
           {"*", "*"},
           {"/x?flag&&b", "/x?flag&b"},
           {"/x\"\n127.0.0.1", "/x%22%0A127.0.0.1"},
           {"/\x1b[2J?a=\x80\\", "/%1B[2J?a=%80%5C"},
       }) {
    std::string out;
    append_target(out, c.target);
    EXPECT_EQ(out, c.shown);
  }
}

TEST(AccessLine, masks_what_is_called_like_a_secret_however_long_its_name_is) {
  for (const std::size_t length : {0UZ, 60UZ, 127UZ, 128UZ, 129UZ, 5000UZ}) {
    const std::string before(length, 'x');
    std::string out;
    append_target(out, "/?" + before + "_token=canary&a=" + before + "%26token%3Dcanary&" + before + "=shown");
    EXPECT_EQ(out, "/?" + before + "_token=***&a=***" + "&" + before + "=shown");
  }
}

}  // namespace
}  // namespace bailey::web_detail
