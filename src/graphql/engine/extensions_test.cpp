#include <bailey/graphql/extension.hpp>

#include <bailey/graphql/executor.hpp>
#include <bailey/graphql/graphql.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

using namespace std::chrono_literals;

namespace bailey::graphql {
namespace {

std::string_view in_words(Phase phase) {
  switch (phase) {
    case Phase::operation: return "operation";
    case Phase::parsing: return "parsing";
    case Phase::validation: return "validation";
    case Phase::execution: return "execution";
  }
  return "";
}

// Writes down what it is told: "operation[parsing[]…".
class Witness : public Extension {
 public:
  Witness(std::string name, std::string& log, std::string_view refuses = {})
      : name_(std::move(name)), log_(log), refuses_(refuses) {}

  void begin(Phase phase, const OperationView& operation) override {
    if (in_words(phase) == refuses_) throw GraphQLError(name_ + " says no", {.code = "NO"});
    log_.append(name_).append(in_words(phase)).append("[");
    if (phase == Phase::execution) log_.append(operation.name).append(to_json_text(operation.variables));
  }
  void end(Phase, const OperationView&) override {
    log_.append("]");
    if (refuses_ == "to end") throw std::runtime_error("the end");
  }
  void begin_field(const Info& info) override {
    if (info.field_name() == refuses_) throw GraphQLError("not this field");
    log_.append(name_).append(info.field_name()).append("(");
  }
  void end_field(const Info&) override { log_.append(")"); }
  void add_to(json::object& extensions) override { extensions[name_ + "seen"] = true; }

 private:
  std::string name_;
  std::string& log_;
  std::string_view refuses_;
};

// [extension]
class Timing : public Extension {
 public:
  void begin(Phase phase, const OperationView&) override {
    if (phase == Phase::execution) began_ = std::chrono::steady_clock::now();
  }
  void end(Phase phase, const OperationView&) override {
    if (phase == Phase::execution) took_ = std::chrono::steady_clock::now() - began_;
  }
  void add_to(json::object& extensions) override { extensions["tookNanoseconds"] = took_.count(); }

 private:
  std::chrono::steady_clock::time_point began_;
  std::chrono::nanoseconds took_{0};
};
// [/extension]

// Writes down which document it is.
class Reader : public Extension {
 public:
  explicit Reader(std::string& documents) : documents_(documents) {}
  void begin(Phase phase, const OperationView& operation) override {
    if (phase == Phase::operation) documents_.append(operation.document).append("\n");
  }

