// What the builder makes, without sending it.
#include <bailey/base/log.hpp>
#include <bailey/query/print.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/supabase/supabase.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <type_traits>

namespace bailey {
namespace {

struct Card {
  std::int64_t id;
  std::string full_name;
  std::optional<std::string> website;
};
struct NewCard {
  std::string full_name;
  std::optional<std::string> website;
};
struct CardPatch {
  Maybe<std::string> full_name;
  Maybe<std::string> website;
};

Supabase project() {
  SupabaseOptions options;
  options.url = "http://127.0.0.1:1";
  options.anon_key = Secret("anon-key");
  options.service_role_key = Secret("service-key");
  return Supabase(std::move(options));
}

template <class R>
const query::ApiRequest& request_of(Pending<R>& request) {
  return client_detail::Access::call(request).request;
}
// The URL with its escapes undone, to be read by people.
template <class R>
std::string url_of(Pending<R>&& request) {
  const std::string url = query::print_url(request_of(request));
  std::string text;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] != '%') {
      text += url[i];
      continue;
    }
    text += static_cast<char>(std::stoi(url.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return text;
}
template <class R>
std::string headers_of(Pending<R>&& request) {
  std::string text;
  for (const auto& [name, value] : query::print(request_of(request)).headers)
    if (name == "Prefer" || name == "Accept") text.append(name).append(": ").append(value).append("\n");
  return text;
}
template <class R>
std::string payload_of(Pending<R>&& request) {
  return request_of(request).payload;
}

TEST(Select, asks_for_the_members_of_the_row_type) {
  EXPECT_EQ(url_of(project().from("cards").select<Card>()), "/cards?select=id,full_name,website");
}

TEST(Select, asks_for_the_columns_given_instead) {
  EXPECT_EQ(url_of(project().from("cards").select<Card>("id, label:full_name,data->>kind")),
            "/cards?select=id,label:full_name,data->>kind");
  EXPECT_THROW((void)project().from("cards").select<Card>("id,,("), PostgrestError);
}

TEST(Select, takes_filters_order_and_range) {
  EXPECT_EQ(url_of(project()
                       .from("cards")
                       .select("id")
                       .gt("id", 5)
                       .not_()
                       .like("full_name", "a*")
                       .or_({where::eq("id", 1), where::is("website", nullptr)})
                       .order("full_name", {.descending = true, .nulls_first = false})
                       .order("id")
                       .range(10, 19)),
            "/cards?select=id&id=gt.5&full_name=not.like.a*&or=(id.eq.1,website.is.null)"
            "&order=full_name.desc.nullslast,id.asc&limit=10&offset=10");
}

TEST(Select, can_be_refined_step_by_step) {
  auto request = project().from("cards").select("id");
  request.eq("id", 1);
  request.limit(3).offset(4);
  EXPECT_EQ(url_of(std::move(request)), "/cards?select=id&id=eq.1&limit=3&offset=4");
}

TEST(Select, that_is_temporary_is_handed_on_whole_by_what_refines_it) {
  auto&& request =
      project().from("cards").select("id").eq("id", 1).order("id").limit(3);  // no reference to what is gone
  static_assert(std::is_same_v<decltype(request), Select<json::value>&&>);
  EXPECT_EQ(url_of(std::move(request)), "/cards?select=id&id=eq.1&order=id.asc&limit=3");
}

TEST(Change, can_be_refined_step_by_step_from_its_first_filter_on) {
  auto request = project().from("cards").delete_().eq("id", 1);
  request.neq("full_name", "Ada");
  EXPECT_EQ(url_of(std::move(request)), "/cards?id=eq.1&full_name=neq.Ada");
}

TEST(Change, cannot_be_made_twice_of_one_delete) {
  auto unfiltered = project().from("cards").delete_();
  [[maybe_unused]] const auto request = std::move(unfiltered).eq("id", 1);
  EXPECT_THROW((void)std::move(unfiltered).all_rows(), PostgrestError);   // NOLINT(bugprone-use-after-move)
  EXPECT_THROW((void)std::move(unfiltered).eq("id", 2), PostgrestError);  // NOLINT(bugprone-use-after-move)
  EXPECT_THROW((void)std::move(unfiltered).not_(), PostgrestError);       // NOLINT(bugprone-use-after-move)
}

// The lines that are logged while `work` runs.
std::string logged_by(const std::function<void()>& work) {
  std::string lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  work();
  log::set_sink({});
  return lines;
}

TEST(Select, of_a_single_value_asks_for_one_column_by_name) {
  const Relation cards = project().from("cards");
  EXPECT_EQ(url_of(cards.select<std::string>("full_name").eq("id", 1)), "/cards?select=full_name&id=eq.1");
  for (const std::string_view columns : {"id,full_name", "*", ""}) {
    try {
      (void)cards.select<std::string>(columns);
      ADD_FAILURE() << columns;
    } catch (const PostgrestError& error) {
      EXPECT_EQ(error.code(), "misuse") << columns;
    }
  }
}

std::string details_of(const std::function<void()>& take) {
  try {
    take();
  } catch (const PostgrestError& error) {
    EXPECT_EQ(error.code(), "row_mismatch");
    return error.details();
  }
  return "taken";
}

TEST(Answer, of_one_column_gives_its_values) {
  using namespace client_detail;
  const auto reply = [](std::string body) { return Reply{std::move(body), 7}; };
  EXPECT_EQ(ScalarTaker<std::string>::take(reply(R"({"name":"Ada"})")), "Ada");
  EXPECT_EQ(ScalarListTaker<int>::take(reply(R"([{"id":1},{"id":2}])")), (std::vector{1, 2}));
  EXPECT_EQ(ScalarTaker<std::vector<std::string>>::take(reply(R"({"tags":["a","b"]})")).size(), 2U);
  EXPECT_EQ(ScalarTaker<std::optional<int>>::take(reply(R"({"id":null})")), std::nullopt);
  EXPECT_EQ(OptionalScalarTaker<std::string>::take(reply("[]")), std::nullopt);
  EXPECT_EQ(OptionalScalarTaker<std::string>::take(reply(R"([{"name":"Ada"}])")), "Ada");
  EXPECT_THROW((void)OptionalScalarTaker<int>::take(reply(R"([{"id":1},{"id":2}])")), PostgrestError);
  EXPECT_EQ(ScalarPageTaker<int>::take(reply(R"([{"id":1}])")).count, 7);
  EXPECT_TRUE(
      details_of([&] { (void)ScalarListTaker<int>::take(reply(R"([{"id":1},{"id":"x"}])")); }).starts_with("1.id: "));
  EXPECT_TRUE(details_of([&] { (void)ScalarTaker<bool>::take(reply(R"({"done":null})")); }).starts_with("done: "));
  for (const std::string body : {"[1]", R"([{"a":1,"b":2}])", "[{}]", "{}", "nonsense"})
    EXPECT_NE(details_of([&] { (void)ScalarListTaker<int>::take(reply(body)); }), "taken") << body;
}

TEST(Request, that_is_never_awaited_is_logged) {
  const std::string never = "never awaited";
  EXPECT_TRUE(logged_by([] {
                auto request = project().from("cards").delete_();
                auto filtered = std::move(request).eq("id", 7);
                filtered.neq("id", 8);
              }).contains("never awaited, so it was not sent kind=delete relation=cards"));
  EXPECT_TRUE(logged_by([] { (void)project().from("cards").update(CardPatch{}); }).contains(never));
  EXPECT_TRUE(logged_by([] { const Task<json::array> task = project().from("cards").select(); }).contains(never));
}

TEST(Request, that_was_awaited_or_given_up_by_an_exception_is_not_logged) {
  EXPECT_EQ(logged_by([] {
              EXPECT_FALSE(run_blocking(project().from("cards").select().single().try_execute()).has_value());
            }),
            "");
  EXPECT_EQ(
      logged_by([] { EXPECT_THROW((void)project().from("cards").select().eq("id", 1).limit(-1), PostgrestError); }),
      "");
}

TEST(Request, awaited_twice_is_misuse) {
  const auto code_of_second = [](Supabase supabase) -> Task<std::string> {
    auto request = supabase.from("cards").select<Card>();
    try {
      co_await std::move(request);
    } catch (const PostgrestError& error) {
      EXPECT_EQ(error.code(), "unreachable");
    }
    try {
      co_await std::move(request);  // NOLINT(bugprone-use-after-move): the point
    } catch (const Error& error) {
      co_return error.code();
    }
    co_return "";
  };
  EXPECT_EQ(run_blocking(code_of_second(project())), "misuse");
}

TEST(Select, single_asks_for_an_object_and_maybe_single_for_two_rows_at_most) {
  EXPECT_EQ(request_of(static_cast<Pending<Card>&>(
                           *std::make_unique<Pending<Card>>(project().from("cards").select<Card>().single())))
                .media.form,
            query::Media::Form::object);
  EXPECT_EQ(url_of(project().from("cards").select("id").eq("id", 1).maybe_single()),
            "/cards?select=id&id=eq.1&limit=2");
}

TEST(Select, page_counts_the_rows) {
  EXPECT_NE(headers_of(project().from("cards").select<Card>().page(Count::planned)).find("count=planned"),
            std::string::npos);
}

TEST(Select, refuses_negative_numbers) {
  EXPECT_THROW((void)project().from("cards").select().limit(-1), PostgrestError);
  EXPECT_THROW((void)project().from("cards").select().offset(-1), PostgrestError);
  EXPECT_THROW((void)project().from("cards").select().range(5, 3), PostgrestError);
}

TEST(Select, cannot_be_changed_after_it_was_used) {
  auto request = project().from("cards").select("id");
  {
    [[maybe_unused]] const auto task = request.execute();
  }
  EXPECT_THROW((void)request.eq("id", 1), PostgrestError);
  EXPECT_THROW((void)request.single(), PostgrestError);
  EXPECT_THROW((void)request.execute(), PostgrestError);
  EXPECT_THROW((void)request.try_execute(), PostgrestError);
}

TEST(Insert, of_one_row_gives_it_back_when_a_row_type_is_named) {
  EXPECT_EQ(headers_of(project().from("cards").insert<Card>(NewCard{"Ada", std::nullopt})),
            "Accept: application/vnd.pgrst.object+json\nPrefer: return=representation\n");
  EXPECT_EQ(payload_of(project().from("cards").insert<Card>(NewCard{"Ada", std::nullopt})),
            R"({"full_name":"Ada","website":null})");
  EXPECT_EQ(url_of(project().from("cards").insert<Card>(NewCard{})), "/cards?select=id,full_name,website");
}

TEST(Insert, without_a_row_type_gives_nothing_back) {
  EXPECT_EQ(url_of(project().from("cards").insert(NewCard{})), "/cards");
  EXPECT_NE(headers_of(project().from("cards").insert(NewCard{})).find("return=minimal"), std::string::npos);
}

TEST(Insert, of_several_rows_names_their_columns) {
  const std::vector<NewCard> cards{{"Ada", std::nullopt}, {"Bob", "b.example"}};
  EXPECT_EQ(url_of(project().from("cards").insert(cards)), "/cards?columns=full_name,website");
  const json::array rows{json::object{{"a", 1}}, json::object{{"b", 2}, {"a", 3}}};
  EXPECT_EQ(url_of(project().from("cards").insert(rows)), "/cards?columns=a,b");
  const std::vector<json::object> objects{{{"a", 1}}, {{"b", 2}}};
  EXPECT_EQ(payload_of(project().from("cards").insert(objects)), R"([{"a":1},{"b":2}])");
}

// The details of the refusal of what cannot be sent as it is.
std::string refused_text(const std::function<void()>& make) {
  try {
    make();
  } catch (const PostgrestError& error) {
    EXPECT_EQ(error.code(), "22021");
    EXPECT_EQ(error.http_status(), 400);
    return error.details();
  }
  return "nothing";
}

TEST(Write, of_text_that_is_not_utf8_is_refused_and_says_where) {
  const Relation cards = project().from("cards");
  const NewCard bad{"caf\xe9", std::nullopt};
  CardPatch patch;
  patch.website = std::string("\xff");
  const json::object document{{"data", json::object{{"list", json::array{1, "\xff"}}}}};
  EXPECT_EQ(refused_text([&] { (void)cards.insert(bad); }), "full_name: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.upsert<Card>(bad); }), "full_name: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.insert(std::vector<NewCard>{{}, bad}); }), "1.full_name: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.update(patch); }), "website: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.insert(document); }), "data.list.1: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.insert(json::array{document}); }), "0.data.list.1: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)cards.insert(std::vector{document}); }), "0.data.list.1: not UTF-8");
}

