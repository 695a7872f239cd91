#include <bailey/base/error.hpp>
#include <bailey/http/headers.hpp>
#include <bailey/http/response.hpp>

#include "http/date.hpp"
#include "http/response_writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::http {
namespace {

TEST(Headers, keeps_fields_in_order_and_finds_them_in_any_case) {
  Headers headers;
  headers.add("Vary", "Origin");
  headers.add("X-A", "  1\t");
  headers.add("vary", "Accept");
  EXPECT_EQ(headers.wire(), "Vary: Origin\r\nX-A: 1\r\nvary: Accept\r\n");
  EXPECT_EQ(headers.get("VARY"), "Origin");
  headers.set("Vary", "Cookie");
  EXPECT_EQ(headers.wire(), "X-A: 1\r\nVary: Cookie\r\n");
  headers.remove("x-a");
  EXPECT_EQ(headers.get("X-A"), std::nullopt);
  headers.set("X-Empty", "");
  EXPECT_EQ(headers.get("x-empty"), "");
}

TEST(Headers, may_be_given_what_they_hold) {
  Headers headers;
  headers.add("X-First", "a value that is longer than a string holds without an allocation");
  const std::string first(*headers.get("X-First"));
  for (int i = 0; i < 20; ++i) headers.add("X-Copy", *headers.get("X-First"));
  headers.for_each([&](std::string_view, std::string_view value) { EXPECT_EQ(value, first); });
  headers.add("X-Next", "next");
  headers.add("X-Last", first);
  headers.set("X-First", *headers.get("X-Next"));
  EXPECT_EQ(headers.get("X-First"), "next");
}

TEST(Headers, refuses_what_would_split_an_answer) {
  using namespace std::string_view_literals;
  for (std::string_view value : {"a\r\nSet-Cookie: stolen=1"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "a\x7f"sv, "\x01"sv}) {
    Headers headers;
    headers.set("Location", "/safe");
    EXPECT_THROW(headers.add("X", value), Error);
    EXPECT_THROW(headers.set("Location", value), Error);
    EXPECT_EQ(headers.wire(), "Location: /safe\r\n");
  }
  for (std::string_view name : {""sv, "a b"sv, "a:"sv, "a\r\n"sv, "\xc3\xa9"sv, "a\0"sv}) {
    Headers headers;
    EXPECT_THROW(headers.add(name, "x"), Error);
  }
}

TEST(Response, may_be_given_the_content_type_it_has) {
  Response response = Response::text(200, "x");
  response.headers.add("X-Before", "a value that makes the fields move when one is removed");
  for (const std::string_view type : {"application/vnd.a+json", "application/json", "image/svg+xml"}) {
    response.content_type(type);
    response.content_type(response.content_type());
    EXPECT_EQ(response.content_type(), type);
  }
  EXPECT_EQ(response.headers.get("Content-Type"), "image/svg+xml");
  EXPECT_THROW(response.content_type("a\r\nb"), Error);
}

TEST(Date, is_written_as_http_wants_it) {
  std::string text;
  append_date(text, std::chrono::sys_seconds(std::chrono::seconds(784'111'777)));
  EXPECT_EQ(text, "Sun, 06 Nov 1994 08:49:37 GMT");
}

std::string written(const Response& response, ResponseContext context) {
  context.constant_fields = "Server: s\r\n";
  std::string out;
  write_head(out, response, context);
  return out;
}

TEST(ResponseWriter, frames_each_kind_of_answer) {
  struct Case {
    const char* name;
    Response response;
    ResponseContext context;
    std::string head;
  };
  const auto nothing = [](BodyWriter&) -> Task<> { co_return; };
  Response with_length = Response::empty(200);
  with_length.headers.add("Content-Length", "99");
  Response framing = Response::json(200, "{}");
  for (const char* name : {"Connection", "Content-Length", "Transfer-Encoding", "Date", "Server"})
    framing.headers.add(name, "7");
  framing.headers.add("X-A", "b");
  Response own_type = Response::json(404, "{}");
  own_type.headers.set("Content-Type", "application/problem+json");
  const Case cases[]{
      {"json",
       Response::json(201, "{}"),
       {},
       "HTTP/1.1 201 Created\r\nServer: s\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"},
      {"closing",
       Response::empty(200),
       {.keep_alive = false},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
      {"1.0 kept alive",
       Response::empty(200),
       {.version_minor = 0},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
      {"no content", Response::json(204, "{}"), {}, "HTTP/1.1 204 No Content\r\nServer: s\r\n\r\n"},
      {"not modified", Response::empty(304), {}, "HTTP/1.1 304 Not Modified\r\nServer: s\r\n\r\n"},
      {"HEAD as GET",
       Response::json(200, "{}"),
       {.is_head = true},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"},
      {"HEAD with the handler's length",
       std::move(with_length),
       {.is_head = true},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 99\r\n\r\n"},
      {"HEAD without a body whose length is known",
       Response::empty(200),
       {.is_head = true},
       "HTTP/1.1 200 OK\r\nServer: s\r\n\r\n"},
      {"chunked",
       Response::stream(200, "a/b", nothing),
       {},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"no chunks in 1.0",
       Response::stream(200, "a/b", nothing),
       {.version_minor = 0},
       "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: a/b\r\nConnection: close\r\n\r\n"},
      {"the server's own fields win",
       std::move(framing),
       {},
       "HTTP/1.1 200 OK\r\nServer: s\r\nX-A: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"},
      {"the handler's type wins",
       std::move(own_type),
       {},
       "HTTP/1.1 404 Not Found\r\nServer: s\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\r\n"},
      {"a status that is none",
       Response::empty(42),
       {},
       "HTTP/1.1 500 Internal Server Error\r\nServer: s\r\nContent-Length: 0\r\n\r\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::string got = written(c.response, c.context);
    if (c.response.is_stream() || c.name == std::string_view("chunked")) {
      const auto type = got.find("Content-Type: a/b\r\n");  // wherever among the fields
      EXPECT_NE(type, std::string::npos);
    }
    EXPECT_EQ(got, c.head);
  }
}

TEST(ResponseWriter, escapes_an_error_s_detail) {
  EXPECT_EQ(error_response(400, "a \"b\" \\ \n").body, R"({"detail":"a \"b\" \\ \u000a"})");
}

}  // namespace
}  // namespace bailey::http
