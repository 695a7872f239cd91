// Bodies that a handler reads as they arrive: within their limits, in flat memory, and not when they have gone.
#include <bailey/web/body_stream.hpp>

#include <bailey/web/app.hpp>
#include <bailey/web/parameters.hpp>
#include "http/memory_use.hpp"
#include "http/test_server.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
namespace {

struct Settings {
  int limit = 0;
};

using http::test::RawClient;
using http::test::status_of;
using http::test::TestServer;
using web_testing::ask;

Task<std::uint64_t> count_bytes(BodyStream body) {
  std::uint64_t count = 0;
  for (std::string bytes = co_await body.read(); !bytes.empty(); bytes = co_await body.read()) count += bytes.size();
  co_return count;
}

std::string chunk(std::string_view bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size).append(bytes).append("\r\n");
}

TEST(BodyStream, gives_the_body_as_it_arrives_to_its_end) {
  App app;
  app.put("/{name}", [](Path<"name">, BodyStream body) -> Task<std::uint64_t> {
    EXPECT_EQ(body.announced_bytes(), 300'000U);
    return count_bytes(std::move(body));
  });
  EXPECT_EQ(ask(app, "PUT", "/a", {}, std::string(300'000, 'x')).body, "300000");
}

TEST(BodyStream, is_refused_before_it_is_read_when_it_announces_too_much_and_else_when_it_is_too_long) {
  App app;
  app.put("/", count_bytes, {.body_limit_bytes = 100'000});
  TestServer server(app.handler());
  {
    RawClient client(server.port());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\nConnection: close\r\n\r\n");
    client.send(std::string(100'001, 'x'));
    const std::string answer = client.everything();
    EXPECT_EQ(status_of(answer), 413) << answer;
    EXPECT_TRUE(answer.contains("The body is longer than 100000 bytes")) << answer;
  }
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  for (int i = 0; i < 11; ++i) client.send(chunk(std::string(10'000, 'x')));
  client.send("0\r\n\r\n");
  const std::string answer = client.everything();
  EXPECT_EQ(status_of(answer), 413) << answer;
}

TEST(BodyStream, of_any_length_takes_the_memory_of_a_piece) {
  App app;
  app.put("/", count_bytes, {.body_limit_bytes = 1ULL << 40});
  TestServer server(app.handler());
  RawClient client(server.port());
  const std::string piece(1024 * 1024, 'x');
  constexpr int pieces = 256;
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " +
              std::to_string(pieces * piece.size()) + "\r\n\r\n");
  client.send(piece);
  const long before = http::test::resident_kilobytes();
  for (int i = 1; i < pieces; ++i) ASSERT_TRUE(client.send(piece));
  const std::string answer = client.everything();
  EXPECT_TRUE(answer.ends_with(std::to_string(pieces * piece.size()))) << answer;
  if (http::test::memory_is_measured) {
    EXPECT_LT(http::test::resident_kilobytes() - before, 16 * 1024);
  }
}

TEST(BodyStream, is_not_read_when_its_request_has_ended) {
  App app;
  std::shared_ptr<BodyStream> kept;
  app.put("/", [&kept](BodyStream body) { kept = std::make_shared<BodyStream>(std::move(body)); });
  app.get("/late", [&kept]() -> Task<std::string> { co_return co_await kept->read(); });
  EXPECT_EQ(ask(app, "PUT", "/", {}, "x").status, 204);
  const auto late = ask(app, "GET", "/late");
  EXPECT_EQ(late.status, 500);
  EXPECT_EQ(kept->announced_bytes(), std::nullopt);
}

const std::string form_type = "multipart/form-data; boundary=XyZ";
std::string part(std::string_view disposition, std::string_view content) {
  return "--XyZ\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" + std::string(content) +
         "\r\n";
}

TEST(Multipart, gives_one_part_after_the_other) {
  App app;
  app.post("/", [](Multipart form) -> Task<std::string> {
    std::string said;
    for (auto each = co_await form.next(); each; each = co_await form.next()) {
      const std::string content = co_await each->read_all(1'000'000);
      said += each->name + (each->is_file() ? "(" + *each->filename + ")" : "") + "=" + std::to_string(content.size()) +
              ";";
    }
    co_return said;
  });
  app.post("/small", [](Multipart form) -> Task<std::string> {
    auto first = co_await form.next();
    co_return co_await first->read_all(3);
  });
  const std::string body = part("name=\"title\"", "hello") +
                           part("name=\"file\"; filename=\"a.bin\"", std::string(200'000, 'x')) + "--XyZ--\r\n";
  EXPECT_EQ(ask(app, "POST", "/", {{"Content-Type", form_type}}, body).body, R"("title=5;file(a.bin)=200000;")");
  EXPECT_EQ(ask(app, "POST", "/", {{"Content-Type", "application/json"}}, "{}").status, 415);
  EXPECT_EQ(ask(app, "POST", "/", {{"Content-Type", form_type}}, "--XyZ\r\n").status, 400);
  EXPECT_EQ(ask(app, "POST", "/small", {{"Content-Type", form_type}}, body).status, 413);
}

TEST(Multipart, is_over_a_limit_of_its_route_while_it_arrives) {
  App app;
  app.post("/",
           [](Multipart form) -> Task<int> {
             int parts = 0;
             for (auto each = co_await form.next(); each; each = co_await form.next()) ++parts;
             co_return parts;
           },
           {.form_limits = {.files = 2}});
  const auto files = [](int count) {
    std::string body;
    for (int i = 0; i < count; ++i) body += part("name=\"file\"; filename=\"a\"", "x");
    return body + "--XyZ--\r\n";
  };
  EXPECT_EQ(ask(app, "POST", "/", {{"Content-Type", form_type}}, files(2)).body, "2");
  EXPECT_EQ(ask(app, "POST", "/", {{"Content-Type", form_type}}, files(3)).status, 413);
}

TEST(Multipart, is_not_read_when_its_request_has_ended) {
  App app;
  std::shared_ptr<Multipart> form;
  std::optional<http::Part> first;
  app.post("/", [&](Multipart given) -> Task<> {
    first = co_await given.next();
    form = std::make_shared<Multipart>(std::move(given));
  });
  app.get("/form", [&form]() -> Task<bool> { co_return (co_await form->next()).has_value(); });
  app.get("/part", [&first]() -> Task<std::string> { co_return co_await first->read_all(100'000); });
  const std::string body = part("name=\"file\"; filename=\"a\"", std::string(50'000, 'x')) + "--XyZ--\r\n";
  ask(app, "POST", "/", {{"Content-Type", form_type}}, body);
  EXPECT_EQ(ask(app, "GET", "/form").status, 500);
  EXPECT_EQ(ask(app, "GET", "/part").status, 500);
}

TEST(Files, small_ones_are_bytes_and_larger_ones_are_refused) {
  App app;
  app.post("/", [](File<"file", std::string> file, File<"other", std::optional<std::string>> other) {
    return std::to_string(file->size()) + (other->has_value() ? "+" : "-");
  });
  const auto upload = [&](std::size_t bytes) {
    return ask(app, "POST", "/", {{"Content-Type", form_type}},
               part("name=\"file\"; filename=\"a\"", std::string(bytes, 'x')) + "--XyZ--\r\n");
  };
  EXPECT_EQ(upload(1000).body, R"("1000-")");
  EXPECT_EQ(upload(1'000'000).status, 413);
}

struct Picture {
  explicit Picture(http::UploadFile given) : file(std::move(given)) {}
  http::UploadFile file;
};
struct Checked {
  std::size_t size = 0;
};

TEST(Files, that_two_take_end_the_start_with_what_to_write) {
  const auto refusal = [](const std::function<void(App&)>& add) -> std::string {
    App app;
    add(app);
    try {
      static_cast<void>(app.handler());
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string both = refusal([](App& app) {
    app.provide([](File<"image"> image) { return Checked{image->size()}; });
    app.post("/", [](const Checked& checked, File<"image"> image) { return checked.size + image->size(); });
  });
  EXPECT_TRUE(both.contains("POST /:")) << both;
  EXPECT_TRUE(both.contains("the file \"image\" more than once")) << both;
  EXPECT_TRUE(both.contains("by reference")) << both;
  EXPECT_NE(refusal([](App& app) {
              app.post("/", [](File<"image", std::string> bytes, File<"image", std::vector<http::UploadFile>> all) {
                return bytes->size() + all->size();
              });
            }),
            "");
}

TEST(Files, are_shared_as_a_struct_by_reference_and_as_bytes) {
  App app;
  app.provide([](File<"image"> image) { return Picture(std::move(*image)); });
  app.provide([](const Picture& picture) { return Checked{picture.file.size()}; });
  app.post("/picture", [](const Checked& checked, Picture& picture) -> Task<std::string> {
    co_return std::to_string(checked.size) + co_await picture.file.read();
  });
  app.post("/bytes", [](File<"image", std::string> image) { return *image; },
           {.dependencies = {depends([](File<"image", std::optional<std::string>> image) {
              if (*image != "hello") throw HttpError(409);
            })}});
  const std::string body = part("name=\"image\"; filename=\"a\"", "hello") + "--XyZ--\r\n";
  EXPECT_EQ(ask(app, "POST", "/picture", {{"Content-Type", form_type}}, body).body, R"("5hello")");
  EXPECT_EQ(ask(app, "POST", "/bytes", {{"Content-Type", form_type}}, body).body, R"("hello")");
}

TEST(Forms, that_are_not_sent_are_empty_ones) {
  App app;
  app.post("/optional", [](Form<"title", std::optional<std::string>> title, File<"image", std::optional<std::string>>) {
    return title->value_or("-");
  });
  app.post("/required", [](Form<"title"> title) { return *title; });
  app.post("/first", [](const Checked& checked) { return checked.size; });
  app.provide(
      [](Form<"size", std::optional<int>> size) { return Checked{static_cast<std::size_t>(size->value_or(7))}; });
  EXPECT_EQ(ask(app, "POST", "/optional").body, R"("-")");
  EXPECT_EQ(ask(app, "POST", "/first").body, "7");
  const auto missing = ask(app, "POST", "/required");
  EXPECT_EQ(missing.status, 422);
  EXPECT_TRUE(missing.body.contains(R"("type":"missing","loc":["body","title"])")) << missing.body;
  EXPECT_EQ(ask(app, "POST", "/optional", {{"Content-Type", "application/json"}}).status, 415);
  EXPECT_EQ(ask(app, "POST", "/optional", {}, "title=x").status, 415);
}

TEST(Bodies, that_are_streamed_are_read_by_nobody_else) {
  App app;
  app.provide([](Json<Settings> sent) { return *sent; });
  app.post("/", [](const Settings&, BodyStream) {});
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(app.handler()); }), "invalid_route");
}

}  // namespace
}  // namespace bailey