TEST(Write, of_a_replacement_character_is_none_of_text_that_is_not_utf8) {
  EXPECT_EQ(payload_of(project().from("cards").insert(NewCard{"\uFFFD", std::nullopt})),
            "{\"full_name\":\"\uFFFD\",\"website\":null}");
}

TEST(Filtering, by_text_that_is_not_utf8_is_refused_and_says_where) {
  const json::object document{{"kind", "\xff"}};
  EXPECT_EQ(refused_text([&] { (void)where::eq("name", "\xff"); }), "name: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)where::in_("name", {"a", "\xff"}); }), "name: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)where::contains("data", document); }), "kind: not UTF-8");
  EXPECT_EQ(refused_text([&] { (void)where::match({{"data", document}}); }), "kind: not UTF-8");
}

TEST(Upsert, says_what_decides_and_what_happens) {
  EXPECT_EQ(url_of(project().from("cards").upsert(NewCard{}, {.on_conflict = "email, tenant"})),
            "/cards?on_conflict=email,tenant");
  EXPECT_NE(headers_of(project().from("cards").upsert(NewCard{})).find("resolution=merge-duplicates"),
            std::string::npos);
  EXPECT_NE(headers_of(project().from("cards").upsert(NewCard{}, {.ignore_duplicates = true}))
                .find("resolution=ignore-duplicates"),
            std::string::npos);
}

