// Mutations against a real PostgreSQL: what is stored and what comes back.
#include "query/executor_fixture.hpp"

namespace bailey::query {
namespace {

TEST_F(ExecutorTest, inserts_one_row_and_tells_where_it_is) {
  const ApiResponse minimal =
      write("POST", "/books", "", "", R"({"id":12,"title":"C","price":"7.5","tags":["q"],"meta":{"a":1}})");
  EXPECT_EQ(minimal.status, 201);
  EXPECT_EQ(minimal.body, "");
  EXPECT_EQ(minimal.content_type, "");
  EXPECT_EQ(minimal.header("Content-Range"), "*/*");
  EXPECT_EQ(value("select title || price || tags::text || meta from books where id = 12"), R"(C7.5{q}{"a": 1})");
  const ApiResponse located = write("POST", "/books", "", "return=headers-only", R"({"id":13,"title":"C"})");
  EXPECT_EQ(located.status, 201);
  EXPECT_EQ(located.header("Location"), "/books?id=eq.13");
  EXPECT_EQ(located.header("Preference-Applied"), "return=headers-only");
  const ApiResponse shown =
      write("POST", "/books", "select=id,label", "return=representation,count=exact", R"({"id":14,"title":"C"})");
  EXPECT_EQ(shown.body, R"([{"id":14,"label":"14:C"}])");
  EXPECT_EQ(shown.header("Content-Range"), "*/1");
  EXPECT_EQ(
      write("POST", "/books", "select=*,label&order=label", "return=representation", R"({"id":15,"title":"C"})").body,
      R"([{"id":15,"title":"C","author_id":null,"price":null,"tags":[],"meta":null,"label":"15:C"}])");
}

TEST_F(ExecutorTest, inserts_many_rows) {
  EXPECT_EQ(write("POST", "/books", "", "", R"([{"id":12},{"id":13,"title":"D"}])").body,
            R"({"code":"PGRST102","details":null,"hint":null,"message":"All object keys must match"})");
  EXPECT_EQ(write("POST", "/books", "columns=id,title", "", R"([{"id":12,"nonsense":1},{"id":13,"title":"D"}])").status,
            201);
  EXPECT_EQ(value("select count(*) from books where id > 11"), "2");
  EXPECT_EQ(write("POST", "/books", "", "return=representation", "[]").body, "[]");
  EXPECT_EQ(write("POST", "/kinds", "", "", "[{},{}]").status, 201);
  EXPECT_EQ(write("POST", "/kinds", "", "", "{}").status, 201);
  EXPECT_EQ(value("select count(*) || min(mood::text) from kinds"), "3ok");
  const ApiResponse csv = send({.method = "POST",
                                .path = "/authors",
                                .headers = {{"Content-Type", "text/csv"}},
                                .body = "id,name\n7,x\n8,NULL\n"});
  EXPECT_EQ(csv.status, 201) << csv.body;
  EXPECT_EQ(value("select string_agg(coalesce(name, '-'), '' order by id) from authors where id > 6"), "x-");
}

TEST_F(ExecutorTest, fills_missing_keys_with_defaults_when_asked) {
  const ApiResponse with = write("POST", "/kinds", "columns=id,mood,note&select=mood,note",
                                 "missing=default,return=representation", R"([{"mood":"sad"},{"note":"x"}])");
  EXPECT_EQ(with.status, 201) << with.body;
  EXPECT_EQ(with.body, "[{\"mood\":\"sad\",\"note\":\"n\"}, \n {\"mood\":\"ok\",\"note\":\"x\"}]");
  EXPECT_EQ(with.header("Preference-Applied"), "missing=default, return=representation");
  const ApiResponse without = write("POST", "/kinds", "columns=mood,note", "", R"([{"mood":"sad"}])");
  EXPECT_EQ(without.status, 400);
  EXPECT_NE(without.body.find("\"23502\""), std::string::npos);
}

TEST_F(ExecutorTest, keeps_the_types_of_columns) {
  const ApiResponse response =
      write("POST", "/kinds", "select=mood,at,code,flag,span,raw", "return=representation",
            R"x({"mood":"sad","at":"2026-01-02T03:04:05Z","code":"abc","flag":"yy","body":"a b",)x"
            R"x("span":"[1,3)","raw":{"z":[1]}})x");
  EXPECT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(write("POST", "/kinds", "", "", R"({"code":"abcd"})").status, 400);
  EXPECT_EQ(write("POST", "/kinds", "", "", R"({"mood":"angry"})").status, 400);
  EXPECT_EQ(write("POST", "/kinds", "", "", R"({"note":"bad"})").status, 400);
  EXPECT_EQ(get("/kinds", "select=code,flag&body=fts(simple).a&span=cs.[2,3)&mood=eq.sad").body,
            R"([{"code":"abc","flag":"yy"}])");
}

TEST_F(ExecutorTest, merges_and_ignores_duplicates) {
  const auto upsert = [&](std::string how, std::string body) {
    return write("POST", "/books", "select=id,title,price", "return=representation,resolution=" + how, std::move(body));
  };
  const ApiResponse merged = upsert("merge-duplicates", R"({"id":10,"title":"Z"})");
  EXPECT_EQ(merged.status, 200) << merged.body;
  EXPECT_EQ(merged.body, R"([{"id":10,"title":"Z","price":5}])");
  EXPECT_EQ(merged.header("Preference-Applied"), "resolution=merge-duplicates, return=representation");
  EXPECT_EQ(upsert("merge-duplicates", R"([{"id":10,"title":"Y"},{"id":20,"title":"N"}])").status, 201);
  const ApiResponse ignored = upsert("ignore-duplicates", R"([{"id":10,"title":"X"},{"id":21,"title":"M"}])");
  EXPECT_EQ(ignored.status, 201);
  EXPECT_EQ(ignored.body, R"([{"id":21,"title":"M","price":null}])");
  EXPECT_EQ(value("select title from books where id = 10"), "Y");
}

TEST_F(ExecutorTest, updates_and_deletes_what_the_filters_choose) {
  const ApiResponse none = write("PATCH", "/books", "id=eq.99", "", R"({"title":"x"})");
  EXPECT_EQ(none.status, 204);
  EXPECT_EQ(none.header("Content-Range"), "*/*");
  const ApiResponse some = write("PATCH", "/books", "or=(id.eq.10,id.eq.11)&select=id,title&order=id.desc",
                                 "return=representation,count=exact", R"({"title":"x"})");
  EXPECT_EQ(some.status, 200) << some.body;
  EXPECT_EQ(some.header("Content-Range"), "0-1/2");
  EXPECT_EQ(some.body, "[{\"id\":11,\"title\":\"x\"}, \n {\"id\":10,\"title\":\"x\"}]");
  EXPECT_EQ(write("PATCH", "/books", "", "", "{}").status, 204);
  EXPECT_EQ(write("PATCH", "/books", "", "return=representation", "{}").body, "[]");
  const ApiResponse gone =
      write("DELETE", "/books", "author_id=eq.1&select=id&order=id", "return=representation, count=exact", "");
  EXPECT_EQ(gone.status, 200);
  EXPECT_EQ(gone.header("Content-Range"), "*/2");
  EXPECT_EQ(gone.body, "[{\"id\":10}, \n {\"id\":11}]");
  EXPECT_EQ(write("DELETE", "/books", "id=gt.0", "", "").status, 204);
}

TEST_F(ExecutorTest, undoes_what_affects_too_many_rows) {
  const ApiResponse limited = write("DELETE", "/books", "id=gt.0", "handling=strict, max-affected=1", "");
  EXPECT_EQ(limited.status, 400);
  EXPECT_EQ(limited.body, R"({"code":"PGRST124","details":"The query affects 2 rows","hint":null,)"
                          R"("message":"Query result exceeds max-affected preference constraint"})");
  const ApiResponse single = send({.method = "PATCH",
                                   .path = "/books",
                                   .query = "id=gt.0",
                                   .headers = {{"Accept", "application/vnd.pgrst.object+json"}},
                                   .body = R"({"title":"x"})"});
  EXPECT_EQ(single.status, 406);
  EXPECT_NE(single.body.find("The result contains 2 rows"), std::string::npos);
  const ApiResponse none = send({.method = "DELETE",
                                 .path = "/books",
                                 .query = "id=eq.99",
                                 .headers = {{"Accept", "application/vnd.pgrst.object+json"}}});
  EXPECT_NE(none.body.find("The result contains 0 rows"), std::string::npos);
  EXPECT_EQ(value("select string_agg(title, '' order by id) from books"), "AB");
  EXPECT_EQ(write("DELETE", "/books", "id=gt.0", "handling=strict, max-affected=2", "").header("Preference-Applied"),
            "handling=strict, max-affected=2");
  EXPECT_EQ(value("select count(*) from books"), "0");
}

TEST_F(ExecutorTest, answers_400_to_what_is_more_than_postgresql_takes) {
  execute("create table late (id int primary key deferrable)");
  execute("grant all on request to anon");
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  const auto insert = [&](std::string query, const std::string& meta) {
    return write("POST", "/books", std::move(query), "resolution=merge-duplicates",
                 R"([{"id":70,"meta":)" + meta + "}]");
  };
  const std::string levels = std::string(900, '[') + std::string(900, ']');
  EXPECT_EQ(insert("", levels).status, 201);
  EXPECT_EQ(insert("columns=id,meta", levels).status, 200);
  EXPECT_EQ(insert("", deep).status, 400);
  struct Case {
    ApiResponse response;
    std::string code;
  };
  const std::vector<Case> cases{
      {insert("columns=id,meta", deep), "54001"},
      {get("/books", "meta=cs." + deep.substr(0, 60'000)), "54001"},
      {get("/books", "tags=cs." + std::string(7, '{') + std::string(7, '}')), "54000"},
      {get("/books", "select=title::unknown"), "42704"},
      {get("/books", "select=title::setof%20text"), "42704"},
      {write("POST", "/books", "", "resolution=merge-duplicates", R"([{"id":71},{"id":71}])"), "21000"},
      {write("POST", "/late", "", "resolution=merge-duplicates", R"({"id":1})"), "55000"},
      {write("POST", "/request", "", "", R"({"method":"x"})"), "55000"},
      {write("PATCH", "/request", "method=eq.x", "", R"({"method":"y"})"), "55000"},
      {write("DELETE", "/request", "method=eq.x", "", ""), "55000"}};
  for (const Case& c : cases) {
    EXPECT_EQ(c.response.status, 400) << c.code;
    EXPECT_TRUE(c.response.body.starts_with("{\"code\":\"" + c.code + '"')) << c.response.body.substr(0, 200);
  }
}

TEST_F(ExecutorTest, changes_all_rows_only_where_the_database_says_that_it_may) {
  const auto refused = [&] {
    const ApiResponse response = write("DELETE", "/books", "", "", "");
    return response.status == 400 ? response.body : std::to_string(response.status);
  };
  const std::string needs_where =
      R"({"code":"21000","details":null,"hint":null,"message":"DELETE requires a WHERE clause"})";
  EXPECT_EQ(refused(), needs_where);
  EXPECT_EQ(write("PATCH", "/books", "", "", R"({"title":"x"})").status, 400);
  // A condition of a policy is none of the request's.
  EXPECT_EQ(send({.method = "DELETE", .path = "/notes"}, as(ana)).status, 400);
  EXPECT_EQ(value("select count(*) from books"), "2");
  const auto after = [&](const std::string& sql) {
    execute(sql);
    run_blocking(executor_->reload_schema());
    return refused();
  };
  // The role's own setting comes first, then what the connection's user has from its login, the database's last.
  const std::string database = "alter database " + database_name_;
  EXPECT_EQ(after(database + " set safeupdate.enabled = off"), "204");
  EXPECT_EQ(after("alter role authenticator set safeupdate.enabled = 'on'"), needs_where);
  EXPECT_EQ(after("alter role authenticator in database " + database_name_ + " set safeupdate.enabled = '0'"), "204");
  EXPECT_EQ(after("alter role anon set safeupdate.enabled = 'true'"), needs_where);
  EXPECT_EQ(after("alter role anon set safeupdate.enabled = 'No'"), "204");
  EXPECT_EQ(after("alter role anon set safeupdate.enabled = 'nonsense'"), needs_where);
  execute("alter role anon reset all; alter role authenticator reset all");
}

TEST_F(ExecutorTest, rolls_back_on_request_if_that_is_allowed) {
  EXPECT_EQ(write("DELETE", "/books", "id=eq.10", "tx=rollback", "").status, 204);
  EXPECT_EQ(value("select count(*) from books"), "1");
  restart({.allow_transaction_override = true});
  const ApiResponse undone = write("DELETE", "/books", "id=gt.0&select=id", "tx=rollback,return=representation", "");
  EXPECT_EQ(undone.body, R"([{"id":11}])");
  EXPECT_EQ(undone.header("Preference-Applied"), "return=representation, tx=rollback");
  EXPECT_EQ(value("select count(*) from books"), "1");
}

}  // namespace
}  // namespace bailey::query
