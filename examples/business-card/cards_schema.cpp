// What main.cpp does over REST, over GraphQL: everybody their own cards, and only the columns that somebody asks for.
#include "card.hpp"
#include "schemas.hpp"

#include <bailey/bailey.hpp>
#include <bailey/graphql/graphql.hpp>

#include <variant>

using graphql::Arg;
using graphql::Info;

namespace {

// A row of which only some columns have been read.
struct BusinessCard {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;

  static constexpr auto rules() {
    return fields(field<&BusinessCard::id>(defaulted), field<&BusinessCard::user_id>(defaulted),
                  field<&BusinessCard::full_name>(defaulted), field<&BusinessCard::email>(defaulted));
  }
};

struct BusinessCardDeleted {
  std::int64_t id;
};
struct BusinessCardNotFound {
  std::int64_t id;
  std::string message = "There is no such card";
};
struct NotAuthorised {
  std::string message = "You may do that with cards of your own only";
};

using CreateResult = std::variant<BusinessCard, NotAuthorised>;
using UpdateResult = std::variant<BusinessCard, BusinessCardNotFound, NotAuthorised>;
using DeleteResult = std::variant<BusinessCardDeleted, BusinessCardNotFound, NotAuthorised>;

}  // namespace

namespace {

// As a select list: "id,full_name".
std::string columns(const Info& info) {
  std::string list = "id";
  for (const std::string_view column : info.selected_members<BusinessCard>())
    if (column != "id") list.append(",").append(column);
  return list;
}

// What the database's policies do not allow is an answer, not an error.
bool is_policy(const PostgrestError& error) { return error.code() == "42501"; }

}  // namespace

graphql::Schema cards_schema() {
  graphql::Schema schema({.auto_camel_case = false, .description = "The business cards of who asks."});
  schema.name_union<CreateResult>("CreateBusinessCardResult");
  schema.name_union<UpdateResult>("UpdateBusinessCardResult");
  schema.name_union<DeleteResult>("DeleteBusinessCardResult");
  schema.input<NewCard>().rename("NewBusinessCard");
  schema.input<CardPatch>().rename("BusinessCardPatch");

  schema.query("business_cards", [](Supabase supabase, const Info& info) -> Task<std::vector<BusinessCard>> {
    co_return co_await supabase.from("business_cards").select<BusinessCard>(columns(info)).order("id");
  });

  schema.query(
      "business_card",
      [](Supabase supabase, Arg<"id", std::int64_t> id, const Info& info) -> Task<std::optional<BusinessCard>> {
        co_return co_await supabase.from("business_cards")
            .select<BusinessCard>(columns(info))
            .eq("id", *id)
            .maybe_single();
      });

  schema.mutation("create_business_card", [](Supabase supabase, Arg<"card", NewCard> card) -> Task<CreateResult> {
    auto created = co_await supabase.from("business_cards").insert<BusinessCard>(*card).try_execute();
    if (created) co_return std::move(*created);
    if (is_policy(created.error())) co_return NotAuthorised();
    throw created.error();
  });

  schema.mutation(
      "update_business_card",
      [](Supabase supabase, Arg<"id", std::int64_t> id, Arg<"patch", CardPatch> patch) -> Task<UpdateResult> {
        auto updated = co_await supabase.from("business_cards")
                           .update<BusinessCard>(*patch)
                           .eq("id", *id)
                           .maybe_single()
                           .try_execute();
        if (!updated && is_policy(updated.error())) co_return NotAuthorised();
        if (!updated) throw updated.error();
        if (!*updated) co_return BusinessCardNotFound(*id);
        co_return std::move(**updated);
      });

  schema.mutation("delete_business_card", [](Supabase supabase, Arg<"id", std::int64_t> id) -> Task<DeleteResult> {
    auto deleted =
        co_await supabase.from("business_cards").delete_<BusinessCard>().eq("id", *id).maybe_single().try_execute();
    if (!deleted && is_policy(deleted.error())) co_return NotAuthorised();
    if (!deleted) throw deleted.error();
    if (!*deleted) co_return BusinessCardNotFound(*id);
    co_return BusinessCardDeleted(*id);
  });
  return schema;
}
