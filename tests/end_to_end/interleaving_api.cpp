// An API whose handler gives the loop away between every two steps, so that requests of different users interleave in
// every order there is. What comes back must still be the asking user's own.
#include <bailey/bailey.hpp>

#include <boost/asio/post.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace bailey;

namespace {

struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
};

// Lets other requests run: always once, sometimes several times, now and then for a millisecond or two.
Task<> give_way() {
  thread_local std::minstd_rand dice{std::random_device{}()};
  const unsigned thrown = dice() % 16;
  for (unsigned turn = 0; turn <= thrown % 4; ++turn) co_await boost::asio::post(Loop::current().executor(), use_task);
  if (thrown == 0) co_await sleep_for(std::chrono::milliseconds(2));
}

Task<std::vector<Card>> cards_of(User user) {
  co_await give_way();
  const Supabase& supabase = user.supabase();
  co_await give_way();
  auto query = supabase.from("business_cards").select<Card>().order("id");
  co_await give_way();
  std::vector<Card> cards = co_await std::move(query);
  co_await give_way();
  co_return cards;
}

}  // namespace

int main() {
  const Supabase supabase = Supabase::from_env();
  App app{{.title = "Interleaving", .version = "1.0.0"}};
  app.use(authenticate(supabase));
  app.get("/cards", cards_of);
  app.run();
}
