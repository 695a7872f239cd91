// Reads against a real PostgreSQL under row-level security, errors, the schema's life: what comes back is compared with
// what PostgREST answers.
#include "query/executor_fixture.hpp"

#include <bailey/query/print.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

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

TEST_F(ExecutorTest, sees_a_fresh_migration) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/fresh").status, 404);
  execute("create table fresh (id int); grant all on fresh to anon");
  EXPECT_EQ(get("/fresh").body, "[]");
  execute("alter table fresh add b int");
  EXPECT_EQ(write("POST", "/fresh", "", "", R"({"b":1})").status, 201);
  EXPECT_EQ(get("/fresh").body, R"([{"id":null,"b":1}])");
}

TEST_F(ExecutorTest, sees_a_changed_key_after_the_first_error_it_causes) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  execute("create table changing (id int primary key, e text unique); grant all on changing to anon");
  EXPECT_EQ(write("POST", "/changing", "", "", R"({"id":1,"e":"x"})").status, 201);
  execute("alter table changing drop constraint changing_pkey; alter table changing add primary key (e)");
  const auto upsert = [&] {
    return write("POST", "/changing", "", "resolution=merge-duplicates", R"({"id":2,"e":"x"})");
  };
  EXPECT_GE(upsert().status, 400);
  EXPECT_EQ(upsert().status, 200);
  EXPECT_EQ(get("/changing").body, R"([{"id":2,"e":"x"}])");
}

TEST_F(ExecutorTest, loads_the_schema_whatever_timeout_a_function_left_in_the_session) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  execute(
      "create function hasty() returns trigger language plpgsql as "
      "$$ begin perform set_config('statement_timeout', '1', false); return new; end $$; "
      "create table hasty (id int); grant all on hasty to anon; "
      "create trigger t after insert on hasty for each row execute function hasty()");
  EXPECT_EQ(write("POST", "/hasty", "", "", R"({"id":1})").status, 201);
  execute("create table later as select generate_series(1, 3) as id; grant all on later to anon");
  EXPECT_EQ(get("/later", "select=id&limit=1").body, R"([{"id":1}])");
}

TEST_F(ExecutorTest, acts_as_any_role_the_connections_user_was_granted_and_no_mightier_one) {
  execute(R"sql(
    create role editor; create role reviewer; create role unasked;
    create role granted_bypass bypassrls; create role distant_bypass bypassrls; create role beyond_super;
    create role mighty superuser; create role supabase_admin;
    grant editor, granted_bypass, mighty, supabase_admin, pg_read_all_data to authenticator;
    grant reviewer, distant_bypass to editor;
    grant beyond_super to mighty;
    grant usage on schema public to public;
  )sql");
  restart({.reload_floor = std::chrono::milliseconds(0)}, pg::RoleCheck::by_caller);
  execute("grant select on request to public");
  const auto status = [&](const std::string& role) {
    return send({.path = "/request", .query = "select=role"}, {role, "{}", {}}).status;
  };
  for (const char* role : {"anon", "authenticated", "service_role", "editor", "reviewer", "granted_bypass"}) {
    EXPECT_EQ(send({.path = "/request", .query = "select=role"}, {role, "{}", {}}).body,
              R"([{"role":")" + std::string(role) + "\"}]");
  }
  for (const char* role : {"unasked", "distant_bypass", "mighty", "beyond_super", "supabase_admin", "pg_read_all_data",
                           "postgres", "authenticator", "none", "", "anon; reset role", "nobody"}) {
    EXPECT_EQ(status(role), 403) << role;
  }
  // A grant is seen by the next request, a revocation at once: the database has the last word.
  execute("grant unasked to authenticator; revoke editor from authenticator");
  EXPECT_EQ(status("editor"), 403);
  EXPECT_EQ(status("unasked"), 200);
  execute(
      "drop owned by editor, reviewer, granted_bypass, distant_bypass, mighty, beyond_super, supabase_admin, unasked;"
      "drop role editor, reviewer, granted_bypass, distant_bypass, mighty, beyond_super, supabase_admin, unasked;"
      "revoke pg_read_all_data from authenticator");
}

