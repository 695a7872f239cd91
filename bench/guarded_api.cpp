// The example's two reading endpoints without its access log, on as many loops as the first argument says: what the
// benchmarks compare with the bare loop, which logs nothing either.
#include <bailey/bailey.hpp>

#include <cstdlib>

using namespace bailey;

namespace {

struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;
};

struct Me {
  Uuid user_id;
};

}  // namespace

int main(int count, char** arguments) {
  const auto supabase = Supabase::from_env();
  App app{{.title = "Benchmark", .threads = count > 1 ? static_cast<unsigned>(std::atoi(arguments[1])) : 1U}};
  app.use(authenticate(supabase));
  app.get("/me", [](const Request& request) { return Me{request.state().user_id()}; });
  app.get("/cards", [](User user) -> Task<std::vector<Card>> {
    co_return co_await user.supabase().from("business_cards").select<Card>().order("id");
  });
  app.run();
}
