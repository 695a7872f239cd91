#include "library.hpp"

using namespace bailey;

namespace {

struct Loan {
  std::string book;
  int days = 14;

  static constexpr auto rules() { return fields(field<&Loan::days>(defaulted, ge(1), le(28))); }
};

Time now() {
  const auto since_midnight = std::chrono::system_clock::now().time_since_epoch() % std::chrono::hours(24);
  return {static_cast<int>(std::chrono::duration_cast<std::chrono::hours>(since_midnight).count())};
}

}  // namespace

void build(App& app) {
  app.provide(now);
  app.get("/open", [](const Time& time) { return time.hour >= 9 && time.hour < 17; });
  app.post("/loans", [](Json<Loan> loan) { return Created(*loan); });
}
