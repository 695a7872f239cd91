#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"

namespace bailey::test {
namespace {

class Writing : public OverBothWays {
 protected:
  [[nodiscard]] std::int64_t count() const { return get(nobody().as_service_role().from("test_cards").count()); }
};
BAILEY_OVER_BOTH_WAYS(Writing);

TEST_P(Writing, inserts_a_row_as_its_user_and_gives_it_back) {
  const Card card = get(alice().from("test_cards").insert<Card>(NewCard{"Alice Three", "three@alice.example"}));
  EXPECT_GT(card.id, 3);
  EXPECT_EQ(card.user_id.to_string(), project().alice().id);
  EXPECT_EQ(card.website, "none.example");
  EXPECT_EQ(get(bob().from("test_cards").count()), 1);
}

TEST_P(Writing, inserts_without_giving_anything_back) {
  get(alice().from("test_cards").insert(NewCard{"Quiet", std::nullopt}));
  EXPECT_EQ(count(), 4);
}

TEST_P(Writing, inserts_several_rows) {
  const std::vector<NewCard> cards{{"A", "a@x.example"}, {"B", std::nullopt}};
  const std::vector<Card> written = get(alice().from("test_cards").insert<Card>(cards));
  ASSERT_EQ(written.size(), 2);
  EXPECT_EQ(written[1].full_name, "B");
  EXPECT_TRUE(get(alice().from("test_cards").insert<Card>(std::vector<NewCard>{})).empty());
  EXPECT_EQ(count(), 5);
}

TEST_P(Writing, leaves_out_what_all_rows_leave_out) {
  const std::vector<CardPatch> plain{{.full_name = std::string("A"), .website = {}},
                                     {.full_name = std::string("B"), .website = {}}};
  for (const Card& card : get(alice().from("test_cards").insert<Card>(plain))) EXPECT_EQ(card.website, "none.example");
  const std::vector<CardPatch> mixed{{.full_name = std::string("C"), .website = {}},
                                     {.full_name = std::string("D"), .website = std::string("d.example")}};
  const std::vector<Card> written = get(alice().from("test_cards").insert<Card>(mixed));
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].website, std::nullopt);
  EXPECT_EQ(written[1].website, "d.example");
}

TEST_P(Writing, inserts_json_whose_rows_differ_in_their_keys) {
  const json::array rows{json::object{{"full_name", "A"}, {"website", "a.example"}}, json::object{{"full_name", "B"}}};
  const json::array nulls = get(alice().from("test_cards").insert<json::value>(rows).returning("website"));
  EXPECT_EQ(to_json_text(nulls), R"([{"website":"a.example"},{"website":null}])");
  const json::array defaults =
      get(alice().from("test_cards").insert<json::value>(rows, {.missing_as_default = true}).returning("website"));
  EXPECT_EQ(to_json_text(defaults), R"([{"website":"a.example"},{"website":"none.example"}])");
}

TEST_P(Writing, inserts_an_object) {
  const json::value row =
      get(alice().from("test_cards").insert<json::value>(json::object{{"full_name", "It's \"quoted\""}}));
  EXPECT_EQ(row.at("full_name").as_string(), "It's \"quoted\"");
}

TEST_P(Writing, upserts_by_the_columns_named) {
  const NewCard again{"Alice Renamed", "one@alice.example"};
  const Card card = get(alice().from("test_cards").upsert<Card>(again, {.on_conflict = "email"}));
  EXPECT_EQ(card.id, 1);
  EXPECT_EQ(card.full_name, "Alice Renamed");
  const std::vector<NewCard> ignored{{"Not This", "one@alice.example"}, {"New", "new@alice.example"}};
  const auto written =
      get(alice().from("test_cards").upsert<Card>(ignored, {.on_conflict = "email", .ignore_duplicates = true}));
  ASSERT_EQ(written.size(), 1);
  EXPECT_EQ(written[0].full_name, "New");
  EXPECT_EQ(count(), 4);
}

TEST_P(Writing, updates_what_the_filter_chooses) {
  CardPatch patch;
  patch.full_name = std::string("Changed");
  const auto changed = get(alice().from("test_cards").update<Card>(patch).eq("id", 2));
  ASSERT_EQ(changed.size(), 1);
  EXPECT_EQ(changed[0].full_name, "Changed");
  EXPECT_EQ(changed[0].website, "none.example");
  patch.website = std::nullopt;
  EXPECT_EQ(get(alice().from("test_cards").update<Card>(patch).eq("id", 2).single()).website, std::nullopt);
}

TEST_P(Writing, updates_and_deletes_nothing_of_another_user) {
  CardPatch patch;
  patch.full_name = std::string("Stolen");
  EXPECT_TRUE(get(alice().from("test_cards").update<Card>(patch).eq("id", 3)).empty());
  EXPECT_TRUE(get(alice().from("test_cards").delete_<Card>().eq("id", 3)).empty());
  get(alice().from("test_cards").delete_().not_().is("id", nullptr));
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(get(bob().from("test_cards").select<Card>().single()).full_name, "Bob One");
}

TEST_P(Writing, deletes_and_gives_back_what_was_deleted) {
  EXPECT_EQ(get(alice().from("test_cards").delete_<Card>().eq("id", 1).single()).full_name, "Alice One");
  EXPECT_EQ(get(alice().from("test_cards").delete_<Card>().eq("id", 1).maybe_single()), std::nullopt);
  EXPECT_EQ(to_json_text(get(alice().from("test_cards").delete_<json::value>().eq("id", 2).returning("id"))),
            R"([{"id":2}])");
}

TEST_P(Writing, of_more_rows_than_allowed_changes_nothing) {
  CardPatch patch;
  patch.full_name = std::string("Too Many");
  EXPECT_EQ(error_of(alice().from("test_cards").update<Card>(patch).gt("id", 0).max_affected(1)).code(), "PGRST124");
  EXPECT_EQ(error_of(alice().from("test_cards").update<Card>(patch).gt("id", 0).maybe_single()).code(), "PGRST124");
  EXPECT_EQ(error_of(alice().from("test_cards").update<Card>(patch).gt("id", 0).single()).code(), "PGRST116");
  EXPECT_EQ(error_of(alice().from("test_cards").delete_().gt("id", 0).max_affected(1)).code(), "PGRST124");
  EXPECT_EQ(get(nobody().as_service_role().from("test_cards").count().eq("full_name", "Too Many")), 0);
  EXPECT_EQ(count(), 3);
}

TEST_P(Writing, of_all_rows_is_refused_as_hosted_supabase_does) {
  CardPatch patch;
  patch.full_name = std::string("Everybody");
  for (const auto& error : {error_of(nobody().as_service_role().from("test_cards").delete_().all_rows()),
                            error_of(nobody().as_service_role().from("test_cards").update(patch).all_rows()),
                            error_of(alice().from("test_cards").update<Card>(patch).all_rows().single())}) {
    EXPECT_EQ(error.code(), "21000");
    EXPECT_EQ(error.http_status(), 400);
    EXPECT_TRUE(error.message().ends_with(" requires a WHERE clause")) << error.message();
  }
  EXPECT_EQ(count(), 3);
}

}  // namespace
}  // namespace bailey::test