TEST(Update, leaves_out_what_is_missing_in_the_patch) {
  CardPatch patch;
  patch.website = std::nullopt;
  EXPECT_EQ(payload_of(project().from("cards").update(patch).eq("id", 1)), R"({"website":null})");
}

TEST(Update, negates_its_first_filter) {
  EXPECT_EQ(url_of(project().from("cards").update(CardPatch{}).not_().eq("id", 1)), "/cards?id=not.eq.1");
}

TEST(Update, of_at_most_some_rows_is_strict) {
  const std::string headers = headers_of(project().from("cards").update(CardPatch{}).all_rows().max_affected(2));
  EXPECT_NE(headers.find("handling=strict"), std::string::npos) << headers;
  EXPECT_NE(headers.find("max-affected=2"), std::string::npos) << headers;
}

template <class Request>
concept Awaitable = requires(Request& request) { request.execute(); };
template <class Request>
concept Filtered = requires(Request& request) { request.eq("id", 1); };

TEST(Update, and_delete_of_all_rows_by_oversight_do_not_compile) {
  using Update = decltype(project().from("cards").update(CardPatch{}));
  using Delete = decltype(project().from("cards").delete_<Card>());
  static_assert(!Awaitable<Update> && !Awaitable<Delete>);
  static_assert(Awaitable<decltype(std::declval<Update>().all_rows())>);
  static_assert(Awaitable<decltype(std::declval<Delete>().eq("id", 1))>);
  static_assert(!Awaitable<decltype(std::declval<Delete>().not_())>);
}

TEST(Insert, with_a_filter_does_not_compile) {
  static_assert(!Filtered<decltype(project().from("cards").insert(NewCard{}))>);
  static_assert(Filtered<Select<Card>>);
}

TEST(Request, keeps_the_identity_of_the_handle_it_was_made_from) {
  auto request = project().as("token-of-alice").from("cards").select();
  EXPECT_EQ(client_detail::Access::call(request).identity.token(), "token-of-alice");
  auto single = request.single();
  EXPECT_EQ(client_detail::Access::call(single).identity.token(), "token-of-alice");
}

TEST(Relation, names_its_schema) {
  auto request = project().from("archive", "cards").select();
  EXPECT_EQ(request_of(request).schema, "archive");
  EXPECT_THROW((void)project().from(""), PostgrestError);
}

}  // namespace
}  // namespace bailey