TEST_F(ExecutorTest, acts_as_the_listed_roles_only_unless_it_is_told_otherwise) {
  execute("create role outside; grant outside to authenticator");
  EXPECT_EQ(send({.path = "/books"}, {"outside", "{}", {}}).status, 403);
  execute("drop role outside");
}

TEST_F(ExecutorTest, serves_all_loops_while_the_schema_is_swapped) {
  run_blocking(executor_->reload_schema());
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const auto work = [&, i]() -> Task<> {
        for (int round = 0; round < 20; ++round) {
          if (i == 0) co_await executor_->reload_schema();
          RequestParts request{.path = "/books", .query = "select=id&id=eq.10"};
          pg::RlsScope scope{"anon", "{}", {}};
          const ApiResponse response = co_await executor_->serve(std::move(request), std::move(scope));
          if (response.body != R"([{"id":10}])") ++wrong;
        }
      };
      run_blocking(work);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ExecutorTest, loads_the_schema_once_for_all_that_need_it_first) {
  const pg::Database database(
      {.connection_string = Secret(test::PostgresServer::shared().connection_string("authenticator", database_name_))});
  const Executor executor(database);
  int answered = 0;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/books", .body = {}}, {"anon", "{}", {}});
        EXPECT_EQ(response.status, 200) << response.body;
        ++count;
      }(executor, answered));
    }
    while (answered < 20) co_await sleep_for(std::chrono::milliseconds(1));
  });
  EXPECT_EQ(database.stats().groups, 21U);
}

TEST_F(ExecutorTest, loads_the_schema_for_the_others_when_the_first_that_needed_it_is_cancelled) {
  int answered = 0;
  run_blocking([&]() -> Task<> {
    boost::asio::cancellation_signal cancel;
    bool cancelled = false;
    boost::asio::co_spawn(
        Loop::current().executor(), executor_->serve({.path = "/books", .body = {}}, {"anon", "{}", {}}),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr error, const ApiResponse&) { cancelled = error != nullptr; }));
    for (int i = 0; i < 3; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/books", .body = {}}, {"anon", "{}", {}});
        EXPECT_EQ(response.status, 200) << response.body;
        ++count;
      }(*executor_, answered));
    }
    co_await sleep_for(std::chrono::milliseconds(1));
    cancel.emit(boost::asio::cancellation_type::terminal);
    while (answered < 3) co_await sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(cancelled);
  });
}

TEST_F(ExecutorTest, does_not_reload_for_each_unknown_name) {
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/books").status, 200);
  execute("create table fresh (id int); grant all on fresh to anon");
  EXPECT_EQ(get("/fresh").status, 404);
  run_blocking(executor_->reload_schema());
  EXPECT_EQ(get("/fresh").status, 200);
}

