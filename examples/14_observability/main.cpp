// What whoever operates an app needs to see: a line for each request, metrics, whether it can work, errors they can
// look up. A server (--help); it needs SCRAPE_TOKEN, any text.
#include <bailey/base/failed.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/model/settings.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>

using namespace bailey;
using namespace std::chrono_literals;

// Stands for a connection to something that may be away.
class Warehouse {
 public:
  [[nodiscard]] Task<bool> answers() const {
    co_await sleep_for(1ms);
    co_return is_there_.load();
  }
  void set(bool is_there) noexcept { is_there_ = is_there; }

 private:
  std::atomic<bool> is_there_ = true;
};

struct Settings {
  Secret scrape_token;
};

int main(int argc, char** argv) try {
  Warehouse warehouse;

  // [app]
  const auto settings = load_settings<Settings>();  // SCRAPE_TOKEN
  App app({.title = "Orders",
           .version = "1.0.0",
           .metrics_path = "/metrics",
           .metrics_guard = scrape_token(settings.scrape_token),
           .error_format = ErrorFormat::problem});
  app.use(access_log({.format = AccessLogOptions::Format::json}));
  // [/app]
  app.provide(std::ref(warehouse));

  // [ready]
  app.ready("warehouse", [](const Warehouse& asked) -> Task<bool> { return asked.answers(); }, {.timeout = 500ms});
  // [/ready]

  // [count]
  const auto made = app.metrics().counter("orders_made_total", "Orders that were made");
  const auto items = app.metrics().histogram("order_items", "Items of an order", {1, 2, 5, 10, 100});
  app.post("/orders/{items}", [made, items](Path<"items", int> count) {
    if (*count < 1) throw HttpError(409, "An order has an item at least");
    made.add();
    items.observe(*count);
  });
  // [/count]

  // [status]
  app.on_status(404, [](const Request&, Response usual) {
    usual.headers.set("X-Hint", "See /docs");
    return usual;
  });
  // [/status]

  app.put("/warehouse/{state}", [](Warehouse& changed, Path<"state"> state) { changed.set(*state == "open"); });
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
