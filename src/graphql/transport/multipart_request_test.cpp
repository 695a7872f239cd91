// Operations that bring files.
#include <bailey/graphql/graphql.hpp>

#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {
namespace {

struct Portrait {
  Upload file;
  std::optional<std::string> caption;
};

struct Part {
  std::string_view name, value, filename{};
};
std::string multipart(const std::vector<Part>& parts) {
  std::string body;
  for (const Part& part : parts) {
    body.append("--limit\r\nContent-Disposition: form-data; name=\"").append(part.name).append("\"");
    if (!part.filename.empty()) body.append("; filename=\"").append(part.filename).append("\"");
    body.append("\r\n\r\n").append(part.value).append("\r\n");
  }
  return body + "--limit--\r\n";
}

class MultipartRequest : public ::testing::Test {
 protected:
  MultipartRequest() {
    Schema schema;
    schema.query("hello", [] { return 1; });
    // [upload]
    schema.mutation("one", [](Arg<"file", Upload> file) -> Task<std::string> {
      const std::string bytes = co_await file->read();
      co_return file->filename() + " " + std::to_string(file->size()) + " " + bytes;
    });
    // [/upload]
    schema.query("length", [](Arg<"file", Upload> file) -> Task<int> {
      int length = 0;
      for (std::string part = co_await file->read(100'000); !part.empty(); part = co_await file->read(100'000))
        length += static_cast<int>(part.size());
      co_return length;
    });
    schema.mutation("many", [](Arg<"files", std::vector<Upload>> files) {
      std::string names;
      for (const Upload& file : *files) names += file.filename() + " ";
      return names;
    });
    schema.query("told", [](Arg<"text"> text) { return *text; });
    schema.query("json", [](Arg<"value", json::value> value) { return *value; });
    schema.mutation("portrait", [](Arg<"portrait", Portrait> portrait) {
      return portrait->caption.value_or("") + " " + portrait->file.filename();
    });
    app_.graphql("/graphql", schema, {.uploads = true, .max_batch = 2});
    app_.graphql("/none", schema);
  }
  TestReply send(const std::vector<Part>& parts, std::string_view path = "/graphql",
                 TestClient::Headers headers = {{"GraphQL-Require-Preflight", "1"}}) {
    TestClient client(app_);
    headers.emplace_back("Content-Type", "multipart/form-data; boundary=limit");
    return client.send("POST", path, multipart(parts), std::move(headers));
  }
  App app_;
};

TEST_F(MultipartRequest, brings_files_where_its_map_says) {
  EXPECT_EQ(send({{"operations", R"({"query": "mutation ($f: Upload!) { one(file: $f) }", "variables": {"f": null}})"},
                  {"map", R"({"a": ["variables.f"]})"},
                  {"a", "bytes", "a.txt"}})
                .body,
            R"({"data":{"one":"a.txt 5 bytes"}})");
  EXPECT_EQ(send({{"operations",
                   R"({"query": "mutation ($f: [Upload!]!) { many(files: $f) }", "variables": {"f": [null, null]}})"},
                  {"map", R"({"0": ["variables.f.1"], "1": ["variables.f.0"]})"},
                  {"0", "0", "zero"},
                  {"1", "1", "one"}})
                .body,
            R"({"data":{"many":"one zero "}})");
  EXPECT_EQ(send({{"operations", R"({"query": "mutation ($p: Portrait!) { portrait(portrait: $p) }",
                                     "variables": {"p": {"caption": "me", "file": null}}})"},
                  {"map", R"({"0": ["variables.p.file"]})"},
                  {"0", "0", "../../etc/passwd"}})
                .body,
            R"({"data":{"portrait":"me passwd"}})");
}

TEST_F(MultipartRequest, may_be_a_batch_whose_operations_share_a_file) {
  constexpr std::string_view one = R"({"query": "mutation ($f: Upload!) { one(file: $f) }", "variables": {"f": null}})";
  EXPECT_EQ(send({{"operations", "[" + std::string(one) + "," + std::string(one) + "]"},
                  {"map", R"({"a": ["0.variables.f", "1.variables.f"]})"},
                  {"a", "bytes", "a"}})
                .body,
            R"([{"data":{"one":"a 5 bytes"}},{"data":{"one":"a 5 bytes"}}])");
}

TEST_F(MultipartRequest, brings_a_file_for_several_fields_each_of_which_reads_all_of_it) {
  for (const std::size_t size : {5UZ, 300'000UZ, 1'000'000UZ}) {  // in memory, and in a file
    const std::string bytes(size, 'x');
    const std::string length = std::to_string(size);
    EXPECT_EQ(
        send({{"operations", R"({"query": "query ($f: Upload!, $g: Upload!) { a: length(file: $f) b: length(file: $f) )"
                             R"(c: length(file: $g) }", "variables": {"f": null, "g": null}})"},
              {"map", R"({"a": ["variables.f", "variables.g"]})"},
              {"a", bytes, "a"}})
            .body,
        R"({"data":{"a":)" + length + R"(,"b":)" + length + R"(,"c":)" + length + "}}");
  }
}