TEST_F(ExecutorTest, keeps_the_types_identity_and_keys_of_the_catalogue) {
  run_blocking(executor_->reload_schema());
  const auto schema = executor_->schema();
  const RelationInfo* kinds = schema->find("public", "kinds");
  ASSERT_NE(kinds, nullptr);
  EXPECT_EQ(kinds->primary_key, (std::vector<std::string>{"id"}));
  EXPECT_EQ(kinds->column("id")->default_expression, "pg_catalog.nextval('public.kinds_id_seq'::pg_catalog.regclass)");
  EXPECT_EQ(kinds->column("mood")->type, "public.mood");
  EXPECT_EQ(kinds->column("mood")->enum_labels, (std::vector<std::string>{"ok", "sad"}));
  EXPECT_EQ(kinds->column("note")->type, "public.words");
  EXPECT_EQ(kinds->column("note")->base_type, "text");
  EXPECT_FALSE(kinds->column("note")->nullable);
  EXPECT_EQ(kinds->column("flag")->type, "bpchar");
  EXPECT_EQ(schema->find("public", "cheap")->kind, RelationInfo::Kind::view);
  EXPECT_EQ(schema->find("public", "notes")->column("id")->default_expression, std::nullopt);
  EXPECT_EQ(schema->find("auth", "users"), nullptr);
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

Task<> notify_and_wait(Executor executor, std::function<void()> migrate, bool* seen) {
  const auto before = executor.schema();
  Loop::current().spawn("watch", executor.watch());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (executor.schema() == before && std::chrono::steady_clock::now() < deadline)
    co_await sleep_for(std::chrono::milliseconds(5));
  const auto listening = executor.schema();
  migrate();
  while (executor.schema() == listening && std::chrono::steady_clock::now() < deadline) {
    co_await sleep_for(std::chrono::milliseconds(5));
  }
  *seen = executor.schema() != listening;
}

TEST_F(ExecutorTest, reloads_when_it_is_told) {
  bool seen = false;
  const std::function<void()> migrate = [&] { execute("create table told (id int); notify pgrst, 'reload schema'"); };
  run_blocking(notify_and_wait(*executor_, migrate, &seen));
  EXPECT_TRUE(seen);
  EXPECT_NE(executor_->schema()->find("public", "told"), nullptr);
}

TEST_F(ExecutorTest, gives_each_role_the_time_it_has_by_now) {
  execute(
      "create view patience as select current_setting('statement_timeout') as limit;"
      "grant select on patience to anon, authenticated, service_role;"
      "alter role authenticator set statement_timeout = '8s'; alter role service_role set statement_timeout = 0;"
      "alter role anon set statement_timeout = '3s'");
  restart({}, pg::RoleCheck::by_caller);
  const auto limit = [&](const std::string& role) { return send({.path = "/patience"}, {role, "{}", {}}).body; };
  EXPECT_EQ(limit("anon"), R"([{"limit":"3s"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"8s"}])");
  EXPECT_EQ(limit("service_role"), R"([{"limit":"0"}])");
  bool seen = false;
  const std::function<void()> change = [&] {
    execute("alter role anon set statement_timeout = '1s'; notify pgrst, 'reload config'");
  };
  run_blocking(notify_and_wait(*executor_, change, &seen));
  EXPECT_TRUE(seen);
  EXPECT_EQ(limit("anon"), R"([{"limit":"1s"}])");
  execute(
      "alter role anon reset statement_timeout; alter role service_role reset statement_timeout;"
      "alter role authenticator reset statement_timeout");
}

TEST_F(ExecutorTest, gives_a_role_no_more_time_than_the_database_gives_all) {
  execute(
      "create view patience as select current_setting('statement_timeout') as limit;"
      "grant select on patience to anon, authenticated, service_role;"
      "alter role anon set statement_timeout = '1.5 s'; alter role authenticated set statement_timeout = '1min'");
  restart({}, pg::RoleCheck::listed, std::chrono::seconds(5));
  const auto limit = [&](const std::string& role) { return send({.path = "/patience"}, {role, "{}", {}}).body; };
  EXPECT_EQ(limit("anon"), R"([{"limit":"1500ms"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"5s"}])");
  EXPECT_EQ(limit("service_role"), R"([{"limit":"5s"}])");
  execute("alter role anon set statement_timeout = 700; alter role authenticated set statement_timeout = 0");
  run_blocking(executor_->reload_schema());
  EXPECT_EQ(limit("anon"), R"([{"limit":"700ms"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"5s"}])");
  execute("alter role anon reset statement_timeout; alter role authenticated reset statement_timeout");
}

// What a table is, what is asked of it before and after it has changed, and the answer then. Nothing announces the
// change.
struct TypeChange {
  const char *table, *change, *query, *wanted;
};

TEST_F(ExecutorTest, a_query_is_never_answered_by_a_statement_made_for_other_types) {
  const TypeChange changes[] = {
      {"v timestamp", "alter table typed alter v type timestamptz using v at time zone 'utc'",
       "v=eq.2024-01-01T14:00:00%2B02:00", "2024-01-01 12:00+00"},
      {"v date", "alter table typed alter v type timestamp", "v=eq.2024-01-01T12:00:00", "2024-01-01 12:00"},
      {"v int", "alter table typed alter v type bigint", "v=eq.3000000000", "3000000000"},
      {"v int", "alter table typed alter v type numeric", "or=(v.eq.1.5,v.is.null)", "1.5"},
      {"v int", "alter table typed alter v type text", "v=in.(seven,eight)", "seven"},
      {"v int", "drop table typed; create table typed (v uuid)", "v=eq.11111111-1111-1111-1111-111111111111",
       "11111111-1111-1111-1111-111111111111"},
      {"v text", "create type colour as enum ('red'); alter table typed alter v type colour using v::colour",
       "v=lt.red", ""},
      {"v int", "drop table typed; create view typed as select 'x'::text as v", "v=eq.x", "x"},
  };
  for (const TypeChange& each : changes) {
    execute("drop table if exists typed cascade");
    execute(std::string("create table typed (") + each.table + "); grant all on typed to anon");
    restart({.reload_floor = std::chrono::hours(1)});
    EXPECT_EQ(get("/typed", std::string(each.query)).status == 503, false);
    execute(each.change);
    execute("grant all on typed to anon");
    const bool is_view = std::string_view(each.change).contains("view");
    if (!is_view && *each.wanted != '\0') execute(std::string("insert into typed values ('") + each.wanted + "')");
    for (int round = 0; round < 3; ++round) {
      const ApiResponse response = get("/typed", std::string(each.query));
      EXPECT_EQ(response.status, 200) << each.change << response.body;
      EXPECT_EQ(response.body == "[]", *each.wanted == '\0') << each.change;
    }
    execute(is_view ? "drop view typed" : "drop table typed");
  }
}

TEST_F(ExecutorTest, a_row_is_never_written_by_a_statement_made_for_other_types) {
  execute("create table typed (id int, at timestamp); grant all on typed to anon");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(write("POST", "/typed", "", "", R"({"id":1,"at":"2024-01-01T12:00:00"})").status, 201);
  EXPECT_EQ(write("PATCH", "/typed", "id=eq.1", "", R"({"at":"2024-01-01T12:00:00"})").status, 204);
  execute("alter table typed alter at type timestamptz using at at time zone 'utc', alter id type bigint");
  const std::string zoned = R"({"id":3000000000,"at":"2024-01-01T14:00:00+02:00"})";
  EXPECT_EQ(write("POST", "/typed", "", "", zoned).status, 201);
  EXPECT_EQ(value("select count(*) from typed where id = 3000000000 and at = '2024-01-01T12:00:00Z'"), "1");
  execute("alter table typed alter at type timestamp");
  execute("alter table typed alter at type timestamptz using at at time zone 'utc'");
  EXPECT_EQ(write("PATCH", "/typed", "id=eq.1", "", R"({"at":"2024-01-01T14:00:00+02:00"})").status, 204);
  EXPECT_EQ(value("select count(*) from typed where id = 1 and at = '2024-01-01T12:00:00Z'"), "1");
  EXPECT_EQ(write("DELETE", "/typed", "at=eq.2024-01-01T14:00:00%2B02:00", "return=representation", "").status, 200);
  EXPECT_EQ(value("select count(*) from typed"), "0");
}

TEST_F(ExecutorTest, many_that_meet_changed_types_load_the_schema_once) {
  execute("create table typed (v int); grant all on typed to anon");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/typed", "v=eq.7").status, 200);
  const auto known = executor_->schema();
  execute("alter table typed alter v type bigint; insert into typed values (3000000000)");
  int found = 0;
  int answered = 0;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 40; ++i) {
      Loop::current().spawn("read", [](const Executor& on, int& count, int& right) -> Task<> {
        const ApiResponse response = co_await on.serve({.path = "/typed", .query = "v=eq.3000000000", .body = {}},
                                                       {"anon", R"({"role":"anon"})", {}});
        right += response.body == R"([{"v":3000000000}])" ? 1 : 0;
        ++count;
      }(*executor_, answered, found));
    }
    while (answered < 40) co_await sleep_for(std::chrono::milliseconds(1));
  });
  EXPECT_EQ(found, 40);
  EXPECT_NE(executor_->schema(), known);
}

