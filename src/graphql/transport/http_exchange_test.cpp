#include <graphql/transport/http_exchange.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {
namespace {

std::string chosen(std::optional<std::string_view> accept) {
  const auto type = choose_media_type(accept);
  return !type ? "none" : *type == MediaType::json ? "json" : "response";
}

TEST(HttpExchange, TheMediaTypeIsWhatTheClientLikesBest) {
  const std::vector<std::pair<std::optional<std::string_view>, std::string_view>> rows = {
      {std::nullopt, "json"},
      {"", "json"},
      {"*/*", "json"},
      {"application/*", "json"},
      {"application/json", "json"},
      {"application/graphql-response+json", "response"},
      {"Application/GraphQL-Response+JSON;charset=utf-8", "response"},
      {"application/graphql-response+json, application/json;q=0.9", "response"},
      {"application/graphql-response+json;q=0.5, application/json;q=0.9", "json"},
      {"application/json, application/graphql-response+json", "json"},
      {"text/html, */*;q=0.1", "json"},
      {"text/html", "none"},
      {"application/json;q=0", "none"},
      {R"(text/plain;a="x, application/json")", "none"},
      {"application/json;q=high", "none"},
      {"application/json;q=inf", "none"},
      {"application/json;q=2", "none"},
      {"application/json;q=0, */*", "none"},
      {"application/graphql-response+json;q=0, */*", "json"},
  };
  for (const auto& [accept, expected] : rows) EXPECT_EQ(chosen(accept), expected) << accept.value_or("(none)");
}

TEST(HttpExchange, AHostileAcceptTakesLinearTime) {
  std::string accept;
  while (accept.size() < 1'000'000) accept += "a/b;c=\"\\\",";
  EXPECT_EQ(chosen(accept), "none");
}

std::string refused(const HttpInput& input, const MountOptions& options = {}) {
  const auto read = read_http(input, options);
  return read ? "" : std::to_string(read.error().status) + " " + read.error().message;
}

TEST(HttpExchange, ARequestThatIsNoneOfGraphQlsIsToldWhatWouldBeRight) {
  const auto post = [](std::string_view body, std::optional<std::string_view> type = "application/json") {
    return HttpInput{.method = "POST", .content_type = type, .body = body};
  };
  EXPECT_EQ(refused(post(R"({"query":"{ a }"})")), "");
  EXPECT_EQ(refused(post("{}", "text/plain")), "415 The body of a GraphQL request is application/json in UTF-8.");
  EXPECT_EQ(refused(post("{}", std::nullopt)), "415 The body of a GraphQL request is application/json in UTF-8.");
  EXPECT_EQ(refused(post(R"({"query":"{ a }"})", "application/json; charset=latin1")),
            "415 The body of a GraphQL request is application/json in UTF-8.");
  EXPECT_EQ(refused(post(R"({"query":"{ a }"})", R"(application/json; charset="UTF-8")")), "");
  EXPECT_EQ(refused(post("{")).substr(0, 24), "400 The body is no JSON:");
  EXPECT_EQ(refused(post(R"({"query":1})")), "400 The parameter \"query\" must be a string.");
  EXPECT_EQ(refused(post(R"({"query":"{ a }","variables":[]})")), "400 The parameter \"variables\" must be an object.");
  EXPECT_EQ(refused(post(R"({"query":"{ a }","variables":null,"extensions":null,"operationName":null})")), "");
  EXPECT_EQ(refused(post("{}")), "400 The parameter \"query\" is missing: a string with the document to execute.");
  EXPECT_EQ(refused(post("[]")), "400 Batches are not enabled here: send one operation as a JSON object.");
  EXPECT_EQ(refused(post(R"([{"query":"{ a }"},{"query":"{ a }"}])"), {.max_batch = 1}),
            "400 A batch has 1 operations at most.");
  EXPECT_EQ(refused({.method = "PUT"}), "405 GraphQL is asked by GET, POST here.");
  EXPECT_EQ(refused({.method = "GET", .query = "query=%7Ba%7D&variables=%7B%22a%22%3A1%7D&operationName="}), "");
  EXPECT_EQ(refused({.method = "GET", .query = "query=%7Ba%7D&query=%7Bb%7D"}),
            "400 The parameter \"query\" must be there once.");
  EXPECT_EQ(refused({.method = "GET", .query = "query=%7Ba%7D&variables=%7B"}),
            "400 The parameter \"variables\" must be an object, written as JSON.");
  EXPECT_EQ(refused({.method = "GET", .query = "query=%7Ba%7D"}, {.queries_via_get = false}),
            "405 GraphQL is asked by POST here.");
}

TEST(HttpExchange, TheDraftTellsFaultsByTheStatus) {
  using enum Stage;
  for (const Stage stage : {validation, operation_choice, variables}) {
    EXPECT_EQ(status_of(stage, MediaType::graphql_response, HttpProfile::audit), 400);
    EXPECT_EQ(status_of(stage, MediaType::graphql_response, HttpProfile::draft), 422);
    EXPECT_EQ(status_of(stage, MediaType::json, HttpProfile::draft), 200);
  }
  EXPECT_EQ(status_of(parsing, MediaType::graphql_response, HttpProfile::draft), 400);
  EXPECT_EQ(status_of_executed(true, MediaType::graphql_response, HttpProfile::draft), 294);
  EXPECT_EQ(status_of_executed(true, MediaType::graphql_response, HttpProfile::audit), 200);
  EXPECT_EQ(status_of_executed(true, MediaType::json, HttpProfile::draft), 200);
}

}  // namespace
}  // namespace bailey::graphql
