// An app with a route of each kind, for the tests that speak to a served one in bytes, slowly, in masses, or stop it.
//
// The environment says what they need to be short or large: each time of ServerOptions in milliseconds, and DIRECTORY,
// whose files are below /files.
#include <bailey/base/env.hpp>
#include <bailey/base/failed.hpp>
#include <bailey/http/set_cookie.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/compress.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/file_response.hpp>
#include <bailey/web/static_files.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

using namespace bailey;

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t eight_gigabytes = std::uint64_t{8} << 30;

// What handlers have come to, all requests together.
class Counters {
 public:
  Counters() = default;
  std::atomic<int> begun{0}, ended{0}, cancelled{0}, smuggled{0}, background{0};
};
struct Counts {
  int begun, ended, cancelled, smuggled, background;
};

// A handler that may be cancelled wherever it waits.
class Running {
 public:
  explicit Running(Counters& counters) : counters_(counters) { ++counters_.begun; }
  ~Running() { ++(has_ended_ ? counters_.ended : counters_.cancelled); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void end() noexcept { has_ended_ = true; }

 private:
  Counters& counters_;
  bool has_ended_ = false;
};

void say(const char* what) {
  std::puts(what);
  std::fflush(stdout);
}

void take_time(const char* variable, milliseconds& time) {
  const Expected<long long> given = env::integer(variable, time.count(), 1, 3'600'000);
  if (!given) throw given.error();
  time = milliseconds(*given);
}

AppOptions from_environment() {
  AppOptions options{.title = "Conformance", .threads = 2};
  http::ServerOptions& server = options.server;
  take_time("HEADER_TIMEOUT", server.header_timeout);
  take_time("BODY_STALL_TIMEOUT", server.body_stall_timeout);
  take_time("WRITE_TIMEOUT", server.write_timeout);
  take_time("IDLE_TIMEOUT", server.idle_timeout);
  take_time("SHUTDOWN_TIMEOUT", server.shutdown_timeout);
  return options;
}

Guard key_guard() {
  return {.name = "key",
          .admit = [](Request& request) -> Before {
            if (request.header("x-key") != "let me in") throw HttpError(401);
            request.state().set_identity(std::nullopt);
            return Pass{};
          },
          .security = {.name = "key", .scheme = {{"type", "apiKey"}, {"in", "header"}, {"name", "x-key"}}}};
}

Response echo(const Request& request, Body body) {
  Response answer = Response::text(200, *body);
  answer.headers.set("X-Method", request.method_text());
  return answer;
}

// Goes on until the server drains.
Task<> tick(http::BodyWriter& out, Counters& counters) {
  Running running(counters);
  const Event draining = out.draining();
  for (bool is_over = false; !is_over;) {
    co_await out.write("data: tick\n\n");
    const bool drains = co_await draining.wait_for(milliseconds(20));
    is_over = drains;
  }
  co_await out.write("data: bye\n\n");
  running.end();
}

Task<> write_letters(http::BodyWriter& out, std::uint64_t bytes) {
  const std::string part(64 * 1024, 'x');
  for (std::uint64_t left = bytes; left > 0;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, part.size()));
    co_await out.write(std::string_view(part).substr(0, size));
    left -= size;
  }
}

Task<> send_back(http::WebSocket socket) {
  for (;;) {
    auto message = co_await socket.receive();
    if (!message) co_return;
    co_await socket.send(*std::move(message));
  }
}

Task<std::uint64_t> count_bytes(const Request& request) {
  std::string part(64 * 1024, '\0');
  std::uint64_t total = 0;
  for (;;) {
    const std::size_t count = co_await request.http().read_some(part);
    if (count == 0) co_return total;
    total += count;
  }
}

void add_bodies(App& app) {
  app.get("/echo", echo).post("/echo", echo).put("/echo", echo).patch("/echo", echo).delete_("/echo", echo);
  app.post("/raw", count_bytes);
  app.post("/form", [](File<"file"> file) { return file->size(); }, {.form_limits = {.total_bytes = eight_gigabytes}});
  app.get("/letters", [](Query<"bytes", std::uint64_t> bytes) {
    return Response::stream(200, "text/plain; charset=utf-8",
                            [count = *bytes](http::BodyWriter& out) { return write_letters(out, count); });
  });
  app.get("/letters/whole", [](Query<"bytes", std::uint64_t> bytes) { return PlainText{std::string(*bytes, 'x')}; });
  app.static_files("/files", StaticFiles(env::get("DIRECTORY").value_or(".")));
}

void add_answers(App& app) {
  app.get("/text", [] { return PlainText{"text"}; });
  app.get("/json", [] { return json::object{{"a", 1}}; });
  app.get("/page", [] { return Html{"<p>" + std::string(1000, 'p') + "</p>"}; });
  app.get("/nothing", [] {});
  app.get("/reset", [] { return Response::empty(205); });
  app.post("/made", [] { return Created<int>(7, "/made/7"); });
  app.get("/moved", [](Query<"to"> to) { return Redirect{*to}; });
  app.get("/private", [] { return 1; }, {.guard = key_guard()});
  app.get("/fails", []() -> int { throw std::runtime_error("what nobody may read"); });
  app.get("/busy", []() -> int { throw HttpError(503, "Later"); });
  app.get("/headers", [](Query<"value"> value) {
    Response answer = Response::text(200, "set");
    answer.headers.set("X-Value", *value);
    return answer;
  });
  app.get("/cookie", [](Query<"value"> value) {
    Response answer = Response::text(200, "set");
    http::set_cookie(answer.headers, {.name = "value", .value = *value});
    return answer;
  });
  app.get("/named", [directory = env::get("DIRECTORY").value_or(".")](const Request& request, Query<"name"> name) {
    return file_response(request, directory + "/page.html", {.download_name = *name});
  });
}

void add_what_takes_time(App& app) {
  app.get("/counts",
          [](Counters& now) { return Counts{now.begun, now.ended, now.cancelled, now.smuggled, now.background}; });
  app.get("/smuggled", [](Counters& counters) { return ++counters.smuggled; });
  app.get("/slow", [](Query<"ms", int> time, Counters& counters) -> Task<PlainText> {
    Running running(counters);
    co_await sleep_for(milliseconds(*time));
    running.end();
    co_return PlainText{"slow"};
  });
  app.get("/ticks", [](Counters& counters) {
    return Response::stream(200, "text/event-stream",
                            [&counters](http::BodyWriter& out) { return tick(out, counters); });
  });
  app.get("/socket", [](const Request& request) -> Task<Response> {
    return http::serve_web_socket(request.http(), {}, send_back);
  });
  app.post("/later", [](Query<"ms", int> time, Background background, Counters& counters) {
    background.add("later", [wait = milliseconds(*time), &counters]() -> Task<> {
      co_await sleep_for(wait);
      ++counters.background;
      say("background task ended");
    });
    return PlainText{"accepted"};
  });
  app.lifespan([](Yield<> serving) -> Task<> {
    co_await serving();
    say("lifespan closed");
  });
}

}  // namespace

int main() try {
  Counters counters;
  App app(from_environment());
  app.use(cors({.allow_origins = {"https://app.example.com"}, .allow_credentials = true}));
  app.use(compress());
  app.provide(std::ref(counters));
  add_bodies(app);
  add_answers(app);
  add_what_takes_time(app);
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
