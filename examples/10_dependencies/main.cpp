// What handlers need is made by functions of the app's, found by its type: a page of a list, a tenant, a unit of work
// that is closed again. Asked by a test client, so it ends by itself; with arguments it is a server (--help).
#include <bailey/base/failed.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>

#include <atomic>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

using namespace bailey;
using namespace std::chrono_literals;

// [provide]
struct Page {
  int limit = 20;
  int offset = 0;
};

Page page_of(Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}> limit,
             Query<"offset", int, Number{.default_value = 0, .ge = 0}> offset) {
  return {*limit, *offset};
}
// [/provide]

// [nested]
struct Tenant {
  std::string name;
};

// Stands for a database.
Task<std::string> find_tenant(std::string key) {
  co_await sleep_for(1ms);
  co_return key == "k-1" ? "first" : "";
}

Task<Tenant> tenant_of(Header<"x-key"> key) {
  std::string name = co_await find_tenant(*key);
  if (name.empty()) throw HttpError(403, "No such key");
  co_return Tenant{name};
}
// [/nested]

// [yield]
struct UnitOfWork {
  std::string tenant;
  std::vector<std::string> done;
};

Task<> unit_of_work(const Tenant& tenant, Yield<UnitOfWork> yield) {
  UnitOfWork work{tenant.name, {}};
  co_await yield(work);  // the handler runs meanwhile; what it throws comes out here
  co_await sleep_for(1ms);
  std::cout << "committed " << work.done.size() << " of " << work.tenant << '\n';
}
// [/yield]

void build(App& app) {
  // [register]
  app.provide(page_of);
  app.provide(tenant_of);
  app.provide(unit_of_work);
  app.get("/cards", [](const Page& page, const Tenant& tenant) {
    return tenant.name + ": " + std::to_string(page.limit) + " from " + std::to_string(page.offset);
  });
  app.post("/cards", [](UnitOfWork& work) { work.done.push_back("a card"); });
  // [/register]

  // [shared]
  app.provide(std::make_shared<std::atomic<int>>(0));
  app.get("/visits", [](const std::shared_ptr<std::atomic<int>>& visits) { return ++*visits; });
  // [/shared]

  // [depends]
  Router admin({.prefix = "/admin", .tags = {"admin"}, .dependencies = {depends([](const Tenant& tenant) {
                                                         if (tenant.name != "root")
                                                           throw HttpError(403, "For administrators");
                                                       })}});
  admin.get("/report", [] { return PlainText{"all is well"}; });
  app.include(std::move(admin));
  // [/depends]
}

int main(int argc, char** argv) try {
  App app({.title = "Dependencies", .version = "1.0.0"});
  build(app);
  if (argc > 1) return run(app, argc, argv);

  // [override]
  TestClient client(app, {.headers = {{"x-key", "k-1"}}});
  std::cout << client.get("/cards?limit=5").body << '\n';
  std::cout << client.get("/cards?limit=500").status << '\n';
  std::cout << client.post("/cards", 1).status << '\n';
  std::cout << client.get("/admin/report").status << '\n';
  client.provide([] { return Tenant{"root"}; });  // for this client alone
  std::cout << client.get("/admin/report").body << '\n';
  // [/override]
  std::cout << client.get("/visits").body << '\n';
  return 0;
} catch (const std::exception& error) {
  return failed(error);
}
