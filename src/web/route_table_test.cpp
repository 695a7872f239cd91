#include "web/route_table.hpp"

#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::web_detail {
namespace {

using http::Method;

RouteTable table_of(const std::vector<std::pair<Method, std::string>>& routes) {
  RouteTable table;
  for (const auto& [method, path] : routes)
    table.add({.method = method, .path = path, .endpoint = nullptr, .options = {}});
  return table;
}

// "/cards/{id} id=7", or "405 GET, HEAD", or "404".
std::string look_up(const RouteTable& table, Method method, std::string_view path) {
  std::array<std::string_view, Request::path_parameter_limit> values;
  const RouteTable::Match match = table.find(method, path, values);
  if (match.route == nullptr) return match.allowed.none() ? "404" : "405 " + to_list(match.allowed);
  std::string seen = match.route->info.path;
  for (std::size_t i = 0; i < match.route->info.placeholders.size(); ++i) {
    seen.append(" ").append(match.route->info.placeholders[i]).append("=").append(values[i]);
  }
  return seen;
}

TEST(RouteTable, has_a_page_beside_the_get_of_its_path_and_one_alone) {
  RouteTable table = table_of({{Method::get, "/graphql"}});
  const Route page{.method = Method::get,
                   .path = "/graphql",
                   .endpoint = nullptr,
                   .options = {},
                   .is_page = true,
                   .is_for_page = [](const Request&) { return true; }};
  const CompiledRoute* const added = &table.add(page);
  std::array<std::string_view, Request::path_parameter_limit> values;
  const CompiledRoute* const found = table.find(Method::get, "/graphql", values).route;
  ASSERT_NE(found, nullptr);
  EXPECT_NE(found, added);
  EXPECT_EQ(found->page_beside, added);
  EXPECT_EQ(web_testing::error_code_of([&] { table.add(page); }), "route_conflict");
}

TEST(RouteTable, finds_the_most_literal_route_whatever_the_order) {
  std::vector<std::pair<Method, std::string>> routes{{Method::get, "/{any:path}"},
                                                     {Method::get, "/cards/{name}"},
                                                     {Method::get, "/cards/{id:int}"},
                                                     {Method::get, "/cards/{id:uuid}"},
                                                     {Method::get, "/cards/{id:float}"},
                                                     {Method::get, "/cards/new"},
                                                     {Method::get, "/cards"},
                                                     {Method::get, "/cards/{id}/notes/{note}"},
                                                     {Method::get, "/files/{path:path}"}};
  struct Case {
    std::string_view path;
    std::string_view found;
  };
  const std::vector<Case> cases{
      {"/cards", "/cards"},
      {"/cards/new", "/cards/new"},
      {"/cards/7", "/cards/{id:int} id=7"},
      {"/cards/7.5", "/cards/{id:float} id=7.5"},
      {"/cards/-7", "/cards/{name} name=-7"},
      {"/cards/7.", "/cards/{name} name=7."},
      {"/cards/8c5d6b9e-6a52-4d5c-9f3e-1f2a3b4c5d6e", "/cards/{id:uuid} id=8c5d6b9e-6a52-4d5c-9f3e-1f2a3b4c5d6e"},
      {"/cards/a b", "/cards/{name} name=a b"},
      {"/cards/7/notes/x", "/cards/{id}/notes/{note} id=7 note=x"},
      {"/cards/7/notes/", "/{any:path} any=cards/7/notes/"},
      {"/cards/", "/{any:path} any=cards/"},
      {"/files/", "/files/{path:path} path="},
      {"/files/a/b", "/files/{path:path} path=a/b"},
      {"/files//a", "/files/{path:path} path=/a"},
      {"/files", "/{any:path} any=files"},
      {"/", "/{any:path} any="},
      {"", "404"},
      {"*", "404"},
  };
  for (int round = 0; round < 2; ++round) {
    const RouteTable table = table_of(routes);
    for (const Case& c : cases) EXPECT_EQ(look_up(table, Method::get, c.path), c.found) << c.path;
    std::ranges::reverse(routes);
  }
}

TEST(RouteTable, goes_back_for_a_less_literal_route_of_the_method) {
  const RouteTable table = table_of({{Method::get, "/cards/new"},
                                     {Method::delete_, "/cards/{id}"},
                                     {Method::put, "/{rest:path}"},
                                     {Method::post, "/cards/{id}/notes"}});
  EXPECT_EQ(look_up(table, Method::delete_, "/cards/new"), "/cards/{id} id=new");
  EXPECT_EQ(look_up(table, Method::put, "/cards/new"), "/{rest:path} rest=cards/new");
  EXPECT_EQ(look_up(table, Method::patch, "/cards/new"), "405 DELETE, GET, HEAD, PUT");
  EXPECT_EQ(look_up(table, Method::get, "/cards/new/notes"), "405 POST, PUT");
}

TEST(RouteTable, answers_head_with_get_unless_there_is_one) {
  EXPECT_EQ(look_up(table_of({{Method::get, "/a"}}), Method::head, "/a"), "/a");
  EXPECT_EQ(look_up(table_of({{Method::post, "/a"}}), Method::head, "/a"), "405 POST");
  EXPECT_EQ(look_up(table_of({{Method::head, "/a"}}), Method::get, "/a"), "405 HEAD");
}

TEST(RouteTable, refuses_at_start_what_cannot_work) {
  struct Case {
    std::vector<std::pair<Method, std::string>> routes;
    std::string_view code;
  };
  for (const Case& c : std::vector<Case>{
           {{{Method::get, "/a"}, {Method::get, "/a"}}, "route_conflict"},
           {{{Method::get, "/a/{b}"}, {Method::get, "/a/{c}"}}, "route_conflict"},
           {{{Method::get, "/a/{b}"}, {Method::get, "/a/{c:int}"}}, ""},
           {{{Method::get, "/a/{b}"}, {Method::post, "/a/{b}"}}, ""},
           {{{Method::get, "/{a}/{a}"}}, "invalid_route"},
           {{{Method::get, "a"}}, "invalid_route"},
           {{{Method::get, "/{a"}}, "invalid_route"},
           {{{Method::get, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}"}}, "invalid_route"},
       }) {
    EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(table_of(c.routes)); }), c.code)
        << c.routes.front().second;
  }
}

}  // namespace
}  // namespace bailey::web_detail
