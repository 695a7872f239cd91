#include "schemas.hpp"

#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>

using namespace bailey;
using graphql::Arg;

namespace {

struct CardTotals {
  std::int64_t cards;
};

}  // namespace

graphql::Schema public_schema(Supabase supabase) {
  graphql::Schema schema({.description = "What everybody may know."});

  schema.query("hello", [](Arg<"name", std::string, Text{.default_value = "world", .max_length = 100}> name) {
    return "Hello " + *name;
  });
  schema.query("api_version", [] { return std::string("1.0.0"); }, {.description = "As GET /openapi.json says it."});
  // A view that shows a number and no card: see the migration.
  schema.query("card_count", [supabase = std::move(supabase)]() -> Task<std::int64_t> {
    const CardTotals totals = co_await supabase.from("business_card_totals").select<CardTotals>().single();
    co_return totals.cards;
  });
  return schema;
}
