#pragma once

#include <bailey/graphql/mount.hpp>
#include <bailey/graphql/schema.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

// What an operation is given besides its document.
struct ExecuteOptions {
  json::object variables = {};
  std::string operation_name = {};  // of a document that has several
};

// What has come of an operation.
struct Executed {
  json::value data = {};         // null: nothing was executed, or an error has taken all with it
  json::array errors = {};       // as a response has them
  json::object extensions = {};  // what extensions have said
  bool was_executed = true;      // else the document or its variables are wrong

  // A member of the data as a T, by a JSON pointer: executed.at<std::vector<Book>>("/books"). Throws Error
  // "invalid_value" with what is wrong, and where.
  template <class T>
  [[nodiscard]] T at(std::string_view pointer) const {
    auto decoded = decode_json<T>(text_at(pointer));
    if (!decoded) fail(pointer, decoded.error());
    return std::move(*decoded);
  }

 private:
  [[nodiscard]] std::string text_at(std::string_view pointer) const;
  [[noreturn]] static void fail(std::string_view pointer, const ValidationErrors& errors);
};

// Executes operations of a schema without a server, a route or an app of one's own: for tests of resolvers, and for
// programs that ask their own schema. All is as it is over HTTP: bounds, rules, permissions, loaders, masked errors.
//
//   graphql::Executor executor(library_schema());
//   executor.provide(Catalogue{…}).use(signed_in({.email = "ada@example.com"}));
//   EXPECT_EQ(executor.execute("{ me }").data.at("me"), "ada@example.com");
//
// From plain code, of one thread at a time; what waits really waits.
class Executor {
 public:
  // Throws what mounting the schema throws.
  explicit Executor(const Schema& schema, OperationOptions options = {});
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // What resolvers take, as Router::provide has it: functions, values, std::ref. Before the first operation.
  template <class T>
  Executor& provide(T what) {
    app().provide(std::move(what));
    return *this;
  }
  // Who asks: guard's signed_in(…), or any guard. Before the first operation.
  Executor& use(Guard guard);

  // Executes a query or a mutation. Throws Error "invalid_service" where something that resolvers take is provided by
  // nobody, and whatever else an app's start throws.
  [[nodiscard]] Executed execute(std::string_view document, ExecuteOptions options = {});
  // All that a subscription is answered with until it ends by itself; "timeout" is thrown where it does not in 10 s.
  [[nodiscard]] std::vector<Executed> subscribe(std::string_view document, ExecuteOptions options = {});

 private:
  [[nodiscard]] App& app();
  [[nodiscard]] TestReply ask(std::string_view document, ExecuteOptions options, std::string_view accept);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bailey::graphql
