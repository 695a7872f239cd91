#include <graphql/response_error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey::graphql {
namespace {

std::string written(const ResponseError& error) {
  std::string out;
  write_error(error, out);
  return out;
}

TEST(WriteError, leaves_out_what_is_empty) {
  EXPECT_EQ(written({.message = "Bad \"text\"."}), R"({"message":"Bad \"text\"."})");
}

TEST(WriteError, writes_all_of_it_in_the_order_of_the_specification) {
  const ResponseError error{.message = "No.",
                            .locations = {{.line = 6, .column = 7}, {.line = 1, .column = 2}},
                            .path = {"hero", std::size_t(1), "name"},
                            .extensions = {{"code", "FORBIDDEN"}}};
  EXPECT_EQ(written(error), R"({"message":"No.","locations":[{"line":6,"column":7},{"line":1,"column":2}],)"
                            R"("path":["hero",1,"name"],"extensions":{"code":"FORBIDDEN"}})");
}

TEST(WriteError, replaces_bytes_that_are_not_text) {
  EXPECT_EQ(written({.message = "a\xff", .path = {"\xc3("}}),
            "{\"message\":\"a\xEF\xBF\xBD\",\"path\":[\"\xEF\xBF\xBD(\"]}");
}

TEST(WriteError, appends) {
  std::string out = "[";
  write_error({.message = "x"}, out);
  EXPECT_EQ(out, "[{\"message\":\"x\"}");
}

}  // namespace
}  // namespace bailey::graphql
