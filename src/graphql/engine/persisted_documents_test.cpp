#include <bailey/graphql/persisted.hpp>

#include <bailey/graphql/schema.hpp>
#include <graphql/engine/engine.hpp>

#include <gtest/gtest.h>

#include <unistd.h>
#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::string_view hello = "{ hello }";
constexpr std::string_view hello_hash =  // sha256sum
    "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065";

std::shared_ptr<const CompiledSchema> schema() {
  Schema schema;
  schema.query("hello", [](Arg<"name", std::optional<std::string>>) { return std::string("world"); });
  return schema.compile();
}

OperationRequest hashed(std::string_view hash, std::string_view query = {}) {
  return {.query = std::string(query), .document_id = std::string(hash), .is_hash = true};
}

std::expected<ReadyOperation, OperationFailure> ready(Engine& engine, OperationRequest asked) {
  static const Request nobodys;
  return engine.ready(std::move(asked), nobodys);
}

// "" where it can be executed.
std::string code_of(Engine& engine, OperationRequest asked) {
  const auto made = ready(engine, std::move(asked));
  if (made) return "";
  EXPECT_EQ(made.error().stage, Stage::lookup);
  return std::string(made.error().errors.front().extensions.at("code").as_string());
}

TEST(PersistedDocuments, that_a_client_has_sent_once_are_known_by_their_hash) {
  Engine engine(schema(), {});
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(code_of(engine, hashed(hello_hash, hello)), "");
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "");
  EXPECT_EQ(ready(engine, hashed(hello_hash))->document, ready(engine, {.query = std::string(hello)})->document);
}

TEST(PersistedDocuments, are_not_known_by_a_hash_that_is_not_theirs) {
  Engine engine(schema(), {});
  EXPECT_EQ(code_of(engine, hashed(hello_hash, "{ other: hello }")), "PERSISTED_QUERY_HASH_MISMATCH");
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "PERSISTED_QUERY_NOT_FOUND");
  // Nor is what cannot be executed.
  constexpr std::string_view nothing_hash = "919c0b7aa452b0b2fb42688461501bb8b0c3ef3b9d05ce7b9afd4f28bbe96ceb";
  EXPECT_EQ(ready(engine, hashed(nothing_hash, "{ nothing }")).error().stage, Stage::validation);
  EXPECT_EQ(code_of(engine, hashed(nothing_hash)), "PERSISTED_QUERY_NOT_FOUND");
}

TEST(PersistedDocuments, are_forgotten_when_others_are_asked_for) {
  Engine engine(schema(), {.cached_documents = 2});
  EXPECT_EQ(code_of(engine, hashed(hello_hash, hello)), "");
  EXPECT_EQ(code_of(engine, {.query = "{ a: hello }"}), "");
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "") << "it was asked for last";
  EXPECT_EQ(code_of(engine, {.query = "{ b: hello }"}), "");
  EXPECT_EQ(code_of(engine, {.query = "{ c: hello }"}), "");
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(code_of(engine, hashed(hello_hash, hello)), "") << "and may come back";
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "");
}

TEST(PersistedDocuments, are_refused_by_their_hash_where_that_is_switched_off) {
  Engine engine(schema(), {}, {.automatic = false});
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "PERSISTED_QUERY_NOT_SUPPORTED");
  EXPECT_EQ(code_of(engine, hashed(hello_hash, hello)), "");
  EXPECT_EQ(code_of(engine, hashed(hello_hash)), "PERSISTED_QUERY_NOT_SUPPORTED");
}

TEST(TrustedDocuments, are_executed_by_their_ids) {
  Engine engine(schema(), {}, {.trusted = {{"hi", "query Hi { hello }"}}});
  EXPECT_EQ(code_of(engine, {.document_id = "hi"}), "");
  EXPECT_EQ(ready(engine, {.document_id = "hi"})->operation->name.text, "Hi");
  EXPECT_EQ(code_of(engine, hashed("hi")), "") << "as the hash of Apollo's extension";
  EXPECT_EQ(code_of(engine, {.document_id = "ho"}), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(code_of(engine, {.query = "{ hello }"}), "") << "and others besides";
}

TEST(TrustedDocuments, are_all_that_is_executed_where_the_options_say_so) {
  Engine engine(schema(), {}, {.trusted = {{"hi", "{ hello }"}}, .only_trusted = true});
  EXPECT_EQ(code_of(engine, {.document_id = "hi"}), "");
  EXPECT_EQ(code_of(engine, {.query = "{ hello }"}), "") << "one of them, sent whole";
  EXPECT_EQ(code_of(engine, {.query = "{ hello } "}), "PERSISTED_QUERY_NOT_IN_LIST");
  EXPECT_EQ(code_of(engine, {.document_id = "ho"}), "PERSISTED_QUERY_NOT_IN_LIST");
  EXPECT_EQ(code_of(engine, hashed(hello_hash, "{ __typename }")), "PERSISTED_QUERY_NOT_IN_LIST");
  EXPECT_EQ(ready(engine, {.query = "{ __typename }", .document_id = "hi"})->document->document().text(), "{ hello }")
      << "what is sent beside an id is not looked at";
}

TEST(TrustedDocuments, that_the_schema_cannot_execute_are_all_told_at_the_start) {
  try {
    const Engine engine(schema(), {}, {.trusted = {{"a", "{ nothing }"}, {"b", "{ hello }"}, {"c", "{"}}});
    FAIL() << "it has started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "invalid_setting");
    EXPECT_NE(error.message().find("a: Cannot query field"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("c: Syntax Error"), std::string::npos) << error.message();
    EXPECT_EQ(error.message().find("b: "), std::string::npos) << error.message();
  }
  EXPECT_THROW(Engine(schema(), {}, {.only_trusted = true}), Error) << "nothing could be executed";
}

class TrustedDocumentsFile : public ::testing::Test {
 protected:
  ~TrustedDocumentsFile() override { std::filesystem::remove(path_); }
  [[nodiscard]] TrustedDocuments read(std::string_view text) const {
    std::ofstream(path_) << text;
    return read_trusted_documents(path_);
  }
  [[nodiscard]] std::string refusal(std::string_view text) const {
    try {
      static_cast<void>(read(text));
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("documents-" + std::to_string(::getpid()) + ".json");
};

TEST_F(TrustedDocumentsFile, is_what_the_tools_write) {
  EXPECT_EQ(read(R"({"a1": "{ hello }", "b2": "{ b: hello }"})"),
            (TrustedDocuments{{"a1", "{ hello }"}, {"b2", "{ b: hello }"}}));
  EXPECT_EQ(read(R"({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
                      {"id": "a1", "name": "A", "type": "query", "body": "query A { hello }"}]})"),
            (TrustedDocuments{{"a1", "query A { hello }"}}));
}

TEST_F(TrustedDocumentsFile, that_is_wrong_is_refused_with_what_is_wrong) {
  EXPECT_NE(refusal("{").find("no JSON"), std::string::npos);
  EXPECT_NE(refusal("[]").find("an object from ids to documents is wanted"), std::string::npos);
  EXPECT_NE(refusal(R"({"a": 1})").find("the document of \"a\" is no string"), std::string::npos);
  EXPECT_NE(refusal(R"({"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]})").find("\"body\""),
            std::string::npos);
  std::filesystem::remove(path_);
  EXPECT_THROW(static_cast<void>(read_trusted_documents(path_)), Error);
  EXPECT_THROW(static_cast<void>(read_trusted_documents(std::filesystem::temp_directory_path())), Error);
}

}  // namespace
}  // namespace bailey::graphql