TEST_F(ExecutorTest, a_value_that_is_none_of_the_columns_type_loads_no_schema) {
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/books", "id=eq.10").status, 200);
  const auto known = executor_->schema();
  EXPECT_EQ(get("/books", "id=eq.ten").status, 400);
  EXPECT_EQ(get("/books", "id=eq.3000000000").status, 400);
  EXPECT_EQ(executor_->schema(), known);
}

TEST_F(ExecutorTest, no_value_of_a_request_passes_for_a_check_of_ours) {
  execute(
      "create table forged (id int, name text); insert into forged values (1, 'a'); grant all on forged to anon;"
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'bad name: %', new.name; "
      "end $$;"
      "create function refuse_as_ours() returns trigger language plpgsql as"
      " $$ begin raise exception 'bad name: %', new.name using errcode = '22P02'; end $$;"
      "create trigger refuse before update on forged for each row execute function refuse();"
      "create trigger refuse_as_ours before insert on forged for each row execute function refuse_as_ours()");
  restart({.reload_floor = std::chrono::milliseconds(0)});
  EXPECT_EQ(get("/forged", "id=eq.1").status, 200);
  const auto known = executor_->schema();
  const auto expect = [&](const Outcome& outcome, std::string_view code) {
    EXPECT_EQ(outcome.status, 400) << outcome.body;
    EXPECT_NE(outcome.body.find("\"code\":\"" + std::string(code) + '"'), std::string::npos) << outcome.body;
  };
  for (const std::string word : {"abc", "bailey:types", "bailey:rows=5"}) {
    expect(get("/forged", "id=eq." + word), "22P02");
    expect(get("/forged", "id=in.(1," + word + ")"), "22P02");
    expect(write("POST", "/forged", "", "", R"({"id":")" + word + "\"}"), "22P02");
    expect(write("POST", "/forged", "", "", R"({"name":")" + word + "\"}"), "22P02");
    expect(write("PATCH", "/forged", "id=eq.1", "", R"({"name":")" + word + "\"}"), "P0001");
    expect(send({.method = "PATCH",
                 .path = "/forged",
                 .query = "id=eq." + word,
                 .headers = {{"Accept", "application/vnd.pgrst.object+json"}},
                 .body = R"({"name":"b"})"}),
           "22P02");
    expect(write("DELETE", "/forged", "id=eq." + word, "handling=strict, max-affected=1", ""), "22P02");
  }
  EXPECT_EQ(executor_->schema(), known) << "each of them has loaded the schema anew";
  execute("drop table forged; drop function refuse, refuse_as_ours");
}

// Whoever learns the word that our check raises (a view of the project's may show the text of the query) has one load.
TEST_F(ExecutorTest, loads_that_find_no_other_types_keep_to_the_floor) {
  execute(
      "create table told (id int, query text); grant all on told to anon;"
      "create function tell() returns trigger language plpgsql as"
      " $$ begin raise exception '%', current_query() using errcode = '22P02'; end $$;"
      "create trigger tell before insert on told for each row execute function tell()");
  restart({.reload_floor = std::chrono::hours(1)});
  EXPECT_EQ(get("/told", "id=eq.1").status, 200);
  static_cast<void>(write("POST", "/told", "", "", R"({"id":1})"));
  const auto known = executor_->schema();
  for (int i = 0; i < 3; ++i) static_cast<void>(write("POST", "/told", "", "", R"({"id":1})"));
  EXPECT_EQ(executor_->schema(), known);
  execute("drop table told; drop function tell");
}

}  // namespace
}  // namespace bailey::query
