#include <bailey/base/log.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/file_response.hpp>
#include <bailey/web/static_files.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;

struct QuietLog {
  QuietLog() {
    log::set_sink([this](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  }
  ~QuietLog() { log::set_sink({}); }
  std::string lines;
};

TEST(StatusHandlers, make_what_is_sent_where_no_route_is_or_another_method_and_keep_allow) {
  App app;
  app.get("/cards", [] { return 1; });
  app.on_status(404, [](const Request& request) { return Response::text(404, "No " + std::string(request.path())); });
  app.on_status(405, [](const Request&) { return Response::text(405, "Not so"); });
  EXPECT_EQ(get(app, "/none").body, "No /none");
  const auto reply = web_testing::ask(app, "DELETE", "/cards");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.body, "Not so");
  EXPECT_EQ(reply.header("allow"), "GET, HEAD");
  EXPECT_EQ(web_testing::ask(app, "OPTIONS", "/cards").status, 204);
}

TEST(StatusHandlers, get_http_errors_and_our_own_answers_with_what_would_have_been_sent) {
  const QuietLog log;
  App app;
  app.get("/gone", [] -> int { throw HttpError(410, "Card 7", {{"X-More", "yes"}}); });
  app.get("/taken", [] -> int { throw Error("taken", "The name is taken", 409); });
  app.get("/wrong/{id}", [](Path<"id", int> id) { return *id; });
  app.get("/broken", [] -> int { throw std::runtime_error("canary"); });
  app.get("/login", [] -> int { throw HttpError(401, "Who?", {{"WWW-Authenticate", "Basic"}}); });
  for (const int status : {401, 409, 410, 422, 500})
    app.on_status(status, [](const Request&, Response usual) {
      usual.body = "<" + usual.body + ">";
      return usual;
    });
  const auto gone = get(app, "/gone");
  EXPECT_EQ(gone.body, R"(<{"detail":"Card 7"}>)");
  EXPECT_EQ(gone.header("x-more"), "yes");
  EXPECT_EQ(get(app, "/taken").body, R"(<{"detail":"The name is taken"}>)");
  EXPECT_EQ(get(app, "/wrong/x").body.substr(0, 12), R"(<{"detail":[)");
  EXPECT_EQ(get(app, "/broken").body, R"(<{"detail":"Internal Server Error"}>)");
  EXPECT_NE(get(app, "/broken").header("x-request-id"), "(none)");
  EXPECT_NE(log.lines.find("canary"), std::string::npos);
  EXPECT_EQ(get(app, "/login").header("www-authenticate"), "Basic");
}

TEST(StatusHandlers, leave_alone_what_a_handler_returns_or_an_error_handler_has_answered) {
  struct Lost : Error {
    Lost() : Error("lost", "Lost", 404) {}
  };
  App app;
  app.on_error<Lost>([](const Lost&, const Request&) { return Response::text(404, "by type"); });
  app.on_error<HttpError>([](const HttpError&, const Request&) { return Response::text(400, "by type"); });
  app.on_status(404, [](const Request&) { return Response::text(404, "by status"); });
  app.get("/returned", [] { return Response::text(404, "returned"); });
  app.get("/lost", [] -> int { throw Lost(); });
  app.get("/thrown", [] -> int { throw HttpError(404); });
  app.get("/other", [] -> int { throw HttpError(400); });
  EXPECT_EQ(get(app, "/returned").body, "returned");
  EXPECT_EQ(get(app, "/lost").body, "by type");
  EXPECT_EQ(get(app, "/thrown").body, "by status");  // the status first, as in Starlette
  EXPECT_EQ(get(app, "/other").body, "by type");
  EXPECT_EQ(get(app, "/nowhere").body, "by status");
}

TEST(StatusHandlers, may_answer_with_another_status_and_their_own_failure_is_answered_by_the_defaults) {
  const QuietLog log;
  App app;
  app.on_status(404, [](const Request&) { return Response::text(200, "the front page"); });
  app.on_status(405, [](const Request&) -> Response { throw std::runtime_error("canary"); });
  app.on_status(500, [](const Request&) { return Response::text(500, "never asked for that"); });
  app.get("/", [] { return 1; });
  EXPECT_EQ(get(app, "/none").status, 200);
  const auto broken = web_testing::ask(app, "PUT", "/");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body, R"({"detail":"Internal Server Error"})");
  EXPECT_NE(log.lines.find("canary"), std::string::npos);
}

TEST(StatusHandlers, are_for_errors_and_before_the_start) {
  App app;
  const auto respond = [](const Request&) { return Response::empty(204); };
  EXPECT_EQ(error_code_of([&] { app.on_status(200, respond); }), "invalid_status");
  EXPECT_EQ(error_code_of([&] { app.on_status(600, respond); }), "invalid_status");
  static_cast<void>(app.handler());
  EXPECT_EQ(error_code_of([&] { app.on_status(404, respond); }), "app_started");
}

