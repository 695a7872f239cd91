#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

#include "stack/auth/auth_error.hpp"
#include "tests/stack/live_stack.hpp"

// The parts of the auth server below its endpoints, on the shared stack's database.
namespace bailey::test {

inline pg::Database auth_database() {
  pg::Options options;
  options.connection_string = LiveStack::shared().cluster().service_connection_string("supabase_auth_admin");
  return pg::Database(options);
}

// Runs the body in a transaction of the auth server's. Returns "403 otp_expired: …" for the AuthError it ends with.
inline std::string in_transaction(std::function<Task<>(pg::Transaction&)> body) {
  std::string refusal;
  run_blocking([&]() -> Task<> {
    const pg::Database database = auth_database();
    try {
      co_await database.transaction([&](pg::Transaction& transaction) { return body(transaction); });
    } catch (const stack::auth::AuthError& error) {
      refusal = std::to_string(error.http_status()) + " " + error.code() + ": " + error.message();
    }
  });
  return refusal;
}

// What a select of one value gives; "" for NULL and for no row.
inline std::string value_of(const std::string& select) {
  const auto rows = LiveStack::shared().sql(select);
  return rows.empty() ? "" : rows.at(0).at(0).value_or("");
}

// Runs SQL as the superuser.
inline void execute(const std::string& sql) { LiveStack::shared().connect().execute(sql); }

struct Person {
  explicit Person(std::string_view name) {
    const boost::json::object session = LiveStack::shared().sign_up(name);
    id = Uuid::parse(std::string_view(session.at("user").at("id").as_string())).value();
    email = session.at("user").at("email").as_string();
  }
  // A value of their row in auth.users.
  [[nodiscard]] std::string column(const std::string& expression) const {
    return value_of("select (" + expression + ")::text from auth.users where id = '" + id.to_string() + "'");
  }
  void change(const std::string& assignments) const {
    execute("update auth.users set " + assignments + " where id = '" + id.to_string() + "'");
  }

  Uuid id;
  std::string email;
};

}  // namespace bailey::test
