// Reads against a real PostgreSQL under row-level security, and errors: what comes back is compared with what PostgREST
// answers.
#include "query/executor_fixture.hpp"

#include <bailey/query/print.hpp>

#include <algorithm>

namespace bailey::query {
namespace {

TEST_F(ExecutorTest, reads_with_every_kind_of_filter) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"select=id&order=id", "[{\"id\":10}, \n {\"id\":11}]"},
      {"select=title&id=eq.10", R"([{"title":"A"}])"},
      {"select=id&or=(price.is.null,title.eq.\"A\")&order=id.desc", "[{\"id\":11}, \n {\"id\":10}]"},
      {"title=eq.\"A\"", "[]"},
      {"select=id&id=in.(10,99)", R"([{"id":10}])"},
      {"select=id&title=in.(A,\"x,y\")", R"([{"id":10}])"},
      {"id=in.()", "[]"},
      {"select=id&id=not.in.()&limit=1&order=id", R"([{"id":10}])"},
      {"select=id&title=like.*A*", R"([{"id":10}])"},
      {"select=id&title=ilike(any).{a,zz}", R"([{"id":10}])"},
      {"select=id&title=match.^A$", R"([{"id":10}])"},
      {"select=id&id=gt(all).{1,10}", R"([{"id":11}])"},
      {"select=id&price=isdistinct.5", R"([{"id":11}])"},
      {"select=id&price=not.is.null", R"([{"id":10}])"},
      {"select=id&tags=cs.{x}", R"([{"id":10}])"},
      {"select=id&tags=ov.{y,z}", R"([{"id":10}])"},
      {"select=id&tags=cd.{x}", R"([{"id":11}])"},
      {"select=id&title=fts(english).a%7CB", R"([{"id":11}])"},
      {"select=id&title=plfts(simple).a", R"([{"id":10}])"},
      {"select=id&title=wfts(simple).a", R"([{"id":10}])"},
      {"select=id&meta->>lang=eq.en", R"([{"id":10}])"},
      {"select=id&meta->pages->>0=eq.1", R"([{"id":10}])"},
      {"select=id&meta=cs.{\"lang\":\"en\"}", R"([{"id":10}])"},
      {"select=id&tags->>-1=eq.y", R"([{"id":10}])"},
      {"select=meta->pages->1,l:meta->>lang,meta->pages&id=eq.10", R"([{"pages":2,"l":"en","pages":[1, 2]}])"},
      {"select=n:title,id::text&id=eq.10", R"([{"n":"A","id":"10"}])"},
      {"select=id,label&label=eq.10:A", R"([{"id":10,"label":"10:A"}])"},
      {"select=id&limit=0", "[]"},
      {"select=id&order=price.desc.nullslast&limit=1", R"([{"id":10}])"},
      {"select=id&order=id&offset=1", R"([{"id":11}])"}};
  for (const auto& [query, body] : cases) {
    const ApiResponse response = get("/books", query);
    EXPECT_EQ(response.status, 200) << query << ' ' << response.body;
    EXPECT_EQ(response.body, body) << query;
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  }
  EXPECT_EQ(get("/cheap", "select=title").body, R"([{"title":"A"}])");
}

TEST_F(ExecutorTest, tells_ranges_and_counts) {
  struct Case {
    std::string query, prefer, range;
    int status;
    std::string content_range;
  };
  const std::vector<Case> cases{{"", "", "", 200, "0-1/*"},
                                {"", "count=exact", "", 200, "0-1/2"},
                                {"limit=1", "count=exact", "", 206, "0-0/2"},
                                {"limit=1", "", "", 200, "0-0/*"},
                                {"", "count=exact", "1-5", 206, "1-1/2"},
                                {"limit=0", "", "", 200, "*/*"},
                                {"id=eq.1", "count=exact", "", 200, "*/0"},
                                {"offset=2", "count=exact", "", 206, "*/2"},
                                {"offset=9", "", "", 200, "*/*"},
                                {"offset=5", "count=exact", "", 416, "*/2"}};
  for (const Case& test : cases) {
    RequestParts request{.path = "/books", .query = test.query};
    if (!test.prefer.empty()) request.headers.emplace_back("Prefer", test.prefer);
    if (!test.range.empty()) request.headers.emplace_back("Range", test.range);
    const ApiResponse response = send(request);
    EXPECT_EQ(response.status, test.status) << test.query;
    EXPECT_EQ(response.header("Content-Range"), test.content_range) << test.query << test.range;
    if (!test.prefer.empty()) {
      EXPECT_EQ(response.header("Preference-Applied"), test.prefer);
    }
  }
  EXPECT_EQ(get("/books", "offset=5", {{"Prefer", "count=exact"}}).body,
            R"({"code":"PGRST103","details":"An offset of 5 was requested, but there are only 2 rows.","hint":null,)"
            R"("message":"Requested range not satisfiable"})");
  execute("analyze books");
  EXPECT_EQ(get("/books", "", {{"Prefer", "count=planned"}}).header("Content-Range"), "0-1/2");
  EXPECT_EQ(get("/books", "", {{"Prefer", "count=estimated"}}).header("Content-Range"), "0-1/2");
  EXPECT_EQ(get("/books", "id=gt.0&title=like.*&limit=1", {{"Prefer", "count=planned"}}).status, 206);
}

