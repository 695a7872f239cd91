#include <graphql/ide/page.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

using web_detail::DocsAsset;
using web_detail::DocsPage;

// As when the library is built with what the page loads, and without.
constexpr std::array present{
    DocsAsset{"graphiql.min.js", "4.0.0", "text/javascript", true, "x", "sha384-AAA", "https://cdn.example/g.js"},
    DocsAsset{"editor.js", "abc", "text/javascript", false, "x"}};
constexpr std::array absent{
    DocsAsset{"graphiql.min.js", "4.0.0", "text/javascript", true, "", "sha384-AAA", "https://cdn.example/g.js"},
    DocsAsset{"editor.js", "abc", "text/javascript", false, "x"}};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(GraphiqlPage, finds_what_lies_below_it_from_wherever_the_browser_has_it) {
  struct Case {
    std::string_view path, link;
  };
  for (const auto& [path, link] : {
           Case{"/graphql", "./graphql/graphiql"},
           {"/api/v1/graphql", "./graphql/graphiql"},
           {"/graphql/", "./graphiql"},
           {"/", "./graphiql"},
           {"/graphql/acme%2Feast", "./acme%2Feast/graphiql"},
           {"/javascript:alert(1)", "./javascript:alert(1)/graphiql"},
           {"//evil.example", "./evil.example/graphiql"},
       })
    EXPECT_EQ(link_to_folder(path), link) << path;
}

TEST(GraphiqlPage, allows_what_it_loads_and_no_script_within_itself) {
  const DocsPage page = make_page({.raw_path = "/graphql", .assets = present});
  EXPECT_TRUE(has(page.html, R"(<script src="./graphql/graphiql/4.0.0/graphiql.min.js"></script>)")) << page.html;
  EXPECT_FALSE(has(page.html, "https:")) << page.html;
  EXPECT_EQ(page.policy,
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "connect-src 'self'; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

TEST(GraphiqlPage, takes_from_a_cdn_what_was_not_there_and_only_if_it_is_what_it_was) {
  const DocsPage page = make_page({.raw_path = "/graphql", .assets = absent});
  EXPECT_TRUE(
      has(page.html, R"(<script src="https://cdn.example/g.js" integrity="sha384-AAA" crossorigin="anonymous">)"))
      << page.html;
  EXPECT_TRUE(has(page.policy, "script-src 'self' https://cdn.example/g.js;")) << page.policy;
}

TEST(GraphiqlPage, does_nothing_of_what_a_hostile_path_says) {
  const DocsPage page =
      make_page({.raw_path = R"(/t/"></script><script>alert('1')</script>)", .signs_in = true, .assets = present});
  EXPECT_FALSE(has(page.html, "<script>")) << page.html;
  EXPECT_FALSE(has(page.html, R"(src="./"><)")) << page.html;
}

TEST(GraphiqlPage, has_a_form_only_where_somebody_can_sign_in) {
  EXPECT_TRUE(has(make_page({.raw_path = "/graphql", .signs_in = true, .assets = present}).html,
                  R"({"token":"./graphql/graphiql/token"})"));
  EXPECT_FALSE(has(make_page({.raw_path = "/graphql", .assets = present}).html, "token"));
}

}  // namespace
}  // namespace bailey::graphql
