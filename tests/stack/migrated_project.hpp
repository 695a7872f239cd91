#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "stack/database/migrations.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"

namespace bailey::test {

// What a project may do by its migrations, in the database that the program's tests share.
class MigratedProject : public testing::Test {
 protected:
  // What came back of a migration; "" when it was applied.
  std::string apply(const std::string& sql) {
    static int count = 0;
    folder.write("migrations/2040" + std::to_string(++count) + "_change.sql", sql);
    try {
      stack::apply_migrations(folder.project, as_postgres);
      return "";
    } catch (const Error& failure) {
      std::filesystem::remove(folder.project.migrations_folder() / ("2040" + std::to_string(count) + "_change.sql"));
      return failure.message();
    }
  }

  static bool is_installed(const std::string& name) {
    return !LiveStack::shared().sql("select from pg_available_extensions where name = '" + name + "'").empty();
  }
  static std::string value(const std::string& sql) { return LiveStack::shared().sql(sql).at(0).at(0).value_or("null"); }

  TemporaryProject folder;
  Secret as_postgres = LiveStack::shared().cluster().connection_string("postgres", stack::role_password);
};

}  // namespace bailey::test
