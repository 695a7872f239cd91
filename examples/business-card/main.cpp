// Business cards: everybody sees and changes their own, and nobody else's. Who is who is decided by the guard, whose
// rows are whose by row-level security in the database (supabase/migrations); the code between them cannot mix it up.
#include <bailey/bailey.hpp>

using namespace bailey;

// [model]
struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;
};

struct NewCard {
  Maybe<Uuid> user_id;  // left out: the caller's own. Another's is refused by the policy (403).
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;
};

// [/model]

struct CardPatch {  // what is left out stays as it is, null clears what may be empty
  Maybe<std::string> full_name;
  Maybe<std::string> job_title;
  Maybe<std::string> email;
  Maybe<std::string> phone_number;
  Maybe<std::string> website;
};

// [rules]
template <>
constexpr auto bailey::rules<NewCard> =
    fields(field<&NewCard::full_name>(min_length(1), max_length(120)), field<&NewCard::email>(format::email));
template <>
constexpr auto bailey::rules<CardPatch> =
    fields(field<&CardPatch::full_name>(not_null, min_length(1), max_length(120)),
           field<&CardPatch::email>(not_null, format::email), min_members(1), forbid_extra());
// [/rules]

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
  app.use(authenticate(supabase));  // 401 unless the bearer token is valid; OPTIONS passes

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

  app.run();  // /health comes with it
} catch (const std::exception& error) {
  return failed(error);  // a setting that is missing, a port in use: one sentence, exit status 1
}
// [/program]