TEST_F(ExecutorTest, answers_head_with_headers_only) {
  const ApiResponse response = send({.method = "HEAD", .path = "/books", .headers = {{"Prefer", "count=exact"}}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.header("Content-Range"), "0-1/2");
  EXPECT_EQ(response.header("Content-Location"), "/books");
  EXPECT_EQ(send({.method = "HEAD", .path = "/nowhere"}).body, "");
}

TEST_F(ExecutorTest, answers_in_the_form_asked_for) {
  const auto accept = [&](std::string query, std::string type) {
    return get("/books", std::move(query), {{"Accept", type}});
  };
  const ApiResponse one = accept("select=id,price&id=eq.11", "application/vnd.pgrst.object+json");
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(one.body, R"({"id":11,"price":null})");
  EXPECT_EQ(one.content_type, "application/vnd.pgrst.object+json; charset=utf-8");
  EXPECT_EQ(accept("select=id,price&id=eq.11", "application/vnd.pgrst.object+json;nulls=stripped").body,
            R"({"id":11})");
  EXPECT_EQ(accept("select=id,price&id=eq.11", "application/vnd.pgrst.array+json;nulls=stripped").body,
            R"([{"id":11}])");
  const ApiResponse two = accept("", "application/vnd.pgrst.object+json");
  EXPECT_EQ(two.status, 406);
  EXPECT_EQ(two.body, R"({"code":"PGRST116","details":"The result contains 2 rows","hint":null,)"
                      R"("message":"Cannot coerce the result to a single JSON object"})");
  EXPECT_EQ(two.header("Proxy-Status"), "PostgREST; error=PGRST116");
  const ApiResponse csv = accept("select=id,title,price&order=id", "text/csv");
  EXPECT_EQ(csv.body, "id,title,price\n10,A,5\n11,B,");
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(accept("select=f:id,_t:title&limit=1&order=id", "text/csv").body, "f,_t\n10,A");
  EXPECT_EQ(accept("id=eq.1", "text/csv").body, "\n");
  EXPECT_EQ(accept("", "image/png").status, 406);
}

TEST_F(ExecutorTest, lets_nobody_past_row_level_security) {
  EXPECT_EQ(send({.method = "POST", .path = "/notes", .body = R"({"text":"of ana"})"}, as(ana)).status, 201);
  EXPECT_EQ(send({.method = "POST", .path = "/notes", .body = R"({"text":"of bo"})"}, as(bo)).status, 201);
  EXPECT_EQ(send({.path = "/notes", .query = "select=text"}, as(ana)).body, R"([{"text":"of ana"}])");
  EXPECT_EQ(send({.path = "/notes", .query = "select=text"}, as(bo)).body, R"([{"text":"of bo"}])");
  EXPECT_EQ(get("/notes").body, "[]");
  EXPECT_EQ(send({.path = "/notes", .query = "select=text&order=text"}, {"service_role", "{}", {}}).body,
            "[{\"text\":\"of ana\"}, \n {\"text\":\"of bo\"}]");
  const std::string forged = R"({"text":"x","user_id":")" + std::string(bo) + "\"}";
  const ApiResponse refused = send({.method = "POST", .path = "/notes", .body = forged}, as(ana));
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("\"42501\""), std::string::npos);
  const ApiResponse anonymous = write("POST", "/notes", "", "", forged);
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(anonymous.header("WWW-Authenticate"), "Bearer");
  const ApiResponse stolen =
      send({.method = "DELETE", .path = "/notes", .query = "id=gt.0", .headers = {{"Prefer", "return=representation"}}},
           as(ana));
  EXPECT_EQ(stolen.body.find("of bo"), std::string::npos);
  EXPECT_EQ(value("select text from notes"), "of bo");
}

