#include <bailey/runtime/task_group.hpp>
#include <bailey/web/compress.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/static_files.hpp>

#include "http/test_folder.hpp"
#include "http/test_server.hpp"
#include "web/decompress.hpp"
#include "web/whole_reply.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bailey {
namespace {

using enum ContentCoding;
using web_testing::decompress;
using web_testing::error_code_of;
using web_testing::Headers;
using web_testing::whole;
using web_testing::WholeReply;

std::string text_of(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "line " + std::to_string(i) + "\n";
  text.resize(size);
  return text;
}

const Headers all{{"Accept-Encoding", "gzip, deflate, br, zstd"}};
const Headers only_gzip{{"Accept-Encoding", "gzip"}};

TEST(Compress, answers_in_the_coding_the_client_would_rather_have) {
  App app;
  app.use(compress());
  app.get("/text", [] { return Response::text(200, text_of(5000)); });
  struct Case {
    std::string accept;
    std::optional<ContentCoding> coding;
  };
  for (const Case& each : std::vector<Case>{{"gzip, deflate, br, zstd", zstd},
                                            {"gzip, br", brotli},
                                            {"gzip", gzip},
                                            {"gzip;q=1, br;q=0.9, zstd;q=0.1", gzip},
                                            {"*", zstd},
                                            {"zstd;q=0, *;q=0.5", brotli},
                                            {"gzip;q=0", {}},
                                            {"identity, gzip;q=0.5", {}},
                                            {"deflate", {}},
                                            {"", {}}}) {
    const WholeReply reply = whole(app, "/text", {{"Accept-Encoding", each.accept}});
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding") << each.accept;
    EXPECT_EQ(reply.header("Content-Encoding"), each.coding ? to_string(*each.coding) : "(none)") << each.accept;
    EXPECT_FALSE(reply.is_stream);
    if (!each.coding) {
      EXPECT_EQ(reply.body, text_of(5000));
    } else {
      EXPECT_LT(reply.body.size(), 2000U);
      EXPECT_EQ(decompress(*each.coding, reply.body).text, text_of(5000)) << each.accept;
    }
  }
  EXPECT_EQ(whole(app, "/text").header("Content-Encoding"), "(none)");
}

TEST(Compress, offers_what_it_is_told_to_in_that_order) {
  App app;
  app.use(compress({.codings = {gzip, brotli}}));
  app.get("/text", [] { return Response::text(200, text_of(5000)); });
  EXPECT_EQ(whole(app, "/text", all).header("Content-Encoding"), "gzip");
  EXPECT_EQ(whole(app, "/text", {{"Accept-Encoding", "zstd"}}).header("Content-Encoding"), "(none)");
}

// What is answered, and whether it depends on what the client accepts.
TEST(Compress, leaves_alone_what_would_gain_nothing_or_must_not_be_changed) {
  App app;
  app.use(compress());
  const auto answer = [](int status, std::string_view type, std::string_view name = {}, std::string_view value = {}) {
    return [=] {
      Response response(status);
      if (!type.empty()) response.content_type(type);
      if (!name.empty()) response.headers.add(name, value);
      response.body = text_of(5000);
      return response;
    };
  };
  app.get("/small", [] { return Response::text(200, text_of(499)); });
  app.get("/image", answer(200, "image/png"));
  app.get("/no-type", answer(200, ""));
  app.get("/encoded", answer(200, "text/plain", "Content-Encoding", "br"));
  app.get("/no-transform", answer(200, "text/plain", "Cache-Control", "public, No-Transform"));
  app.get("/events", answer(200, "text/event-stream; charset=utf-8"));
  app.get("/part", answer(206, "text/plain", "Content-Range", "bytes 0-4999/9000"));
  app.get("/range", answer(200, "text/plain", "Content-Range", "bytes 0-4999/9000"));
  app.get("/nothing", answer(204, "text/plain"));
  app.get("/event-stream", [] {
    return Response::stream(200, "text/event-stream", [](http::BodyWriter& out) { return out.write("data: 1\n\n"); });
  });
  app.get("/error", answer(500, "application/problem+json"));
  app.get("/enough", [] { return Response::text(200, text_of(500)); });
  for (const std::string path : {"/small", "/image", "/no-type", "/encoded", "/no-transform", "/events", "/part",
                                 "/range", "/nothing", "/event-stream"}) {
    const WholeReply reply = whole(app, path, all);
    EXPECT_EQ(reply.header("Content-Encoding"), path == "/encoded" ? "br" : "(none)") << path;
    EXPECT_EQ(reply.header("Vary"), "(none)") << path;
  }
  EXPECT_EQ(whole(app, "/event-stream", all).body, "data: 1\n\n");

  for (const std::string path : {"/error", "/enough"})
    EXPECT_EQ(whole(app, path, all).header("Content-Encoding"), "zstd") << path;
}

TEST(Compress, leaves_alone_what_would_become_larger) {
  App app;
  app.use(compress({.minimum_size_bytes = 0}));
  app.get("/tiny", [] { return Response::text(200, "abc"); });
  const WholeReply reply = whole(app, "/tiny", only_gzip);
  EXPECT_EQ(reply.body, "abc");
  EXPECT_EQ(reply.header("Content-Encoding"), "(none)");
  EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
}

TEST(Compress, takes_the_types_it_is_told) {
  App app;
  app.use(compress({.types = {"application/pdf", "model/*"}}));
  const auto answer = [](std::string_view type) {
    return [=] {
      Response response;
      response.content_type(type);
      response.body = text_of(5000);
      return response;
    };
  };
  app.get("/pdf", answer("Application/PDF; a=b"));
  app.get("/model", answer("model/gltf+json"));
  app.get("/text", answer("text/plain"));
  EXPECT_EQ(whole(app, "/pdf", all).header("Content-Encoding"), "zstd");
  EXPECT_EQ(whole(app, "/model", all).header("Content-Encoding"), "zstd");
  EXPECT_EQ(whole(app, "/text", all).header("Content-Encoding"), "(none)");
}

TEST(Compress, varies_beside_what_varies_already_and_says_it_once) {
  App app;
  app.use(cors({.allow_origins = {"https://a.example"}}));
  app.use(compress());
  const auto answer = [](std::string_view vary) {
    return [=] {
      Response response = Response::text(200, text_of(5000));
      if (!vary.empty()) response.headers.add("Vary", vary);
      return response;
    };
  };
  app.get("/plain", answer(""));
  app.get("/listed", answer("Cookie, accept-encoding"));
  app.get("/any", answer("*"));
  EXPECT_EQ(whole(app, "/plain", {{"Origin", "https://a.example"}}).header("Vary"), "Accept-Encoding, Origin");
  EXPECT_EQ(whole(app, "/listed").header("Vary"), "Cookie, accept-encoding, Origin");
  EXPECT_EQ(whole(app, "/any").header("Vary"), "*");
}

TEST(Compress, weakens_the_tag_of_what_it_has_changed) {
  App app;
  app.use(compress());
  app.get("/tagged", [](const Request& request) {
    const auto has = request.header("if-none-match");
    Response response = has && has->contains("\"v1\"") ? Response(304) : Response::text(200, text_of(5000));
    response.headers.add("ETag", "\"v1\"");
    return response;
  });
  app.get("/weak", [] {
    Response response = Response::text(200, text_of(5000));
    response.headers.add("ETag", "W/\"v1\"");
    return response;
  });
  EXPECT_EQ(whole(app, "/tagged").header("ETag"), "\"v1\"");
  EXPECT_EQ(whole(app, "/tagged", all).header("ETag"), "W/\"v1\"");
  EXPECT_EQ(whole(app, "/weak", all).header("ETag"), "W/\"v1\"");
  const WholeReply again = whole(app, "/tagged", {{"If-None-Match", "W/\"v1\""}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), "W/\"v1\"") << "a strong one would be of another that the client does not have";
  EXPECT_EQ(again.header("Vary"), "Accept-Encoding");
  const WholeReply strong = whole(app, "/tagged", {{"If-None-Match", "\"v1\""}});
  EXPECT_EQ(strong.header("ETag"), "\"v1\"");
  EXPECT_EQ(strong.header("Vary"), "Accept-Encoding") << "as the whole does";
}

TEST(Compress, tells_head_what_get_is_told) {
  App app;
  app.use(compress());
  app.get("/text", [] { return Response::text(200, text_of(5000)); });
  app.get("/long", [] { return Response::text(200, text_of(500'000)); });
  app.get("/small", [] { return Response::text(200, "small"); });
  app.head("/left-out", [] {
    Response response = Response::text(200, "");
    response.headers.add("Content-Length", "5000");
    return response;
  });
  app.get("/stream", [] {
    return Response::stream(200, "text/plain", 5000,
                            [](http::BodyWriter& out) -> Task<> { co_await out.write(text_of(5000)); });
  });
  for (const std::string path : {"/text", "/long", "/stream", "/left-out"}) {
    const WholeReply reply = whole(app, path, all, "HEAD");
    EXPECT_EQ(reply.header("Content-Encoding"), "zstd") << path;
    EXPECT_EQ(reply.header("Content-Length"), "(none)") << path;
    EXPECT_EQ(reply.body, "") << path;
  }
  EXPECT_EQ(whole(app, "/small", all, "HEAD").body, "small") << "the server counts it";
}

TEST(Compress, sends_a_stream_part_by_part_each_as_it_is_written) {
  App app;
  app.use(compress());
  app.get("/lines", [] {
    return Response::stream(200, "application/jsonl", [](http::BodyWriter& out) -> Task<> {
      for (const std::string_view line : {"{\"a\":1}\n", "", "{\"a\":2}\n", "{\"a\":3}\n"}) co_await out.write(line);
    });
  });
  for (const ContentCoding coding : {gzip, brotli, zstd}) {
    const WholeReply reply = whole(app, "/lines", {{"Accept-Encoding", std::string(to_string(coding))}});
    ASSERT_TRUE(reply.is_stream);
    EXPECT_EQ(reply.header("Content-Encoding"), to_string(coding));
    ASSERT_EQ(reply.parts.size(), 4U) << "three lines and the end";
    std::string so_far, lines;
    for (int i = 0; i < 3; ++i) {
      so_far += reply.parts[static_cast<std::size_t>(i)];
      lines += "{\"a\":" + std::to_string(i + 1) + "}\n";
      EXPECT_EQ(decompress(coding, so_far).text, lines);
    }
    EXPECT_TRUE(decompress(coding, reply.body).is_complete);
  }
}

TEST(Compress, makes_a_long_body_while_it_is_sent_by_slices) {
  App app;
  app.use(compress());
  const std::string text = text_of(3'000'000);
  app.get("/long", [text] { return Response::text(200, text); });
  for (const ContentCoding coding : {gzip, brotli, zstd}) {
    const WholeReply reply = whole(app, "/long", {{"Accept-Encoding", std::string(to_string(coding))}});
    ASSERT_TRUE(reply.is_stream);
    const auto back = decompress(coding, reply.body);
    EXPECT_TRUE(back.is_complete && back.text == text) << to_string(coding);
    EXPECT_GT(reply.parts.size(), 10U);
  }
}

Task<> write_five(http::BodyWriter& out, std::string part) {
  for (int i = 0; i < 5; ++i) co_await out.write(part);
}

TEST(Compress, lets_several_tasks_write_each_part_as_a_whole) {
  App app;
  app.use(compress());
  app.get("/both", [] {
    return Response::stream(200, "text/plain", [](http::BodyWriter& out) -> Task<> {
      co_await with_task_group("writers", std::chrono::seconds(5), [&out](TaskGroup& group) -> Task<> {
        for (const char c : {'a', 'b'}) group.spawn(write_five(out, std::string(40'000, c)));
        co_return;
      });
    });
  });
  for (const ContentCoding coding : {gzip, brotli, zstd}) {
    const WholeReply reply = whole(app, "/both", {{"Accept-Encoding", std::string(to_string(coding))}});
    const auto back = decompress(coding, reply.body);
    ASSERT_TRUE(back.is_complete) << to_string(coding);
    ASSERT_EQ(back.text.size(), 400'000U);
    for (std::size_t at = 0; at < back.text.size(); at += 40'000)
      EXPECT_EQ(std::ranges::count(back.text.substr(at, 40'000), back.text[at]), 40'000) << at;
  }
}

TEST(Compress, sends_as_they_are_more_streams_than_it_may_keep_state_of) {
  App app;
  app.use(compress({.stream_limit = 2}));
  app.get("/long", [] { return Response::text(200, text_of(100'000)); });
  app.get("/short", [] { return Response::text(200, text_of(5000)); });
  http::Handler& handler = app.handler();
  const auto ask = [&](std::string target) {
    http::LocalRequest::Parts parts;
    parts.target = std::move(target);
    parts.headers = only_gzip;
    http::LocalRequest request(std::move(parts), handler.attach());
    return run_blocking([&] { return http::ask(handler, request.request()); });
  };
  const auto is_compressed = [](const Response& response) { return response.headers.contains("content-encoding"); };
  std::optional<Response> first = ask("/long");
  const Response second = ask("/long");
  EXPECT_TRUE(is_compressed(*first) && is_compressed(second));
  const Response third = ask("/long");
  EXPECT_FALSE(is_compressed(third));
  EXPECT_EQ(third.body, text_of(100'000));
  EXPECT_EQ(third.headers.get("Vary"), "Accept-Encoding");
  EXPECT_TRUE(is_compressed(ask("/short"))) << "of which nothing is kept";
  first.reset();
  EXPECT_TRUE(is_compressed(ask("/long"))) << "another has ended, be it without having been sent";
}

TEST(Compress, passes_on_what_a_stream_throws_and_works_again_after_it) {
  App app;
  app.use(compress());
  app.get("/broken", [] {
    return Response::stream(200, "text/plain", [](http::BodyWriter& out) -> Task<> {
      co_await out.write(text_of(5000));
      throw Error("broken", "broke off");
    });
  });
  app.get("/text", [] { return Response::text(200, text_of(5000)); });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(error_code_of([&] { static_cast<void>(whole(app, "/broken", only_gzip)); }), "broken");
    EXPECT_EQ(decompress(gzip, whole(app, "/text", only_gzip).body).text, text_of(5000));
  }
}

TEST(Compress, compresses_a_file_but_not_a_part_of_it) {
  const http::test::TestFolder folder;
  folder.write("large.txt", text_of(300'000));
  folder.write("ready.js", text_of(5000));
  folder.write("ready.js.br", "compressed beforehand");
  App app;
  app.use(compress());
  app.get("/{path:path}", [files = StaticFiles(folder.path().string())](const Request& request, Path<"path"> path) {
    return files.respond(request, *path);
  });
  const WholeReply large = whole(app, "/large.txt", only_gzip);
  EXPECT_EQ(decompress(gzip, large.body).text, text_of(300'000));
  EXPECT_EQ(large.header("Accept-Ranges"), "(none)");
  EXPECT_TRUE(large.header("ETag").starts_with("W/\""));
  const WholeReply again = whole(app, "/large.txt", {{"If-None-Match", large.header("ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), large.header("ETag"));
  const WholeReply part = whole(app, "/large.txt", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=0-3"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "line");
  const WholeReply resumed = whole(
      app, "/large.txt", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=100-"}, {"If-Range", large.header("ETag")}});
  EXPECT_EQ(resumed.status, 200) << "a part of one coding does not continue another";
  const WholeReply ready = whole(app, "/ready.js", all);
  EXPECT_EQ(ready.body, "compressed beforehand");
  EXPECT_EQ(ready.header("Content-Encoding"), "br");
  EXPECT_EQ(ready.header("Vary"), "Accept-Encoding");
}

TEST(Compress, frames_what_it_has_made) {
  App app;
  app.use(compress());
  app.get("/text", [] { return Response::text(200, text_of(5000)); });
  app.get("/long", [] { return Response::text(200, text_of(500'000)); });
  http::Handler& handler = app.handler();
  http::test::TestServer server(handler);
  http::test::RawClient client(server.port());
  const auto ask = [&](std::string_view line, bool is_head = false) {
    client.send(std::string(line) + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    return client.answer(is_head);
  };
  const std::string text = ask("GET /text");
  EXPECT_TRUE(text.contains("\r\nContent-Length: " + std::to_string(http::test::body_of(text).size()) + "\r\n"));
  EXPECT_EQ(decompress(gzip, http::test::body_of(text)).text, text_of(5000));
  const std::string head = ask("HEAD /text", true);
  EXPECT_FALSE(head.contains("Content-Length"));
  EXPECT_TRUE(head.contains("Content-Encoding: gzip\r\n"));
  const std::string large = ask("GET /long");
  EXPECT_TRUE(large.contains("Transfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(large.contains("Content-Length"));
  EXPECT_TRUE(ask("HEAD /long", true).contains("Transfer-Encoding: chunked\r\n"));
  client.send("GET /long HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
  const std::string old = client.everything();
  const auto back = decompress(gzip, http::test::body_of(old));
  EXPECT_TRUE(back.is_complete && back.text == text_of(500'000));
}

TEST(Compress, refuses_what_it_cannot_mean) {
  EXPECT_EQ(error_code_of([] { static_cast<void>(compress({.codings = {}})); }), "invalid_compression");
  EXPECT_EQ(error_code_of([] { static_cast<void>(compress({.gzip_level = 0})); }), "invalid_compression");
  EXPECT_EQ(error_code_of([] { static_cast<void>(compress({.gzip_level = 10})); }), "invalid_compression");
  EXPECT_EQ(error_code_of([] { static_cast<void>(compress({.brotli_quality = 10})); }), "invalid_compression");
  EXPECT_EQ(error_code_of([] { static_cast<void>(compress({.zstd_level = 13})); }), "invalid_compression");
}

}  // namespace
}  // namespace bailey
