#include <bailey/query/compile.hpp>
#include <bailey/query/parse.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace bailey::query {
namespace {

SchemaCache schema() {
  const auto column = [](std::string name, std::string type, std::optional<std::string> value = {}) {
    return ColumnInfo{.name = std::move(name), .type = type, .base_type = type, .default_expression = std::move(value)};
  };
  RelationInfo cards{.schema = "public", .name = "cards", .primary_key = {"id"}};
  cards.columns = {column("id", "bigint", "nextval('s')"),
                   column("name", "text"),
                   column("data", "jsonb"),
                   column("words", "tsvector"),
                   column("tags", "text[]"),
                   column("we\"ird", "text")};
  RelationInfo log{.schema = "public", .name = "log"};
  log.columns = {column("line", "text")};
  RelationInfo other{.schema = "api", .name = "things"};
  return SchemaCache({"public", "api"}, {cards, log, other});
}

std::expected<Compiled, RestError> compiled(RequestParts request, CompileOptions options = {.requires_where = false}) {
  if (request.path.empty()) request.path = "/cards";
  const auto query = parse(request);
  if (!query) return std::unexpected(query.error());
  return compile(*query, schema(), options);
}

std::string sql_of(const RequestParts& request) {
  const auto result = compiled(request);
  EXPECT_TRUE(result.has_value()) << request.query << ": " << (result ? "" : result.error().to_json());
  return result ? result->sql : "";
}

std::vector<std::string> values_of(const Compiled& statement) {
  std::vector<std::string> values;
  for (const pg::Parameter& parameter : statement.parameters) values.push_back(parameter.value.value_or("<null>"));
  return values;
}

std::string source_of(const RequestParts& request) {
  const std::string sql = sql_of(request);
  const std::string_view begin = "WITH pgrst_source AS (";
  EXPECT_TRUE(sql.starts_with(begin)) << sql;
  std::size_t depth = 1;
  std::size_t at = begin.size();
  for (; at < sql.size() && depth > 0; ++at) depth += sql[at] == '(' ? 1U : sql[at] == ')' ? std::size_t(-1) : 0U;
  return sql.substr(begin.size(), at - 1 - begin.size());
}

TEST(Identifier, is_quoted_so_that_nothing_escapes) {
  EXPECT_EQ(quote_identifier("a"), "\"a\"");
  EXPECT_EQ(quote_identifier("a\"; drop table x; --"), "\"a\"\"; drop table x; --\"");
  EXPECT_EQ(quote_identifier("\"\""), "\"\"\"\"\"\"");
  EXPECT_EQ(quote_identifier(std::string_view("a\0b", 3)), "\"a\"");
  EXPECT_EQ(quote_identifier("ü\\'"), "\"ü\\'\"");
}

TEST(Identifier, castable_names_hold_words_only) {
  for (const std::string name : {"int", "double precision", "_int4", "timestamp with time zone", "Typ"})
    EXPECT_TRUE(is_castable_name(name)) << name;
  for (const std::string name : {"", "1", "$1", " int", "int)", "int;", "a.b", "\"x\"", "int--", "text[]", "a'b",
                                 "a\nb", "setof int", "SETOF text", "unknown", "Unknown"})
    EXPECT_FALSE(is_castable_name(name)) << name;
}

TEST(CompileRead, writes_each_filter_with_parameters) {
  const std::vector<std::pair<std::string, std::string>> filters{
      {"id=eq.1", R"("cards"."id" = $1)"},
      {"id=not.eq.1", R"(NOT ("cards"."id" = $1))"},
      {"id=neq.1", R"("cards"."id" <> $1)"},
      {"name=like.*a*", R"("cards"."name" LIKE $1)"},
      {"name=ilike(all).{a*,b}", R"("cards"."name" ILIKE ALL ($1))"},
      {"name=imatch.^a", R"("cards"."name" ~* $1)"},
      {"id=eq(any).{1,2}", R"("cards"."id" = ANY ($1))"},
      {"id=in.(1,2)", R"("cards"."id" = ANY ($1))"},
      {"name=is.null", R"("cards"."name" IS NULL)"},
      {"name=not.is.not_null", R"(NOT ("cards"."name" IS NOT NULL))"},
      {"name=isdistinct.a", R"("cards"."name" IS DISTINCT FROM $1)"},
      {"name=fts.a", R"(pg_catalog.to_tsvector("cards"."name") @@ pg_catalog.to_tsquery($1))"},
      {"name=wfts(english).a",
       R"(pg_catalog.to_tsvector($1::pg_catalog.regconfig, "cards"."name") @@ pg_catalog.websearch_to_tsquery($1::pg_catalog.regconfig, $2))"},
      {"words=plfts.a", R"("cards"."words" @@ pg_catalog.plainto_tsquery($1))"},
      {"tags=cs.{a}", R"("cards"."tags" @> $1)"},
      {"tags=cd.{a}", R"("cards"."tags" <@ $1)"},
      {"tags=ov.{a}", R"("cards"."tags" && $1)"},
      {"id=adj.x", R"("cards"."id" -|- $1)"},
      {"id=nxl.x", R"("cards"."id" &> $1)"},
      {"data->>a=eq.1", R"(("cards"."data" ->> $1::pg_catalog.text) = $2)"},
      {"tags->0=eq.1", R"((pg_catalog.to_jsonb("cards"."tags") -> $1::pg_catalog.int4) = $2)"},
      {"or=(id.eq.1,not.and(name.is.null,id.gt.2))",
       R"(("cards"."id" = $1 OR NOT ("cards"."name" IS NULL AND "cards"."id" > $2)))"}};
  for (const auto& [query, sql] : filters) {
    EXPECT_EQ(source_of({.query = query}), R"(SELECT "cards".* FROM "public"."cards" WHERE )" + sql) << query;
  }
}

TEST(CompileRead, writes_select_order_and_page) {
  EXPECT_EQ(source_of({.query = "select=id,n:name,id::text,data->a->>0,*"}),
            R"(SELECT "cards"."id", "cards"."name" AS "n", CAST("cards"."id" AS text) AS "id", ("cards"."data" -> )"
            R"($1::pg_catalog.text ->> $2::pg_catalog.int4) AS "a", "cards".* FROM "public"."cards")");
  EXPECT_EQ(
      source_of({.query = "order=id.desc.nullslast,name&limit=5&offset=3"}),
      R"(SELECT "cards".* FROM "public"."cards" ORDER BY "cards"."id" DESC NULLS LAST, "cards"."name" LIMIT $1 OFFSET $2)");
}

TEST(CompileRead, binds_values_as_postgresql_writes_them) {
  EXPECT_EQ(values_of(*compiled({.query = "name=like.*a*"})), (std::vector<std::string>{"%a%"}));
  EXPECT_EQ(values_of(*compiled({.query = "name=match.*a*"})), (std::vector<std::string>{"*a*"}));
  EXPECT_EQ(values_of(*compiled({.query = R"(name=in.(a,"b,\"c\"",d\e))"})),
            (std::vector<std::string>{R"({"a","b,\"c\"","d\\e"})"}));
  EXPECT_EQ(values_of(*compiled({.query = "name=in.()"})), (std::vector<std::string>{"{}"}));
}

TEST(CompileRead, caps_rows_without_touching_the_count) {
  const auto statement = compiled({.query = "limit=50", .headers = {{"Prefer", "count=exact"}}}, {.max_rows = 10});
  ASSERT_TRUE(statement);
  EXPECT_EQ(values_of(*statement), (std::vector<std::string>{"10"}));
  EXPECT_NE(statement->sql.find("pgrst_count AS (SELECT 1 FROM \"public\".\"cards\")"), std::string::npos);
}

TEST(CompileRead, measures_the_body_by_the_aggregate_it_is_made_of) {
  const CompileOptions options{.body_limit_bytes = 1000};
  const auto check_of = [&](RequestParts request) {
    const std::string sql = compiled(std::move(request), options)->sql;
    const std::size_t begin = sql.find("(CASE WHEN pg_catalog.pg_column_size(");
    return begin == std::string::npos ? "" : sql.substr(begin, sql.find(" AS size", begin) - begin);
  };
  const std::string check = check_of({});
  const std::string_view begin = "(CASE WHEN pg_catalog.pg_column_size(pg_catalog.json_agg(pgrst_row)) > 1004 THEN '";
  ASSERT_TRUE(check.starts_with(begin)) << check;
  const std::string token = check.substr(begin.size(), check.find('\'', begin.size()) - begin.size());
  EXPECT_TRUE(check.ends_with(token + "' ELSE '0' END)::pg_catalog.int4")) << check;
  EXPECT_TRUE(check_of({.headers = {{"Accept", "text/csv"}}}).contains("(pg_catalog.string_agg("));
  EXPECT_EQ(check_of({.method = "HEAD"}), "");
  EXPECT_FALSE(sql_of({}).contains("pg_column_size"));
  EXPECT_TRUE(failed_size_check("invalid input syntax for type integer: \"" + token + '"'));
  EXPECT_FALSE(failed_size_check("invalid input syntax for type integer: \"bailey:bytes\"")) << "a guess";
}

TEST(CompileRead, has_one_text_for_one_shape) {
  EXPECT_EQ(sql_of({.query = "id=eq.1&name=in.(a,b)&limit=1"}), sql_of({.query = "id=eq.99&name=in.(c)&limit=7"}));
}

TEST(Compile, names_unknown_schemas_relations_and_columns) {
  const auto in_schema = compiled({.headers = {{"Accept-Profile", "secret"}}});
  ASSERT_FALSE(in_schema);
  EXPECT_EQ(in_schema.error().to_json(),
            R"({"code":"PGRST106","details":null,"hint":"Only the following schemas are exposed: public, api",)"
            R"("message":"Invalid schema: secret"})");
  const auto relation = compiled({.path = "/card"});
  ASSERT_FALSE(relation);
  EXPECT_EQ(relation.error().http_status(), 404);
  EXPECT_EQ(relation.error().to_json(),
            R"({"code":"PGRST205","details":null,"hint":"Perhaps you meant the table 'public.cards'",)"
            R"("message":"Could not find the table 'public.card' in the schema cache"})");
  const auto column = compiled({.method = "POST", .body = R"({"nmae":1})"});
  ASSERT_FALSE(column);
  EXPECT_EQ(column.error().code(), "PGRST204");
  EXPECT_EQ(column.error().message(), "Could not find the 'nmae' column of 'cards' in the schema cache");
}

TEST(CompileMutation, inserts_from_one_json_parameter) {
  EXPECT_EQ(
      source_of({.method = "POST", .body = R"([{"name":"a","id":1}])"}),
      R"(INSERT INTO "public"."cards"("id", "name") SELECT pgrst_body."id", pgrst_body."name" FROM (SELECT $1::json )"
      R"(AS data) pgrst_payload, LATERAL (SELECT "id", "name" FROM pg_catalog.json_to_recordset(pgrst_payload.data) )"
      R"(AS _("id" bigint, "name" text)) pgrst_body RETURNING 1)");
  EXPECT_EQ(
      source_of({.method = "POST", .body = "{}"}),
      R"(INSERT INTO "public"."cards" SELECT FROM pg_catalog.json_array_elements(pg_catalog.json_build_array($1::json)))"
      R"( pgrst_body RETURNING 1)");
}

TEST(CompileMutation, returns_what_the_answer_needs) {
  const auto returning = [](std::string query, std::string preference) {
    const std::string sql =
        source_of({.method = "DELETE", .query = std::move(query), .headers = {{"Prefer", preference}}});
    return sql.substr(sql.find("RETURNING "));
  };
  EXPECT_EQ(returning("", "return=minimal"), "RETURNING 1");
  EXPECT_EQ(returning("", "return=headers-only"), R"(RETURNING "cards"."id")");
  EXPECT_EQ(returning("", "return=representation"), R"(RETURNING "cards".*)");
  EXPECT_EQ(returning("select=name&order=data", "return=representation"),
            R"(RETURNING "cards"."data", "cards"."id", "cards"."name")");
  EXPECT_EQ(returning("select=*,computed", "return=representation"), R"(RETURNING "cards".*, "cards"."computed")");
}

TEST(CompileMutation, updates_nothing_without_columns) {
  EXPECT_EQ(source_of({.method = "PATCH", .body = "{}"}), R"(SELECT 1 FROM "public"."cards" WHERE false)");
  EXPECT_EQ(source_of({.method = "PATCH", .body = "[]"}), R"(SELECT 1 FROM "public"."cards" WHERE false)");
}

TEST(CompileMutation, of_all_rows_is_refused_unless_that_is_switched_off) {
  struct Case {
    RequestParts request;
    std::string message;  // "" for none
  };
  const std::vector<Case> cases{
      {{.method = "DELETE"}, "DELETE requires a WHERE clause"},
      {{.method = "DELETE", .query = "select=id&order=id&limit=1"}, "DELETE requires a WHERE clause"},
      {{.method = "PATCH", .body = R"({"name":"x"})"}, "UPDATE requires a WHERE clause"},
      {{.method = "PATCH", .query = "limit=1&order=id", .body = R"([{"name":"x"}])"}, "UPDATE requires a WHERE clause"},
      {{.method = "PATCH", .query = "columns=name", .body = "{}"}, "UPDATE requires a WHERE clause"},
      {{.method = "PATCH", .body = "{}"}, ""},
      {{.method = "PATCH", .body = "[]"}, ""},
      {{.method = "DELETE", .query = "id=not.is.null"}, ""},
      {{.method = "DELETE", .query = "and=(id.gt.1)"}, ""},
      {{.method = "PATCH", .query = "not.or=(id.eq.1)", .body = R"({"name":"x"})"}, ""},
      {{.method = "GET"}, ""},
      {{.method = "POST", .headers = {{"Prefer", "resolution=merge-duplicates"}}, .body = R"({"id":1})"}, ""}};
  for (const Case& c : cases) {
    const auto result = compiled(c.request, {});
    EXPECT_EQ(result.has_value(), c.message.empty()) << c.request.method << ' ' << c.request.query;
    EXPECT_TRUE(compiled(c.request, {.requires_where = false})) << c.request.method << ' ' << c.request.query;
    if (result) continue;
    EXPECT_EQ(result.error().code(), "21000");
    EXPECT_EQ(result.error().http_status(), 400);
    EXPECT_EQ(result.error().message(), c.message);
  }
  EXPECT_FALSE(parse({.method = "DELETE", .path = "/cards", .query = "and=()"}));
  EXPECT_EQ(compiled({.method = "DELETE", .path = "/nowhere"}, {}).error().code(), "PGRST205");
}

TEST(CompileMutation, names_the_conflict_target) {
  const auto conflict = [](std::string query, std::string preference) {
    const std::string sql = sql_of(
        {.method = "POST", .query = std::move(query), .headers = {{"Prefer", preference}}, .body = R"({"name":"a"})"});
    const std::size_t at = sql.find("ON CONFLICT");
    return at == std::string::npos ? "" : sql.substr(at, sql.find(" WHERE", at) - at).substr(0, 70);
  };
  EXPECT_EQ(conflict("", "resolution=merge-duplicates"),
            R"(ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name")");
  EXPECT_TRUE(
      conflict("on_conflict=name", "resolution=ignore-duplicates").starts_with(R"(ON CONFLICT ("name") DO NOTHING)"));
  EXPECT_EQ(conflict("", "return=minimal"), "");
  EXPECT_EQ(sql_of({.method = "POST",
                    .path = "/log",
                    .headers = {{"Prefer", "resolution=merge-duplicates"}},
                    .body = R"({"line":"a"})"})
                .find("ON CONFLICT"),
            std::string::npos);
}

TEST(CompileMutation, checks_inside_the_statement) {
  const std::string object = sql_of({.method = "DELETE", .headers = {{"Accept", "application/vnd.pgrst.object+json"}}});
  const std::string_view raised = "CASE WHEN pg_catalog.count(pgrst_row) <> 1 THEN ('";
  const std::size_t start = object.find(raised);
  ASSERT_NE(start, std::string::npos);
  const std::string token =
      object.substr(start + raised.size(), object.find('\'', start + raised.size()) - start - raised.size());
  const auto limited = compiled({.method = "DELETE", .headers = {{"Prefer", "handling=strict, max-affected=3"}}});
  EXPECT_NE(limited->sql.find("CASE WHEN pg_catalog.count(pgrst_row) > $1::bigint"), std::string::npos);
  EXPECT_EQ(sql_of({.method = "DELETE", .headers = {{"Prefer", "max-affected=3"}}}).find(token), std::string::npos);
  EXPECT_EQ(failed_check("invalid input syntax for type bigint: \"" + token + "12\""), 12);
  EXPECT_EQ(failed_check("invalid input syntax for type bigint: \"bailey:rows=12\""), std::nullopt) << "a guess";
  EXPECT_EQ(failed_check("invalid input syntax for type bigint: \"12\""), std::nullopt);
}

// Whatever a stranger writes must end up inside a quoted identifier or a parameter: outside of these the SQL holds only
// what the compiler wrote itself.
TEST(Compile, keeps_strangers_texts_out_of_sql) {
  const std::string attack = "x\"'); drop table cards; --";
  const std::string encoded = "x%22')%3B drop table cards%3B --";
  const std::string quoted = "%22x%5C%22')%3B drop table cards%3B --%22";
  const std::vector<RequestParts> requests{
      {.query = "name=eq." + encoded},
      {.query = "name=in.(" + quoted + ")"},
      {.query = "name=like(any)." + encoded},
      {.query = quoted + "=eq.1"},
      {.query = "data->" + quoted + "=eq.1"},
      {.query = "select=" + quoted},
      {.query = "select=" + quoted + ":name"},
      {.query = "select=data->" + quoted},
      {.query = "order=" + quoted},
      {.query = "or=(name.eq." + quoted + "," + quoted + ".is.null)"},
      {.query = "name=fts(english)." + encoded},
      {.method = "POST",
       .query = "on_conflict=" + quoted,
       .headers = {{"Prefer", "resolution=merge-duplicates"}},
       .body = R"({"name":"x\"'); drop table cards; --"})"},
      {.method = "DELETE", .query = quoted + "=eq.1&name=eq." + encoded},
      {.method = "PATCH", .query = "columns=name", .body = "{\"name\": '); drop table cards; --"}};
  for (const RequestParts& request : requests) {
    std::string sql = sql_of(request);
    const std::string identifier = quote_identifier(attack);
    for (std::size_t at = sql.find(identifier); at != std::string::npos; at = sql.find(identifier))
      sql.erase(at, identifier.size());
    EXPECT_EQ(sql.find("drop table"), std::string::npos) << sql;
  }
  for (const std::string cast : {"text); drop table cards; --", "int[]", "$1", "text as x", "\"x\""}) {
    const ApiRequest query{.relation = "cards", .select = {Column{{"id", {}}, "", cast}}};
    const auto result = compile(query, schema());
    if (result) {
      EXPECT_TRUE(is_castable_name(cast)) << cast;
    } else {
      EXPECT_EQ(result.error().code(), "42704") << cast;
    }
  }
  for (const std::string table : {"cards\"; drop table cards; --", "cards' or '1'='1"}) {
    EXPECT_EQ(compile(ApiRequest{.relation = table}, schema()).error().code(), "PGRST205");
    EXPECT_EQ(compile(ApiRequest{.schema = table, .relation = "cards"}, schema()).error().code(), "PGRST106");
  }
}

}  // namespace
}  // namespace bailey::query
