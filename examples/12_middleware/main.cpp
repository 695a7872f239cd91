// What stands around the handlers of an API that is open to the world, in the order that is recommended. Behind a proxy
// on the same machine; with REDIS_URL in the environment, several of these processes count requests together;
// ANOTHER_URL is the service that /another asks.
#include <bailey/bailey.hpp>
#include <bailey/http/client.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

using namespace bailey;
using namespace std::chrono_literals;

// [store]
std::shared_ptr<RateLimitStore> counts() {
  const auto url = env::get_secret("REDIS_URL");
  return url ? redis_rate_limits({.url = *url}) : nullptr;  // null: each process counts by itself
}
// [/store]

// Stands for a report that takes its time.
Task<std::string> make_report(std::chrono::milliseconds time) {
  co_await sleep_for(time);
  co_return "all is well";
}

// [trace]
Task<std::string> ask_another(http::Client client, std::string url, TraceContext trace) {
  http::ClientRequest request{.url = std::move(url), .headers = trace.headers()};
  const auto answer = co_await client.send(std::move(request));
  co_return answer ? answer->body : "no answer";
}
// [/trace]

int main(int argc, char** argv) try {
  // [root]
  App app({.title = "Middleware", .version = "1.0.0", .root_path = "/api"});
  // [/root]

  // [order]
  app.use(access_log());     // sees every answer, as it is sent
  app.use(trace_context());  // before whatever fails, so that its log has the trace
  app.use(request_id());
  app.use(proxy_headers({.trusted = {"127.0.0.1"}, .host = true}));  // from here on it is known who asks, and for what
  app.use(security_headers());                                       // on errors and refusals, too
  app.use(trusted_hosts({"example.com", "*.example.com"}));
  app.use(https_redirect());
  app.use(cors({.allow_origins = {"https://app.example.com"}}));
  app.use(csrf_guard({.trusted_origins = {"https://app.example.com"}}));
  app.use(rate_limit({.requests = 1000, .per = 60s, .store = counts()}));  // the last that costs nothing but a look
  app.use(request_deadline(10s));
  app.use(compress());  // nearest to the handlers, but for the guard
  // [/order]

  // [limits]
  app.post("/login", [] { return PlainText{"in"}; },
           {.middleware = {rate_limit({.requests = 3, .per = 60s, .name = "login"})}});

  Router reports({.prefix = "/reports", .middleware = {request_deadline(200ms)}});
  reports.get("/quick", [] { return make_report(1ms); });
  reports.get("/slow", [] { return make_report(1min); });
  reports.get("/long", [] { return make_report(500ms); }, {.middleware = {request_deadline(2min)}});
  app.include(std::move(reports));
  // [/limits]

  // [effective]
  app.get("/whoami",
          [](const Request& request) { return PlainText{request.client_address() + " asks for " + request.url()}; });
  // [/effective]
  app.get("/trace", [](TraceContext trace) { return PlainText{std::string(trace.trace_id())}; });
  // Of the program's own choice: at an address that came with the request a stranger would reach what only we can.
  const std::string another = env::get("ANOTHER_URL").value_or("http://127.0.0.1:9000/");
  const http::Client client;
  app.get("/another", [client, another](TraceContext trace) { return ask_another(client, another, std::move(trace)); });
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