TEST_F(ExecutorTest, maps_errors_of_sql) {
  struct Case {
    RequestParts request;
    int status;
    std::string code;
  };
  const std::vector<Case> cases{
      {{.path = "/books", .query = "nope=eq.1"}, 400, "42703"},
      {{.path = "/books", .query = "id=eq.x"}, 400, "22P02"},
      {{.path = "/books", .query = "id=eq.bailey:rows=1"}, 400, "22P02"},
      {{.path = "/books", .query = "select=id::nonsense"}, 400, "42704"},
      {{.path = "/books", .query = "select=data->0"}, 400, "42703"},
      {{.path = "/secrets"}, 401, "42501"},
      {{.path = "/bookz"}, 404, "PGRST205"},
      {{.path = "/books", .headers = {{"Prefer", "timezone=Nowhere/Town"}}}, 400, "22023"},
      {{.method = "POST", .path = "/books", .body = R"({"id":10})"}, 409, "23505"},
      {{.method = "POST", .path = "/books", .body = R"({"id":50,"author_id":9})"}, 409, "23503"},
      {{.method = "POST", .path = "/books", .body = R"({"id":"x"})"}, 400, "22P02"},
      {{.method = "POST", .path = "/books", .body = R"({"id":1,)"}, 400, "PGRST102"},
      {{.method = "POST", .path = "/books", .body = R"({"isbn":1})"}, 400, "PGRST204"},
      {{.method = "POST", .path = "/books", .query = "columns=id", .body = "[{]"}, 400, "22P02"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":1})"}, 402, "PT402"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":2})"}, 400, "P0001"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":3})"}, 418, "X1"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":4})"}, 500, "PGRST121"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":6})"}, 500, "PGRST112"},
      {{.method = "POST", .path = "/raised", .body = R"({"id":9})"}, 500, "PGRST112"}};
  for (const Case& test : cases) {
    const ApiResponse response = send(test.request);
    EXPECT_EQ(response.status, test.status) << test.request.path << test.request.query << response.body;
    EXPECT_TRUE(response.body.starts_with("{\"code\":\"" + test.code + "\"")) << response.body;
    EXPECT_EQ(response.header("Proxy-Status"), "PostgREST; error=" + test.code);
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  }
  EXPECT_EQ(send({.method = "POST", .path = "/raised", .body = R"({"id":3})"}).header("X-Tea"), "pot");
}

TEST_F(ExecutorTest, lets_sql_set_status_and_headers) {
  const ApiResponse response = write("POST", "/raised", "", "", R"({"id":5})");
  EXPECT_EQ(response.status, 299) << response.body;
  EXPECT_EQ(response.header("X-A"), "1");
  EXPECT_EQ(std::ranges::count(response.headers, "Set-Cookie", &std::pair<std::string, std::string>::first), 2);
}

TEST_F(ExecutorTest, tells_sql_about_the_request) {
  const ApiResponse response =
      get("/request", "select=*", {{"X-A", "1"}, {"Cookie", "a=b; c=d"}, {"Prefer", "timezone=Asia/Tokyo"}});
  EXPECT_EQ(
      response.body,
      R"([{"method":"GET","path":"/request","header":"1","cookies":"{\"a\":\"b\",\"c\":\"d\"}","search_path":"\"public\"",)"
      R"("role":"anon","read_only":"on","app":"y","zone":"Asia/Tokyo"}])");
  EXPECT_EQ(response.header("Content-Location"), "/request?select=%2A");
}

TEST_F(ExecutorTest, tells_sql_of_opaque_bytes_in_headers_as_replacement_characters) {
  const ApiResponse response =
      get("/request", "select=header,cookies", {{"X-A", "caf\xe9"}, {"Cookie", "a\xff=\xc3; c=\xc3\xa9"}});
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, R"([{"header":"caf�","cookies":"{\"a�\":\"�\",\"c\":\"é\"}"}])");
}

TEST_F(ExecutorTest, serves_the_schema_of_the_profile) {
  EXPECT_EQ(send({.method = "POST", .path = "/things", .headers = {{"Content-Profile", "api"}}, .body = R"({"id":1})"})
                .status,
            201);
  const ApiResponse response = get("/things", "", {{"Accept-Profile", "api"}});
  EXPECT_EQ(response.body, R"([{"id":1}])");
  EXPECT_EQ(response.header("Content-Profile"), "api");
  EXPECT_EQ(get("/things").status, 404);
  EXPECT_EQ(get("/books", "", {{"Accept-Profile", "auth"}}).status, 406);
}