 private:
  std::string& documents_;
};

struct Desk {
  int number = 0;
};

struct Item {
  int number = 0;
  static void graphql(Type<Item>& type) {
    type.field("twice", [](const Item& item) { return 2 * item.number; });
  }
};

class ExtensionTest : public ::testing::Test {
 protected:
  ExtensionTest() {
    schema_.query("soon", [](Arg<"n", std::optional<int>>) { return Item{1}; });
    schema_.query("later", []() -> Task<std::optional<int>> {
      co_await sleep_for(1ms);
      co_return 1;
    });
    schema_.query("never", []() -> Task<int> {
      co_await sleep_for(1h);
      co_return 1;
    });
    schema_.subscription("count", [](Emit<int> emit) -> Task<> {
      for (int i = 1; i <= 2; ++i) co_await emit(i);
    });
  }
  void add(std::string name = "", std::string_view refuses = {}) {
    schema_.extension([this, name, refuses] { return std::make_unique<Witness>(name, log_, refuses); });
  }
  std::string log_;
  Schema schema_;
};

TEST_F(ExtensionTest, GoesAlongWithAnOperationFromBeginningToEnd) {
  add();
  Executor executor(schema_);
  const Executed executed =
      executor.execute("query A($n: Int) { soon(n: $n) { number twice } later }", {.variables = {{"n", 7}}});
  EXPECT_EQ(log_, "operation[parsing[]validation[]execution[A{\"n\":7}soon(twice())later()]]");
  EXPECT_EQ(executed.extensions, (json::object{{"seen", true}}));
  log_.clear();
  static_cast<void>(executor.execute("query A($n: Int) { soon(n: $n) { number twice } later }"));
  EXPECT_EQ(log_, "operation[execution[A{}soon(twice())later()]]") << "a document that is known is not read again";
}

TEST_F(ExtensionTest, IsToldOfWhatCannotBeExecuted) {
  add();
  Executor executor(schema_);
  EXPECT_EQ(executor.execute("{").extensions, (json::object{{"seen", true}}));
  EXPECT_EQ(log_, "operation[parsing[]]");
  log_.clear();
  static_cast<void>(executor.execute("{ nothing }"));
  EXPECT_EQ(log_, "operation[parsing[]validation[]]");
}

TEST_F(ExtensionTest, MayRefuseAndThoseAroundItAreToldOfTheEnd) {
  for (const std::string_view phase : {"operation", "parsing", "validation", "execution"}) {
    SCOPED_TRACE(phase);
    Schema schema;
    schema.query("soon", [] { return 1; });
    std::string log;
    schema.extension([&log] { return std::make_unique<Witness>("a:", log); });
    schema.extension([&log, phase] { return std::make_unique<Witness>("b:", log, phase); });
    Executor executor(schema);
    const Executed executed = executor.execute("{ soon }");
    EXPECT_FALSE(executed.was_executed);
    ASSERT_EQ(executed.errors.size(), 1U);
    EXPECT_EQ(executed.errors[0].at("message"), "b: says no");
    EXPECT_EQ(executed.errors[0].at_pointer("/extensions/code"), "NO");
    EXPECT_EQ(std::ranges::count(log, '['), std::ranges::count(log, ']')) << log;
  }
}

TEST_F(ExtensionTest, MayRefuseAField) {
  add("", "later");
  Executor executor(schema_);
  const Executed executed = executor.execute("{ soon { number } later }");
  EXPECT_EQ(executed.data, (json::object{{"soon", {{"number", 1}}}, {"later", nullptr}}));
  EXPECT_EQ(executed.errors.at(0).at("message"), "not this field");
}

TEST_F(ExtensionTest, ThatRefusesAFieldEndsItForThoseAroundIt) {
  add("a:");
  add("b:", "later");
  Executor executor(schema_);
  static_cast<void>(executor.execute("{ later }"));
  EXPECT_NE(log_.find("a:later()"), log_.npos) << log_;
}

TEST_F(ExtensionTest, MayBeNoneForAnOperation) {
  schema_.extension([] { return std::unique_ptr<Extension>(); });
  Executor executor(schema_);
  EXPECT_EQ(executor.execute("{ soon { number } }").data, (json::object{{"soon", {{"number", 1}}}}));
}

TEST_F(ExtensionTest, ThatCannotBeMadeIsTheErrorOfItsOperation) {
  schema_.extension([]() -> std::unique_ptr<Extension> { throw GraphQLError("not now", {.code = "BUSY"}); });
  Executor executor(schema_);
  const Executed executed = executor.execute("{ soon { number } }");
  EXPECT_FALSE(executed.was_executed);
  EXPECT_EQ(executed.errors.at(0).at_pointer("/extensions/code"), "BUSY");
}

TEST_F(ExtensionTest, IsToldOfTheEndOfWhatIsNeverExecuted) {
  schema_.query("desk", [](const Desk& desk) { return desk.number; });
  add();
  App app;
  app.provide([]() -> Desk { throw HttpError(403, "The desk is closed"); });
  app.graphql("/graphql", schema_, {.max_batch = 2});
  TestClient client(app);
  const auto begun_and_ended = [this] {
    const auto begun = std::ranges::count(log_, '[');
    const auto ended = std::ranges::count(log_, ']');
    EXPECT_GT(begun, 0);
    EXPECT_EQ(begun, ended) << log_;
    log_.clear();
  };
  for (const char* accept : {"application/json", "text/event-stream"}) {
    SCOPED_TRACE(accept);
    static_cast<void>(client.post("/graphql", json::object{{"query", "{ desk }"}}, {{"Accept", accept}}));
    begun_and_ended();
    EXPECT_EQ(client.head("/graphql?query=%7Bdesk%7D", {{"Accept", accept}}).body, "");
    begun_and_ended();
  }
  static_cast<void>(client.send("POST", "/graphql", R"([{"query": "{ desk }"}, {"query": "{ desk }"}])",
                                {{"Content-Type", "application/json"}}));
  begun_and_ended();
}

TEST_F(ExtensionTest, SaysSomethingOfWhatIsCancelledAtItsDeadline) {
  add();
  Executor executor(schema_, {.deadline = 20ms});
  try {
    static_cast<void>(executor.execute("{ never }"));
    FAIL() << "it is executed";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find(R"("extensions":{"seen":true})"), std::string::npos) << error.message();
  }
}

TEST_F(ExtensionTest, SeesTheDocumentThatIsNamed) {
  std::string documents;
  schema_.extension([&documents] { return std::make_unique<Reader>(documents); });
  App app;
  app.graphql("/graphql", schema_, {.persisted = {.trusted = {{"one", "{ soon { number } }"}}}});
  TestClient client(app);
  for (const json::object& asked :
       {json::object{{"documentId", "one"}}, json::object{{"documentId", "one"}, {"query", "{ something { else } }"}}})
    EXPECT_EQ(client.post("/graphql", asked).body, R"({"data":{"soon":{"number":1}}})");
  EXPECT_EQ(documents, "{ soon { number } }\n{ soon { number } }\n");
}

TEST_F(ExtensionTest, ThatFailsAtTheEndIsLoggedAndTheOperationAnswered) {
  add("", "to end");
  Executor executor(schema_);
  EXPECT_EQ(executor.execute("{ soon { number } }").data, (json::object{{"soon", {{"number", 1}}}}));
}

TEST_F(ExtensionTest, MeasuresWhatAnExecutionTakes) {
  // [add]
  schema_.extension([] { return std::make_unique<Timing>(); });
  // [/add]
  Executor executor(schema_);
  EXPECT_GT(executor.execute("{ later }").extensions.at("tookNanoseconds").as_int64(), 1'000'000);
}

TEST_F(ExtensionTest, SeesAnExecutionForEachEventOfASubscription) {
  add();
  Executor executor(schema_);
  const auto events = executor.subscribe("subscription { count }");
  EXPECT_EQ(log_, "operation[parsing[]validation[]execution[{}]execution[{}]]");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].extensions, (json::object{{"seen", true}}));
}

}  // namespace
}  // namespace bailey::graphql
