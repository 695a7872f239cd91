// What stands around handlers: middleware, other sites' pages, work that is left behind, what is open as long as the
// app is served, files. Started where this file lies, for the folder `public`.
#include <bailey/bailey.hpp>
#include <bailey/web/background.hpp>

#include <atomic>
#include <iostream>

using namespace bailey;

// [opened]
// Stands for a connection to somewhere. All loops use it at once.
class Mailer {
 public:
  Task<> connect() {
    co_await sleep_for(std::chrono::milliseconds(1));
    std::cout << "mailer: connected" << std::endl;
  }
  Task<> send(std::string to) {
    co_await sleep_for(std::chrono::milliseconds(1));
    ++sent_;
    std::cout << "mailer: a mail to " << to << std::endl;
  }
  void close() { std::cout << "mailer: closed after " << sent_ << std::endl; }

 private:
  std::atomic<int> sent_ = 0;
};
// [/opened]

int main(int argc, char** argv) try {
  App app;

  // [cors]
  app.use(cors(
      {.allow_origins = {"https://library.example"}, .allow_methods = {"GET", "POST"}, .allow_headers = {"X-Key"}}));
  // [/cors]

  // [around]
  app.use([](Request& request, Next next) -> Task<Response> {
    const auto begin = std::chrono::steady_clock::now();
    Response response = co_await next(request);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    response.headers.set("X-Process-Microseconds", std::to_string(took.count()));
    co_return response;
  });
  // [/around]

  // [hooks]
  app.use(Middleware{.name = "closed on Sundays",
                     .before = [](Request& request) -> Before {
                       if (request.header("x-day") == "Sunday") return Response::text(503, "Closed on Sundays");
                       return Pass{};
                     },
                     .after = [](Request&, Response& response) { response.headers.set("X-Library", "main"); }});
  // [/hooks]

  app.get("/books", [] { return std::vector<std::string>{"Emma", "Ulysses"}; });

  // [lifespan]
  Mailer mailer;
  app.provide(std::ref(mailer));
  app.lifespan([](Mailer& mail, Yield<> serving) -> Task<> {
    co_await mail.connect();  // before the first request
    co_await serving();
    mail.close();  // after the last one
  });
  // [/lifespan]

  // [background]
  app.post("/reminders",
           [&mailer](Query<"to"> to, Background background) {
             background.add("reminder", [&mailer, to = *to] { return mailer.send(to); });
             return json::object{{"message", "It will be sent"}};
           },
           {.status = 202});
  // [/background]

  // [static]
  app.static_files("/static", StaticFiles("public", {.html = true}));
  // [/static]
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
