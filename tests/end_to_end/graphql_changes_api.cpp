// Rows changed in PostgreSQL as a subscription: whoever may read a card hears of it.
#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>
#include <bailey/pg/notifications.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

using namespace bailey;
using graphql::Emit;

namespace {

struct BusinessCard {
  std::int64_t id;
  std::string full_name;
};

// [change]
struct CardChange {
  std::string op;  // INSERT, UPDATE, DELETE
  std::int64_t id;
};
// [/change]

graphql::Schema schema() {
  graphql::Schema schema({.auto_camel_case = false});
  schema.query("hello", [] { return std::string("world"); });
  // [subscription]
  schema.subscription(
      "card_changed", [](Supabase supabase, pg::Notifications& changes, Emit<BusinessCard> emit) -> Task<> {
        const auto heard = co_await changes.subscribe("cards_changed");
        for (;;) {
          const auto change = decode_json<CardChange>(co_await heard.next()).value();
          // Read as who has subscribed: row-level security decides whether there is anything to tell.
          const auto card =
              co_await supabase.from("business_cards").select<BusinessCard>().eq("id", change.id).maybe_single();
          if (card) co_await emit(*card);
        }
      });
  // [/subscription]
  return schema;
}

}  // namespace

int main(int argc, char** argv) try {
  const Supabase supabase = Supabase::from_env();
  // [notifications]
  pg::Options options;
  options.connection_string = *env::required_secret("DATABASE_URL");
  pg::Notifications changes(pg::Database(std::move(options)), {"cards_changed"});
  App app;
  app.provide(std::ref(changes));
  app.lifespan([](pg::Notifications& all, Yield<> serving) -> Task<> { co_await all.run_while(serving()); });
  // [/notifications]
  app.use(authenticate(supabase, {.first_message_timeout = std::chrono::seconds(10)}));
  app.graphql("/graphql", schema());
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