TEST_F(ExecutorTest, tells_what_may_be_done) {
  EXPECT_EQ(send({.method = "OPTIONS", .path = "/books"}).header("Allow"), "OPTIONS,GET,HEAD,POST,PATCH,DELETE");
  EXPECT_EQ(send({.method = "OPTIONS", .path = "/cheap"}).header("Allow"), "OPTIONS,GET,HEAD,POST,PATCH,DELETE");
  EXPECT_EQ(send({.method = "OPTIONS", .path = "/request"}).header("Allow"), "OPTIONS,GET,HEAD");
  EXPECT_EQ(send({.method = "OPTIONS", .path = "/nowhere"}).status, 404);
}

TEST_F(ExecutorTest, caps_rows) {
  restart({.max_rows = 1});
  const ApiResponse response = get("/books", "select=id&order=id&limit=50", {{"Prefer", "count=exact"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.header("Content-Range"), "0-0/2");
}

TEST_F(ExecutorTest, runs_a_query_that_was_built) {
  const ApiRequest query{.relation = "books",
                         .select = {Column{{"title", {}}, "", ""}},
                         .where = {{Condition{.field = {"id", {}}, .operand = "10"}}},
                         .media = {.form = Media::Form::object}};
  const ApiResponse response = run_blocking(executor_->run(query, {"anon", "{}", {}}));
  EXPECT_EQ(response.body, R"({"title":"A"})");
  EXPECT_EQ(send(print(query)).body, response.body);
}

TEST_F(ExecutorTest, attacks_reach_no_table) {
  const std::string attack = "%27%3B%20drop%20table%20books%3B--";
  const std::string name = "%22x%5C%22%3Bdrop%20table%20books%3B--%22";
  for (const std::string& query :
       {"title=eq." + attack, "title=in.(" + attack + ")", name + "=eq.1", "select=" + name, "order=" + name,
        "select=" + name + ":id", "or=(title.eq." + attack + ")", "title=fts(" + name + ").x", "select=id::" + name,
        "meta->>" + name + "=eq.1", "limit=" + attack, "on_conflict=" + name, "title=like(any).{" + attack + "}"}) {
    const ApiResponse response = get("/books", query);
    EXPECT_LT(response.status, 500) << query << ' ' << response.body;
    const ApiResponse written =
        write("PATCH", "/books", query + "&id=eq.99", "return=representation", R"({"title":"'; drop table books"})");
    EXPECT_LT(written.status, 500) << query << ' ' << written.body;
  }
  EXPECT_LT(get("/books", "", {{"Prefer", "timezone='; drop table books;--"}}).status, 500);
  EXPECT_EQ(value("select count(*) from books"), "2");
}

TEST(ExecutorWithoutDatabase, answers_503) {
  const Executor executor(
      pg::Database(pg::Options{.connection_string = Secret("host=/nonexistent connect_timeout=1")}));
  const ApiResponse response = run_blocking(executor.serve({.path = "/books"}, {"anon", "{}", {}}));
  EXPECT_EQ(response.status, 503);
  EXPECT_TRUE(response.body.starts_with(R"({"code":"PGRST002")")) << response.body;
  EXPECT_EQ(response.header("Retry-After"), "1");
}

TEST_F(ExecutorTest, answers_503_while_the_database_is_away_and_recovers) {
  test::PostgresServer server;
  server.create_supabase_roles();
  server.execute("create table t (id int); grant all on t to anon");
  const Executor executor(
      pg::Database(pg::Options{.connection_string = Secret(server.connection_string("authenticator")),
                               .backoff_first = std::chrono::milliseconds(1),
                               .backoff_limit = std::chrono::milliseconds(5)}));
  const auto read = [&] { return run_blocking(executor.serve({.path = "/t"}, {"anon", "{}", {}})); };
  EXPECT_EQ(read().status, 200);
  server.stop();
  const ApiResponse away = read();
  EXPECT_EQ(away.status, 503);
  EXPECT_TRUE(away.body.starts_with(R"({"code":"PGRST00)")) << away.body;
  server.start();
  EXPECT_EQ(read().status, 200);
}

}  // namespace
}  // namespace bailey::query