TEST(Problems, are_what_every_error_of_ours_is_when_the_app_says_so) {
  const QuietLog log;
  App app({.error_format = ErrorFormat::problem});
  app.get("/cards/{id}", [](Path<"id", int> id) { return *id; });
  app.get("/gone", [] -> int { throw HttpError(410, "Card 7"); });
  app.get("/plain", [] -> int { throw HttpError(410); });
  app.get("/json", [] -> int { throw HttpError(409, json::object{{"by", "ada"}}); });
  app.get("/taken", [] -> int { throw Error("taken", "The name is taken", 409); });
  app.get("/broken", [] -> int { throw std::runtime_error("canary"); });
  const auto problem = [&](const std::string& target, const std::string& method = "GET") {
    const auto reply = web_testing::ask(app, method, target);
    EXPECT_EQ(reply.header("content-type"), "application/problem+json") << target;
    json::object members = parse_json(reply.body).value().as_object();
    EXPECT_EQ(members.at("status"), reply.status) << target;
    EXPECT_EQ(members.at("request_id").as_string().size(), 16U) << target;
    members.erase("request_id");
    return json::serialize(members);
  };
  EXPECT_EQ(problem("/none"), R"({"type":"about:blank","title":"Not Found","status":404})");
  EXPECT_EQ(problem("/gone", "PUT"), R"({"type":"about:blank","title":"Method Not Allowed","status":405})");
  EXPECT_EQ(problem("/gone"), R"({"type":"about:blank","title":"Gone","status":410,"detail":"Card 7"})");
  EXPECT_EQ(problem("/plain"), R"({"type":"about:blank","title":"Gone","status":410})");
  EXPECT_EQ(problem("/json"), R"({"type":"about:blank","title":"Conflict","status":409,"details":{"by":"ada"}})");
  EXPECT_EQ(problem("/taken"),
            R"({"type":"about:blank","title":"Conflict","status":409,"detail":"The name is taken"})");
  EXPECT_EQ(problem("/broken"), R"({"type":"about:blank","title":"Internal Server Error","status":500})");
  const json::object wrong = parse_json(get(app, "/cards/x").body).value().as_object();
  EXPECT_EQ(wrong.at("errors").as_array().at(0).at("type"), "int_parsing");
  EXPECT_EQ(wrong.at("title"), "Unprocessable Content");
  EXPECT_FALSE(wrong.contains("details"));
}

TEST(Problems, are_what_files_and_web_sockets_answer_instead_of_themselves) {
  const std::string directory = testing::TempDir() + "problems";
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/a.txt") << "text";
  App app({.error_format = ErrorFormat::problem});
  app.static_files("/files", StaticFiles(directory));
  app.get("/file", [&](const Request& request) { return file_response(request, directory + "/a.txt"); });
  app.ws("/talk", [](WebSocket socket) -> Task<> {
    socket.close();
    co_return;
  });
  const auto ask = [&](const std::string& target, web_testing::Headers headers) {
    return web_testing::ask(app, "GET", target, std::move(headers));
  };
  for (const std::string target : {"/files/a.txt", "/file"}) {
    const auto changed = ask(target, {{"If-Match", "\"another\""}});
    EXPECT_EQ(changed.status, 412) << target;
    EXPECT_EQ(changed.header("content-type"), "application/problem+json") << target;
    EXPECT_NE(changed.body.find(R"("title":"Precondition Failed","status":412,"detail":"The file)"), std::string::npos);
    const auto beyond = ask(target, {{"Range", "bytes=9-"}});
    EXPECT_EQ(beyond.status, 416) << target;
    EXPECT_EQ(beyond.header("content-type"), "application/problem+json") << target;
    EXPECT_EQ(beyond.header("content-range"), "bytes */4") << target;
    EXPECT_EQ(ask(target, {{"Range", "bytes=1-2"}}).body, "ex") << target;
  }
  const auto no_handshake = ask("/talk", {});
  EXPECT_EQ(no_handshake.status, 426);
  EXPECT_EQ(no_handshake.header("content-type"), "application/problem+json");
  EXPECT_NE(no_handshake.body.find(R"("status":426,"detail":"This address speaks websocket)"), std::string::npos);
  const auto old = ask("/talk", {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "8"}});
  EXPECT_EQ(old.header("content-type"), "application/problem+json");
  EXPECT_EQ(old.header("sec-websocket-version"), "13");
}

TEST(Problems, are_what_the_server_answers_to_what_is_no_request_too) {
  App app({.error_format = ErrorFormat::problem});
  const web_testing::Served served(app);
  const std::string answer = served.talk("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 400") << answer;
  EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"({"type":"about:blank","title":"Bad Request","status":400)"), std::string::npos) << answer;
}

TEST(Problems, are_described_in_the_document) {
  App app({.error_format = ErrorFormat::problem});
  app.get("/cards/{id}", [](Path<"id", int> id) { return *id; });
  const json::value document = parse_json(app.openapi()).value();
  const json::object& responses = document.at_pointer("/paths/~1cards~1{id}/get/responses").as_object();
  EXPECT_EQ(responses.at("422").at_pointer("/content/application~1problem+json/schema/$ref"),
            "#/components/schemas/ValidationProblem");
  EXPECT_EQ(responses.at("default").at_pointer("/content/application~1problem+json/schema/$ref"),
            "#/components/schemas/Problem");
  const json::object& schemas = document.at_pointer("/components/schemas").as_object();
  EXPECT_TRUE(schemas.at("ValidationProblem").at_pointer("/properties/errors").is_object());
  EXPECT_FALSE(schemas.contains("HTTPValidationError") || schemas.contains("Error"));
}

}  // namespace
}  // namespace bailey
