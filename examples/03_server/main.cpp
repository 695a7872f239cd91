// The fittings of an API without a database: models and their rules, parameters, middleware and errors of one's own, a
// streamed answer, limits, TLS.
//
//   server                          http://127.0.0.1:8000
//   server CERTIFICATE.pem KEY.pem  https://127.0.0.1:8000
#include <bailey/bailey.hpp>

using namespace bailey;

// [model]
enum class Unit { celsius, percent };  // "celsius" and "percent" in JSON and in parameters

struct Reading {
  std::string sensor;
  double value;
  Unit unit = Unit::celsius;
  std::chrono::sys_seconds taken_at;  // "2026-11-23T14:05:09Z"
  std::vector<std::string> tags;

  static constexpr auto rules() {
    return fields(field<&Reading::sensor>(pattern("^[a-z0-9-]+$"), max_length(40)), field<&Reading::unit>(defaulted),
                  field<&Reading::tags>(defaulted, max_items(8)), forbid_extra());
  }
};
// [/model]

// [binder]
struct Tenant {
  std::string name;
};
template <>
struct bailey::Binder<Tenant> {
  static Tenant bind(const Request& request) {
    const auto name = request.header("x-tenant");
    if (!name) throw HttpError(400, "Say whose readings you mean: X-Tenant");
    return {std::string(*name)};
  }
};
// [/binder]

struct SensorOffline : std::runtime_error {
  using std::runtime_error::runtime_error;
};

int main(int count, char** arguments) try {
  // [options]
  AppOptions options{.title = "Readings", .threads = 2};
  options.server.header_timeout = std::chrono::seconds(5);
  options.server.handler_timeout = std::chrono::seconds(10);
  options.server.connection_limit = 1'000;  // each of the two loops
  options.server.shutdown_timeout = std::chrono::seconds(20);
  if (count == 3) options.server.tls = http::TlsOptions{arguments[1], arguments[2]};
  App app(std::move(options));
  // [/options]

  // [hooks]
  app.use(Middleware{.name = "maintenance",
                     .before = [](Request& request) -> Before {
                       if (request.path() == "/closed") return Response::text(503, "Back soon");
                       return Pass{};
                     },
                     .after = [](Request&, Response& response) { response.headers.set("X-Frame-Options", "DENY"); }});
  // [/hooks]

  // [around]
  app.use([](Request& request, Next next) -> Task<Response> {
    const auto start = std::chrono::steady_clock::now();
    Response response = co_await next(request);
    const auto spent = std::chrono::steady_clock::now() - start;
    response.headers.set("X-Microseconds",
                         std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(spent).count()));
    co_return response;
  });
  // [/around]

  // [on_error]
  app.on_error<SensorOffline>([](const SensorOffline& error, const Request&) {
    return Response::json(424, to_json_text(json::object{{"detail", error.what()}}));
  });
  // [/on_error]

  // [parameters]
  app.get("/readings", [](Tenant tenant, Query<"unit", std::optional<Unit>> unit,
                          Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit) {
    return json::object{
        {"tenant", tenant.name}, {"unit", unit->has_value() ? enum_name(**unit) : "any"}, {"limit", *limit}};
  });
  app.get("/readings/{id:int}", [](Path<"id", std::int64_t> id) -> Reading {
    throw SensorOffline("No answer from sensor " + std::to_string(*id));
  });
  // [/parameters]

  // [body_limit]
  app.post("/readings", [](Json<std::vector<Reading>> readings) { return readings->size(); },
           {.status = 202, .body_limit_bytes = 8 * 1024 * 1024});
  // [/body_limit]

  // [stream]
  app.get("/ticks", [] {
    return Response::stream(200, "text/plain", [](http::BodyWriter& out) -> Task<> {
      for (int i = 0; i < 3; ++i) {
        co_await out.write("tick\n");  // waits while the reader is slow, throws when it has gone
        co_await sleep_for(std::chrono::milliseconds(10));
      }
    });
  });
  // [/stream]

  // [router]
  Router admin;
  admin.get("/version", [] { return std::string("1.0.0"); });
  app.include(std::move(admin), "/admin");  // GET /admin/version
  // [/router]

  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
