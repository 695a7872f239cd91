#include "tests/supabase/models.hpp"
#include "tests/supabase/test_project.hpp"

namespace bailey::test {
namespace {

class Reading : public OverBothWays {};
BAILEY_OVER_BOTH_WAYS(Reading);

struct Value {
  int id;
  std::optional<std::string> name;
  std::optional<double> amount;
  std::optional<double> ratio;
  std::optional<bool> done;
  std::vector<std::string> tags;
  std::optional<json::value> meta;
  std::optional<std::chrono::sys_time<std::chrono::microseconds>> at;
  std::optional<std::string> born;
};

TEST_P(Reading, gives_the_users_own_rows_as_their_type) {
  const auto cards = get(alice().from("test_cards").select<Card>().order("id"));
  ASSERT_EQ(cards.size(), 2);
  EXPECT_EQ(cards[0].id, 1);
  EXPECT_EQ(cards[0].user_id.to_string(), project().alice().id);
  EXPECT_EQ(cards[0].full_name, "Alice One");
  EXPECT_EQ(cards[0].email, "one@alice.example");
  EXPECT_EQ(cards[1].full_name, "Alice Two");
}

TEST_P(Reading, gives_nobody_nothing) { EXPECT_TRUE(get(nobody().from("test_cards").select<Card>()).empty()); }

TEST_P(Reading, gives_the_service_role_everything) {
  EXPECT_EQ(get(nobody().as_service_role().from("test_cards").select<Card>()).size(), 3);
}

TEST(ReadingDirectly, gives_no_more_rows_than_the_project_does_over_http) {
  TestProject::shared().reset();
  SupabaseOptions options = TestProject::shared().direct_options();
  EXPECT_EQ(options.max_rows, 1000);
  options.max_rows = 2;
  const Supabase few(options);
  EXPECT_EQ(get(few.from("test_values").select<Value>()).size(), 2);
  EXPECT_EQ(get(few.from("test_values").select<Value>().limit(3)).size(), 2);
  options.max_rows = std::nullopt;
  EXPECT_EQ(get(Supabase(options).from("test_values").select<Value>()).size(), 4);
}

TEST_P(Reading, carries_every_kind_of_value) {
  const auto values = get(nobody().from("test_values").select<Value>().order("id"));
  ASSERT_EQ(values.size(), 4);
  EXPECT_EQ(values[0].amount, 1.5);
  EXPECT_EQ(values[0].ratio, 0.1);
  EXPECT_EQ(values[0].done, true);
  EXPECT_EQ(values[0].meta->at("list").at(1).to_number<int>(), 20);
  EXPECT_EQ(values[0].born, "2000-01-01");
  EXPECT_EQ(values[1].name, R"(be,ta "q" \ (x))");
  EXPECT_EQ(values[1].tags, (std::vector<std::string>{"c,d", "e\"f", "g\\h"}));
  EXPECT_EQ(values[1].at->time_since_epoch(),
            (std::chrono::sys_days(std::chrono::year(2026) / 6 / 1) + std::chrono::hours(12) +
             std::chrono::minutes(30) + std::chrono::milliseconds(15'250))
                .time_since_epoch());
  EXPECT_EQ(values[2].amount, std::nullopt);
  EXPECT_EQ(values[2].meta, std::nullopt);
}

TEST_P(Reading, without_a_type_gives_json) {
  const json::array rows = get(alice().from("test_cards").select("id,label:full_name").order("id"));
  EXPECT_EQ(to_json_text(rows), R"([{"id":1,"label":"Alice One"},{"id":2,"label":"Alice Two"}])");
  const json::value row = get(alice().from("test_cards").select("full_name").eq("id", 2).single());
  EXPECT_EQ(to_json_text(row), R"({"full_name":"Alice Two"})");
}

TEST_P(Reading, reaches_into_json) {
  const json::array rows = get(nobody().from("test_values").select("id,meta->>kind,meta->list->0").eq("id", 1));
  EXPECT_EQ(rows.at(0).at("kind").as_string(), "x");
}

TEST_P(Reading, orders_and_pages) {
  const auto ids = [&](auto&& request) {
    std::vector<int> found;
    for (const ValueId& value : get(std::move(request))) found.push_back(value.id);
    return found;
  };
  const auto values = nobody().from("test_values");
  using Ids = std::vector<int>;
  EXPECT_EQ(ids(values.select<ValueId>().order("id", {.descending = true}).limit(2)), (Ids{4, 3}));
  EXPECT_EQ(ids(values.select<ValueId>().order("id").offset(3)), (Ids{4}));
  EXPECT_EQ(ids(values.select<ValueId>().order("id").range(1, 2)), (Ids{2, 3}));
  EXPECT_EQ(ids(values.select<ValueId>().order("id").limit(0)), (Ids{}));
  EXPECT_EQ(ids(values.select<ValueId>().order("amount", {.nulls_first = true})), (Ids{3, 1, 2, 4}));
  EXPECT_EQ(ids(values.select<ValueId>().order("amount", {.descending = true, .nulls_first = false})),
            (Ids{4, 2, 1, 3}));
  EXPECT_EQ(ids(values.select<ValueId>().order("done").order("id", {.descending = true})), (Ids{2, 4, 1, 3}));
}

TEST_P(Reading, counts) {
  EXPECT_EQ(get(nobody().from("test_values").count()), 4);
  EXPECT_EQ(get(nobody().from("test_values").count().gt("id", 2)), 2);
  EXPECT_EQ(get(nobody().from("test_values").count().gt("id", 9)), 0);
  EXPECT_EQ(get(alice().from("test_cards").count()), 2);
  const auto page = get(nobody().from("test_values").select<ValueId>().order("id").limit(1).page());
  EXPECT_EQ(page.rows.size(), 1);
  EXPECT_EQ(page.count, 4);
}

TEST_P(Reading, of_one_row_insists_on_one) {
  EXPECT_EQ(get(alice().from("test_cards").select<Card>().eq("id", 2).single()).full_name, "Alice Two");
  EXPECT_EQ(get(alice().from("test_cards").select<Card>().eq("id", 2).maybe_single())->full_name, "Alice Two");
  EXPECT_EQ(get(alice().from("test_cards").select<Card>().eq("id", 3).maybe_single()), std::nullopt);
  for (const PostgrestError& error : {error_of(alice().from("test_cards").select<Card>().eq("id", 3).single()),
                                      error_of(alice().from("test_cards").select<Card>().single()),
                                      error_of(alice().from("test_cards").select<Card>().maybe_single())}) {
    EXPECT_EQ(error.code(), "PGRST116");
    EXPECT_EQ(error.http_status(), 406);
  }
}

TEST_P(Reading, can_give_csv) {
  EXPECT_EQ(get(nobody().from("test_values").select<json::value>("id,name").eq("id", 1).csv()), "id,name\n1,alpha");
}

TEST_P(Reading, of_a_type_that_does_not_fit_says_where) {
  struct Wrong {
    int id;
    bool name;
  };
  const PostgrestError error = error_of(nobody().from("test_values").select<Wrong>().eq("id", 1));
  EXPECT_EQ(error.code(), "row_mismatch");
  EXPECT_NE(error.details().find("name"), std::string::npos) << error.details();
}

TEST_P(Reading, works_from_a_coroutine_as_a_user_writes_it) {
  const auto names = [](Supabase supabase) -> Task<std::vector<std::string>> {
    std::vector<std::string> found;
    for (const Card& card : co_await supabase.from("test_cards").select<Card>().order("id"))
      found.push_back(card.full_name);
    auto request = supabase.from("test_cards").select<Card>();
    request.eq("id", 1);
    const auto named = co_await std::move(request);
    found.push_back(named.at(0).full_name);
    co_return found;
  };
  EXPECT_EQ(run_blocking(names(alice())), (std::vector<std::string>{"Alice One", "Alice Two", "Alice One"}));
}

TEST_P(Reading, a_column_that_has_got_another_type_is_asked_as_it_is_now) {
  const std::string at = "2024-01-01T14:00:00+02:00";
  const std::string start = "drop table if exists public.test_typed; create table public.test_typed (";
  const std::string granted = "); grant all on public.test_typed to anon, authenticated, service_role; ";
  const Supabase supabase = nobody();
  project().execute(start + "at timestamp, n int" + granted + "notify pgrst, 'reload schema'");
  for (int attempt = 0; attempt < 200; ++attempt)  // until the project has heard of the table
    if (run_blocking(supabase.from("test_typed").select("n").try_execute())) break;
  EXPECT_EQ(get(supabase.from("test_typed").select("n").eq("at", at)).size(), 0);
  EXPECT_EQ(get(supabase.from("test_typed").select("n").eq("n", 7)).size(), 0);
  project().execute(
      "alter table public.test_typed alter at type timestamptz using at at time zone 'utc', "
      "alter n type bigint; insert into public.test_typed values ('" +
      at + "', 3000000000)");
  EXPECT_EQ(get(supabase.from("test_typed").select("n").eq("at", at)).size(), 1);
  EXPECT_EQ(get(supabase.from("test_typed").select("n").eq("n", 3'000'000'000)).size(), 1);
  project().execute(start + "at text, n uuid" + granted);
  EXPECT_EQ(get(supabase.from("test_typed").select("n").eq("n", project().alice().id)).size(), 0);
  project().execute("drop table public.test_typed");
}

TEST_P(Reading, a_single_column_is_read_as_a_plain_value) {
  const Supabase supabase = nobody();
  const auto values = [&] { return supabase.from("test_values"); };
  EXPECT_EQ(get(values().select<std::string>("name").eq("id", 1).single()), "alpha");
  EXPECT_EQ(get(values().select<int>("id").order("id")), (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(get(values().select<std::int64_t>("id").eq("id", 1).single()), 1);
  EXPECT_EQ(get(values().select<std::optional<double>>("amount").order("id").limit(3)),
            (std::vector<std::optional<double>>{1.5, 2.0, std::nullopt}));
  EXPECT_EQ(get(values().select<std::vector<std::string>>("tags").eq("id", 1).single()),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(get(values().select<std::string>("kind:meta->>kind").eq("id", 1).maybe_single()), "x");
  EXPECT_EQ(get(values().select<std::string>("name").eq("id", 99).maybe_single()), std::nullopt);
  const std::optional<std::optional<bool>> there =
      get(values().select<std::optional<bool>>("done").eq("id", 3).maybe_single());
  EXPECT_TRUE(there.has_value() && !there->has_value());  // a row, and null in it
  const Page<int> page = get(values().select<int>("id").order("id").limit(2).page());
  EXPECT_EQ(page.rows, (std::vector{1, 2}));
  EXPECT_EQ(page.count, 4);
  EXPECT_EQ(get(values().select<int>("id").eq("id", 1).csv()), "id\n1");
  EXPECT_EQ(get(alice().from("test_cards").select<Uuid>("user_id").limit(1).single()).to_string(),
            project().alice().id);

  const PostgrestError unfit = error_of(values().select<int>("name").order("id"));
  EXPECT_EQ(unfit.code(), "row_mismatch");
  EXPECT_TRUE(unfit.details().contains("0.name")) << unfit.details();
  EXPECT_EQ(error_of(values().select<bool>("done").eq("id", 3).single()).code(), "row_mismatch");  // null is no bool
}

}  // namespace
}  // namespace bailey::test