TEST_F(MultipartRequest, that_is_wrong_is_refused_with_what_is_wrong) {
  constexpr std::string_view operations =
      R"({"query": "mutation ($f: Upload!) { one(file: $f) }", "variables": {"f": null, "g": 1}})";
  struct Case {
    std::vector<Part> parts;
    std::string_view message;
  };
  const Part file{"a", "bytes", "a"};
  for (const Case& c : std::vector<Case>{
           {{}, "The form has no part \"operations\", which is JSON."},
           {{{"operations", operations}, file}, "The form has no part \"map\", which is JSON."},
           {{{"operations", "{"}, {"map", "{}"}}, "The part \"operations\" is no JSON"},
           {{{"operations", operations}, {"map", "[]"}}, "The part \"map\" is an object"},
           {{{"operations", operations}, {"map", R"({"b": ["variables.f"]})"}, file}, "names a file"},
           {{{"operations", operations}, {"map", R"({"a": "variables.f"})"}, file}, "has a list of paths"},
           {{{"operations", operations}, {"map", R"({"a": [1]})"}, file}, "has a path at which there is no null"},
           {{{"operations", operations}, {"map", R"({"a": ["variables.g"]})"}, file}, "at which there is no null"},
           {{{"operations", operations}, {"map", R"({"a": ["variables.h"]})"}, file}, "at which there is no null"},
           {{{"operations", operations}, {"map", R"({"a": ["variables.f", "variables.f"]})"}, file},
            "there is no null"},
           {{{"operations", operations}, {"map", R"({"a": [""]})"}, file}, "at which there is no null"},
           {{{"operations", "{}"}, {"map", "{}"}}, "The parameter \"query\" is missing"},
       }) {
    const TestReply reply = send(c.parts);
    EXPECT_EQ(reply.status, 400) << c.message;
    EXPECT_NE(reply.body.find(json::serialize(json::string(c.message)).substr(1, c.message.size())), std::string::npos)
        << c.message << "\n"
        << reply.body;
  }
}

TEST_F(MultipartRequest, has_no_file_where_the_schema_wants_something_else) {
  struct Case {
    std::string_view operations, path, message;
  };
  for (
      const Case& c : std::vector<Case>{
          {R"({"query": "query ($t: String!) { told(text: $t) }", "variables": {"t": null}})", "variables.t",
           R"(Variable \"$t\" got a file at \"t\", which is of type \"String\"; a file is an \"Upload\".)"},
          {R"({"query": "query ($v: JSON!) { json(value: $v) }", "variables": {"v": {"a": [1, null]}}})",
           "variables.v.a.1", R"(Variable \"$v\" got a file at \"v\", which is of type \"JSON\")"},
          {R"({"query": "mutation ($p: Portrait!) { portrait(portrait: $p) }", "variables": {"p": null}})",
           "variables.p", R"(Variable \"$p\" got a file at \"p\", which is of type \"Portrait\")"},
          {R"({"query": "mutation ($p: Portrait!) { portrait(portrait: $p) }", "variables": {"p": {"caption": null}}})",
           "variables.p.caption", R"(Variable \"$p\" got a file at \"p.caption\", which is of type \"String\")"},
      }) {
    const TestReply reply = send({{"operations", c.operations},
                                  {"map", to_json_text(json::object{{"a", json::array{c.path}}})},
                                  {"a", "bytes", "a"}});
    EXPECT_NE(reply.body.find(c.message), std::string::npos) << reply.body;
    EXPECT_EQ(reply.body.find("\"data\""), std::string::npos) << reply.body;
  }
  // What a client writes is text, though it may look like what stands for a file.
  EXPECT_EQ(
      send({{"operations", R"({"query": "query ($t: String!) { told(text: $t) }", "variables": {"t": "upload:0"}})"},
            {"map", R"({"a": []})"},
            {"a", "bytes", "a"}})
          .body,
      R"({"data":{"told":"upload:0"}})");
}

TEST_F(MultipartRequest, has_files_where_its_map_says_and_nowhere_else) {
  for (const std::string_view operations :
       {R"({"query": "mutation { one(file: \"upload:0\") }"})",
        R"({"query": "mutation ($f: Upload! = \"upload:0\") { one(file: $f) }"})",
        R"({"query": "mutation ($f: Upload!) { one(file: $f) }", "variables": {"f": "upload:0"}})"}) {
    const TestReply reply = send({{"operations", operations}, {"map", R"({"a": []})"}, {"a", "bytes", "a"}});
    EXPECT_NE(reply.body.find("An Upload is a file of a multipart request"), std::string::npos) << reply.body;
  }
}

TEST_F(MultipartRequest, is_taken_only_where_no_stranger_can_have_sent_it) {
  const std::vector<Part> parts{{"operations", R"({"query": "{ hello }"})"}, {"map", "{}"}};
  EXPECT_EQ(send(parts).body, R"({"data":{"hello":1}})");
  EXPECT_EQ(send(parts, "/graphql", {}).status, 403);
  EXPECT_EQ(send(parts, "/graphql", {{"X-Requested-With", "XMLHttpRequest"}}).status, 200);
  EXPECT_EQ(send(parts, "/none").status, 415) << "uploads are off";
}

TEST_F(MultipartRequest, is_the_only_one_in_which_an_upload_is_anything) {
  TestClient client(app_);
  for (const char* variable : {"upload:0", "a"}) {
    const TestReply reply = client.post("/graphql", json::object{{"query", "mutation ($f: Upload!) { one(file: $f) }"},
                                                                 {"variables", {{"f", variable}}}});
    EXPECT_NE(reply.body.find("An Upload is a file of a multipart request"), std::string::npos) << reply.body;
  }
}

}  // namespace
}  // namespace bailey::graphql
