// Business cards: everybody sees and changes their own, and nobody else's. Who is who is decided by the guard, whose
// rows are whose by row-level security in the database (supabase/migrations); the code between them cannot mix it up.
#include "card.hpp"
#include "schemas.hpp"

#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>

#include <chrono>

using namespace bailey;

struct Me {
  Uuid user_id;
};

// [program]
int main() try {
  const auto supabase = Supabase::from_env();  // SUPABASE_URL, SUPABASE_ANON_KEY; DATABASE_URL for the direct path
  App app{{.title = "Business cards", .version = "1.0.0"}};

  app.use(access_log());
  app.use(cors({.allow_origins = {env::get("FRONTEND_ORIGIN").value_or("http://localhost:5173")},
                .allow_methods = {"*"},
                .allow_headers = {"Authorization"}}));
  // 401 unless the bearer token is valid; OPTIONS passes. A WebSocket may bring it in its first message.
  app.use(authenticate(supabase, {.first_message_timeout = std::chrono::seconds(10)}));

  // [guarded]
  app.get("/me", [](const Request& request) { return Me{request.state().user_id()}; });

  app.get("/cards", [](User user) -> Task<std::vector<Card>> {
    co_return co_await user.supabase().from("business_cards").select<Card>().order("id");
  });
  // [/guarded]

  app.post("/cards", [](User user, Json<NewCard> card) -> Task<Created<Card>> {
    co_return co_await user.supabase().from("business_cards").insert<Card>(*card);
  });

  // [errors]
  app.patch("/cards/{id}", [](User user, Path<"id", std::int64_t> id, Json<CardPatch> patch) -> Task<Card> {
    auto card = co_await user.supabase().from("business_cards").update<Card>(*patch).eq("id", *id).maybe_single();
    if (!card) throw HttpError(404, "Card not found");
    co_return *card;
  });
  // [/errors]

  app.delete_("/cards/{id}", [](User user, Path<"id", std::int64_t> id) -> Task<NoContent> {
    auto card = co_await user.supabase().from("business_cards").delete_<Card>().eq("id", *id).maybe_single();
    if (!card) throw HttpError(404, "Card not found");
    co_return NoContent{};
  });

  app.graphql("/graphql", cards_schema());  // behind the guard, as every route
  app.graphql("/publicgraphql", public_schema(supabase), {.route = {.in_schema = false, .guard = open_to_all()}});

  app.run();  // /health comes with it
} catch (const std::exception& error) {
  return failed(error);  // a setting that is missing, a port in use: one sentence, exit status 1
}
// [/program]
